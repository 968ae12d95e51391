-- AlterTable
ALTER TABLE "AuditEntry" ADD COLUMN "scheduleId" INTEGER;

-- CreateTable
CREATE TABLE "Schedule" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "no" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "theme" TEXT,
    "place" TEXT,
    "rule" JSONB,
    "leads" JSONB NOT NULL,
    "roomIds" JSONB NOT NULL,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "text" TEXT NOT NULL,
    "authorId" INTEGER NOT NULL,
    "inboxEventId" INTEGER,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "draftedAt" DATETIME NOT NULL,
    "confirmedAt" DATETIME,
    "confirmedById" INTEGER,
    "remindedUntil" DATETIME,
    "plannedUntil" DATETIME,
    "wakesAt" DATETIME,
    "updatedAt" DATETIME NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "Schedule_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Occurrence" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "scheduleId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "endsAt" DATETIME,
    "status" TEXT NOT NULL DEFAULT 'planned',
    "byHand" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "Occurrence_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "Schedule" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Reminder" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "occurrenceId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "lead" TEXT NOT NULL,
    "dueAt" DATETIME NOT NULL,
    "outcome" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "toldAt" DATETIME,
    CONSTRAINT "Reminder_occurrenceId_fkey" FOREIGN KEY ("occurrenceId") REFERENCES "Occurrence" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Acknowledgement" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "occurrenceId" INTEGER NOT NULL,
    "roomId" INTEGER,
    "personId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "Acknowledgement_occurrenceId_fkey" FOREIGN KEY ("occurrenceId") REFERENCES "Occurrence" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Schedule_villageId_status_idx" ON "Schedule"("villageId", "status");

-- CreateIndex
CREATE UNIQUE INDEX "Schedule_villageId_no_key" ON "Schedule"("villageId", "no");

-- CreateIndex
CREATE INDEX "Occurrence_villageId_status_at_idx" ON "Occurrence"("villageId", "status", "at");

-- CreateIndex
CREATE UNIQUE INDEX "Occurrence_scheduleId_at_key" ON "Occurrence"("scheduleId", "at");

-- CreateIndex
CREATE INDEX "Reminder_villageId_outcome_toldAt_idx" ON "Reminder"("villageId", "outcome", "toldAt");

-- CreateIndex
CREATE UNIQUE INDEX "Reminder_occurrenceId_roomId_lead_key" ON "Reminder"("occurrenceId", "roomId", "lead");

-- CreateIndex
CREATE UNIQUE INDEX "Acknowledgement_occurrenceId_personId_key" ON "Acknowledgement"("occurrenceId", "personId");

-- CreateIndex
CREATE INDEX "AuditEntry_scheduleId_id_idx" ON "AuditEntry"("scheduleId", "id");
