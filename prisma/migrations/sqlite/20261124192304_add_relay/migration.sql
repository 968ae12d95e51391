-- AlterTable
ALTER TABLE "InboxEvent" ADD COLUMN "forwarded" JSONB;
ALTER TABLE "InboxEvent" ADD COLUMN "relayedById" INTEGER;

-- CreateIndex
CREATE INDEX "InboxEvent_relayedById_idx" ON "InboxEvent"("relayedById");
