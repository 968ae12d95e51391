-- AlterTable
ALTER TABLE "Village" ADD COLUMN "dutyRemindersOffAt" DATETIME;

-- CreateTable
CREATE TABLE "PartyBranch" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "members" INTEGER,
    "secretaryId" INTEGER,
    CONSTRAINT "PartyBranch_villageId_fkey" FOREIGN KEY ("villageId") REFERENCES "Village" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PartyGroup" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "branchId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "members" INTEGER,
    "leaderId" INTEGER,
    CONSTRAINT "PartyGroup_branchId_fkey" FOREIGN KEY ("branchId") REFERENCES "PartyBranch" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Meeting" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "partyGroup" TEXT NOT NULL DEFAULT '',
    "day" TEXT NOT NULL,
    "attendance" INTEGER,
    "absent" INTEGER,
    "theme" TEXT,
    "content" TEXT NOT NULL,
    "chair" TEXT NOT NULL,
    "enteredAt" DATETIME NOT NULL,
    "personId" INTEGER,
    "by" TEXT NOT NULL,
    "inboxEventId" INTEGER,
    "updatedAt" DATETIME NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "MeetingPhoto" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "meetingId" INTEGER NOT NULL,
    "inboxEventId" INTEGER,
    "channel" TEXT NOT NULL,
    "attachment" JSONB NOT NULL,
    "addedAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "PartyBranch_villageId_name_key" ON "PartyBranch"("villageId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "PartyGroup_villageId_name_key" ON "PartyGroup"("villageId", "name");

-- CreateIndex
CREATE INDEX "Meeting_villageId_day_idx" ON "Meeting"("villageId", "day");

-- CreateIndex
CREATE UNIQUE INDEX "Meeting_villageId_kind_branch_partyGroup_day_key" ON "Meeting"("villageId", "kind", "branch", "partyGroup", "day");

-- CreateIndex
CREATE INDEX "MeetingPhoto_meetingId_idx" ON "MeetingPhoto"("meetingId");
