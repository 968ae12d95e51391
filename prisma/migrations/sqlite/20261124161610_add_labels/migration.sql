-- CreateTable
CREATE TABLE "Label" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "ticketId" INTEGER NOT NULL,
    "stepEventId" INTEGER,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "category" TEXT,
    "urgency" TEXT,
    "place" TEXT
);

-- CreateIndex
CREATE INDEX "Label_villageId_id_idx" ON "Label"("villageId", "id");

-- CreateIndex
CREATE INDEX "Label_ticketId_idx" ON "Label"("ticketId");
