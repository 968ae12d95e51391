-- CreateTable
CREATE TABLE "Connection" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "channel" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "since" DATETIME NOT NULL,
    "seenAt" DATETIME NOT NULL,
    "troubledSince" DATETIME,
    "toldAt" DATETIME
);

-- CreateIndex
CREATE UNIQUE INDEX "Connection_channel_key" ON "Connection"("channel");
