-- CreateTable
CREATE TABLE "LlmCall" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "roomId" INTEGER,
    "inboxEventId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "prompt" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "tokensIn" INTEGER NOT NULL DEFAULT 0,
    "tokensCached" INTEGER NOT NULL DEFAULT 0,
    "tokensOut" INTEGER NOT NULL DEFAULT 0,
    "milliseconds" INTEGER NOT NULL DEFAULT 0
);

-- CreateIndex
CREATE INDEX "LlmCall_at_idx" ON "LlmCall"("at");

-- CreateIndex
CREATE INDEX "LlmCall_villageId_personId_at_idx" ON "LlmCall"("villageId", "personId", "at");

-- CreateIndex
CREATE INDEX "LlmCall_villageId_roomId_at_idx" ON "LlmCall"("villageId", "roomId", "at");
