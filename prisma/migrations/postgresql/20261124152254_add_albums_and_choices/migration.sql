-- AlterTable
ALTER TABLE "InboxEvent" ADD COLUMN     "album" TEXT;

-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN     "choices" JSONB,
ADD COLUMN     "crashes" INTEGER NOT NULL DEFAULT 0;
