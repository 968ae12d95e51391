-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Village" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "timezone" TEXT NOT NULL DEFAULT 'Asia/Shanghai',
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "nextTicketNo" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Village_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Grid" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Grid_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Group" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "gridId" INTEGER,
    "households" INTEGER,
    "residents" INTEGER,

    CONSTRAINT "Group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Place" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "group" TEXT,

    CONSTRAINT "Place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Person" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'villager',
    "gridId" INTEGER,
    "group" TEXT,
    "duty" BOOLEAN NOT NULL DEFAULT false,
    "listed" BOOLEAN NOT NULL DEFAULT false,
    "erasedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Identity" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,

    CONSTRAINT "Identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Room" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "gridId" INTEGER,
    "channel" TEXT,
    "conversation" TEXT,
    "boundAt" TIMESTAMP(3),

    CONSTRAINT "Room_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BindingCode" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "codeHash" TEXT NOT NULL,
    "roomId" INTEGER,
    "personId" INTEGER,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),

    CONSTRAINT "BindingCode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "InboxEvent" (
    "id" SERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "revision" TEXT NOT NULL DEFAULT '',
    "private" BOOLEAN NOT NULL,
    "senderId" TEXT,
    "senderName" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "addressed" BOOLEAN NOT NULL DEFAULT false,
    "quote" JSONB,
    "attachments" JSONB NOT NULL,
    "sentAt" TIMESTAMP(3) NOT NULL,
    "receivedAt" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'new',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "dueAt" TIMESTAMP(3),
    "villageId" INTEGER,
    "roomId" INTEGER,
    "personId" INTEGER,
    "understanding" JSONB,

    CONSTRAINT "InboxEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OutboxMessage" (
    "id" SERIAL NOT NULL,
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
    "ticketId" INTEGER,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "notBefore" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "sentAt" TIMESTAMP(3),
    "messageId" TEXT,

    CONSTRAINT "OutboxMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Ticket" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "no" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "urgency" TEXT NOT NULL,
    "place" TEXT,
    "placeKey" TEXT NOT NULL,
    "group" TEXT,
    "gridId" INTEGER,
    "sensitive" BOOLEAN NOT NULL DEFAULT false,
    "reporterId" INTEGER,
    "affected" TEXT,
    "contact" TEXT,
    "text" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "assigneeId" INTEGER,
    "accusedIds" JSONB NOT NULL,
    "result" TEXT,
    "mergedIntoId" INTEGER,
    "linkedToId" INTEGER,
    "roomId" INTEGER,
    "openedAt" TIMESTAMP(3) NOT NULL,
    "dueAt" TIMESTAMP(3),
    "confirmedAt" TIMESTAMP(3),
    "resolvedAt" TIMESTAMP(3),
    "closedAt" TIMESTAMP(3),
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Ticket_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TicketReporter" (
    "id" SERIAL NOT NULL,
    "ticketId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "addedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "TicketReporter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TicketSource" (
    "id" SERIAL NOT NULL,
    "ticketId" INTEGER NOT NULL,
    "inboxEventId" INTEGER NOT NULL,

    CONSTRAINT "TicketSource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TicketAttachment" (
    "id" SERIAL NOT NULL,
    "ticketId" INTEGER NOT NULL,
    "inboxEventId" INTEGER,
    "purpose" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "attachment" JSONB NOT NULL,
    "addedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "TicketAttachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Question" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "ticketId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "slot" TEXT NOT NULL,
    "askedAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "answeredAt" TIMESTAMP(3),

    CONSTRAINT "Question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Timer" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "villageId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "ticketId" INTEGER,
    "dueAt" TIMESTAMP(3) NOT NULL,
    "data" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "doneAt" TIMESTAMP(3),

    CONSTRAINT "Timer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "personId" INTEGER,
    "by" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "ticketId" INTEGER,
    "inboxEventId" INTEGER,
    "data" JSONB NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Village_name_key" ON "Village"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Grid_villageId_name_key" ON "Grid"("villageId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Group_villageId_name_key" ON "Group"("villageId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Place_villageId_name_key" ON "Place"("villageId", "name");

-- CreateIndex
CREATE INDEX "Person_villageId_role_idx" ON "Person"("villageId", "role");

-- CreateIndex
CREATE INDEX "Person_villageId_name_idx" ON "Person"("villageId", "name");

-- CreateIndex
CREATE INDEX "Identity_personId_idx" ON "Identity"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "Identity_channel_externalId_villageId_key" ON "Identity"("channel", "externalId", "villageId");

-- CreateIndex
CREATE UNIQUE INDEX "Room_villageId_key_key" ON "Room"("villageId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "Room_channel_conversation_key" ON "Room"("channel", "conversation");

-- CreateIndex
CREATE UNIQUE INDEX "BindingCode_codeHash_key" ON "BindingCode"("codeHash");

-- CreateIndex
CREATE INDEX "InboxEvent_state_id_idx" ON "InboxEvent"("state", "id");

-- CreateIndex
CREATE INDEX "InboxEvent_state_channel_conversation_senderId_idx" ON "InboxEvent"("state", "channel", "conversation", "senderId");

-- CreateIndex
CREATE INDEX "InboxEvent_channel_conversation_id_idx" ON "InboxEvent"("channel", "conversation", "id");

-- CreateIndex
CREATE INDEX "InboxEvent_villageId_personId_id_idx" ON "InboxEvent"("villageId", "personId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "InboxEvent_channel_conversation_messageId_type_revision_key" ON "InboxEvent"("channel", "conversation", "messageId", "type", "revision");

-- CreateIndex
CREATE UNIQUE INDEX "OutboxMessage_key_key" ON "OutboxMessage"("key");

-- CreateIndex
CREATE INDEX "OutboxMessage_channel_state_id_idx" ON "OutboxMessage"("channel", "state", "id");

-- CreateIndex
CREATE INDEX "OutboxMessage_channel_conversation_messageId_idx" ON "OutboxMessage"("channel", "conversation", "messageId");

-- CreateIndex
CREATE INDEX "OutboxMessage_ticketId_idx" ON "OutboxMessage"("ticketId");

-- CreateIndex
CREATE INDEX "Ticket_mergedIntoId_idx" ON "Ticket"("mergedIntoId");

-- CreateIndex
CREATE INDEX "Ticket_villageId_status_category_placeKey_idx" ON "Ticket"("villageId", "status", "category", "placeKey");

-- CreateIndex
CREATE INDEX "Ticket_villageId_reporterId_status_idx" ON "Ticket"("villageId", "reporterId", "status");

-- CreateIndex
CREATE INDEX "Ticket_villageId_updatedAt_idx" ON "Ticket"("villageId", "updatedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Ticket_villageId_no_key" ON "Ticket"("villageId", "no");

-- CreateIndex
CREATE INDEX "TicketReporter_personId_idx" ON "TicketReporter"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "TicketReporter_ticketId_personId_key" ON "TicketReporter"("ticketId", "personId");

-- CreateIndex
CREATE INDEX "TicketSource_inboxEventId_idx" ON "TicketSource"("inboxEventId");

-- CreateIndex
CREATE UNIQUE INDEX "TicketSource_ticketId_inboxEventId_key" ON "TicketSource"("ticketId", "inboxEventId");

-- CreateIndex
CREATE INDEX "TicketAttachment_ticketId_idx" ON "TicketAttachment"("ticketId");

-- CreateIndex
CREATE INDEX "Question_personId_answeredAt_idx" ON "Question"("personId", "answeredAt");

-- CreateIndex
CREATE INDEX "Question_ticketId_idx" ON "Question"("ticketId");

-- CreateIndex
CREATE UNIQUE INDEX "Timer_key_key" ON "Timer"("key");

-- CreateIndex
CREATE INDEX "Timer_state_dueAt_idx" ON "Timer"("state", "dueAt");

-- CreateIndex
CREATE INDEX "Timer_ticketId_idx" ON "Timer"("ticketId");

-- CreateIndex
CREATE INDEX "AuditEntry_ticketId_id_idx" ON "AuditEntry"("ticketId", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_villageId_at_idx" ON "AuditEntry"("villageId", "at");

-- AddForeignKey
ALTER TABLE "Grid" ADD CONSTRAINT "Grid_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Group" ADD CONSTRAINT "Group_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Place" ADD CONSTRAINT "Place_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Person" ADD CONSTRAINT "Person_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Identity" ADD CONSTRAINT "Identity_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Room" ADD CONSTRAINT "Room_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Ticket" ADD CONSTRAINT "Ticket_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TicketReporter" ADD CONSTRAINT "TicketReporter_ticketId_fkey" FOREIGN KEY ("ticketId") REFERENCES "Ticket"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TicketSource" ADD CONSTRAINT "TicketSource_ticketId_fkey" FOREIGN KEY ("ticketId") REFERENCES "Ticket"("id") ON DELETE CASCADE ON UPDATE CASCADE;
