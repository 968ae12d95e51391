-- AlterTable
ALTER TABLE "AuditEntry" ADD COLUMN     "scheduleId" INTEGER;

-- CreateTable
CREATE TABLE "Schedule" (
    "id" SERIAL NOT NULL,
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
    "draftedAt" TIMESTAMP(3) NOT NULL,
    "confirmedAt" TIMESTAMP(3),
    "confirmedById" INTEGER,
    "remindedUntil" TIMESTAMP(3),
    "plannedUntil" TIMESTAMP(3),
    "wakesAt" TIMESTAMP(3),
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Occurrence" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "scheduleId" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3),
    "status" TEXT NOT NULL DEFAULT 'planned',
    "byHand" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Occurrence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Reminder" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "occurrenceId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "lead" TEXT NOT NULL,
    "dueAt" TIMESTAMP(3) NOT NULL,
    "outcome" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "toldAt" TIMESTAMP(3),

    CONSTRAINT "Reminder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Acknowledgement" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "occurrenceId" INTEGER NOT NULL,
    "roomId" INTEGER,
    "personId" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Acknowledgement_pkey" PRIMARY KEY ("id")
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

-- AddForeignKey
ALTER TABLE "Schedule" ADD CONSTRAINT "Schedule_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Occurrence" ADD CONSTRAINT "Occurrence_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "Schedule"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reminder" ADD CONSTRAINT "Reminder_occurrenceId_fkey" FOREIGN KEY ("occurrenceId") REFERENCES "Occurrence"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Acknowledgement" ADD CONSTRAINT "Acknowledgement_occurrenceId_fkey" FOREIGN KEY ("occurrenceId") REFERENCES "Occurrence"("id") ON DELETE CASCADE ON UPDATE CASCADE;
