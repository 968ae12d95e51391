-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN "subject" TEXT;

-- CreateTable
CREATE TABLE "Broadcast" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "attachments" JSONB NOT NULL,
    "roomIds" JSONB NOT NULL,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "askedAgainAt" DATETIME,
    "confirmedAt" DATETIME,
    "confirmedById" INTEGER,
    "finishedAt" DATETIME,
    "nudgedAt" DATETIME,
    "version" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "BroadcastDelivery" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "broadcastId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "dueAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'planned',
    "key" TEXT,
    CONSTRAINT "BroadcastDelivery_broadcastId_fkey" FOREIGN KEY ("broadcastId") REFERENCES "Broadcast" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BroadcastReceipt" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "broadcastId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "BroadcastReceipt_broadcastId_fkey" FOREIGN KEY ("broadcastId") REFERENCES "Broadcast" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Broadcast_villageId_confirmedAt_idx" ON "Broadcast"("villageId", "confirmedAt");

-- CreateIndex
CREATE INDEX "Broadcast_personId_id_idx" ON "Broadcast"("personId", "id");

-- CreateIndex
CREATE INDEX "BroadcastDelivery_roomId_dueAt_idx" ON "BroadcastDelivery"("roomId", "dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "BroadcastDelivery_broadcastId_roomId_key" ON "BroadcastDelivery"("broadcastId", "roomId");

-- CreateIndex
CREATE INDEX "BroadcastReceipt_personId_idx" ON "BroadcastReceipt"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "BroadcastReceipt_broadcastId_personId_key" ON "BroadcastReceipt"("broadcastId", "personId");

-- CreateIndex
CREATE INDEX "OutboxMessage_subject_idx" ON "OutboxMessage"("subject");
