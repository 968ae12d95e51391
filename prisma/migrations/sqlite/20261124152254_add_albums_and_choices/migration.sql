-- AlterTable
ALTER TABLE "InboxEvent" ADD COLUMN "album" TEXT;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_OutboxMessage" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "villageId" INTEGER,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "replyTo" TEXT,
    "mentions" JSONB NOT NULL,
    "attachments" JSONB NOT NULL,
    "about" JSONB NOT NULL,
    "choices" JSONB,
    "ticketId" INTEGER,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "crashes" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "notBefore" DATETIME NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "sentAt" DATETIME,
    "messageId" TEXT
);
INSERT INTO "new_OutboxMessage" ("about", "attachments", "attempts", "channel", "conversation", "createdAt", "error", "id", "key", "kind", "mentions", "messageId", "notBefore", "private", "replyTo", "sentAt", "state", "text", "ticketId", "villageId") SELECT "about", "attachments", "attempts", "channel", "conversation", "createdAt", "error", "id", "key", "kind", "mentions", "messageId", "notBefore", "private", "replyTo", "sentAt", "state", "text", "ticketId", "villageId" FROM "OutboxMessage";
DROP TABLE "OutboxMessage";
ALTER TABLE "new_OutboxMessage" RENAME TO "OutboxMessage";
CREATE UNIQUE INDEX "OutboxMessage_key_key" ON "OutboxMessage"("key");
CREATE INDEX "OutboxMessage_channel_state_id_idx" ON "OutboxMessage"("channel", "state", "id");
CREATE INDEX "OutboxMessage_channel_conversation_messageId_idx" ON "OutboxMessage"("channel", "conversation", "messageId");
CREATE INDEX "OutboxMessage_ticketId_idx" ON "OutboxMessage"("ticketId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
