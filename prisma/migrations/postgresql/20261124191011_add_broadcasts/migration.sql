-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN     "subject" TEXT;

-- CreateTable
CREATE TABLE "Broadcast" (
    "id" SERIAL NOT NULL,
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
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "askedAgainAt" TIMESTAMP(3),
    "confirmedAt" TIMESTAMP(3),
    "confirmedById" INTEGER,
    "finishedAt" TIMESTAMP(3),
    "nudgedAt" TIMESTAMP(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Broadcast_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BroadcastDelivery" (
    "id" SERIAL NOT NULL,
    "broadcastId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "dueAt" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'planned',
    "key" TEXT,

    CONSTRAINT "BroadcastDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BroadcastReceipt" (
    "id" SERIAL NOT NULL,
    "broadcastId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "BroadcastReceipt_pkey" PRIMARY KEY ("id")
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

-- AddForeignKey
ALTER TABLE "BroadcastDelivery" ADD CONSTRAINT "BroadcastDelivery_broadcastId_fkey" FOREIGN KEY ("broadcastId") REFERENCES "Broadcast"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BroadcastReceipt" ADD CONSTRAINT "BroadcastReceipt_broadcastId_fkey" FOREIGN KEY ("broadcastId") REFERENCES "Broadcast"("id") ON DELETE CASCADE ON UPDATE CASCADE;
