-- AlterTable
ALTER TABLE "InboxEvent" ADD COLUMN     "forwarded" JSONB,
ADD COLUMN     "relayedById" INTEGER;

-- CreateIndex
CREATE INDEX "InboxEvent_relayedById_idx" ON "InboxEvent"("relayedById");
