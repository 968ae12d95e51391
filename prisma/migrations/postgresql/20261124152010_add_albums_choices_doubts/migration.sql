-- AlterTable
ALTER TABLE "InboxEvent" ADD COLUMN     "album" TEXT;

-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN     "choices" JSONB,
ADD COLUMN     "doubts" INTEGER NOT NULL DEFAULT 0;
