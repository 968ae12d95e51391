-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN "replaces" TEXT;

-- CreateTable
CREATE TABLE "Campaign" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "place" TEXT,
    "startsAt" DATETIME NOT NULL,
    "signUp" BOOLEAN NOT NULL,
    "leadMinutes" JSONB NOT NULL,
    "roomIds" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "calledAt" DATETIME,
    "finishedAt" DATETIME,
    "result" TEXT,
    "people" INTEGER,
    "loads" INTEGER,
    "places" INTEGER,
    "version" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "CampaignCall" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "campaignId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "listedAt" DATETIME NOT NULL,
    "listDueAt" DATETIME,
    CONSTRAINT "CampaignCall_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES "Campaign" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CampaignParticipant" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "campaignId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "roomId" INTEGER,
    "count" INTEGER NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "CampaignParticipant_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES "Campaign" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CampaignPhoto" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "campaignId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "stage" TEXT NOT NULL,
    "official" BOOLEAN NOT NULL,
    "attachment" JSONB NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "CampaignPhoto_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES "Campaign" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Campaign_villageId_state_idx" ON "Campaign"("villageId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "CampaignCall_campaignId_roomId_key" ON "CampaignCall"("campaignId", "roomId");

-- CreateIndex
CREATE INDEX "CampaignParticipant_personId_idx" ON "CampaignParticipant"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "CampaignParticipant_campaignId_personId_key" ON "CampaignParticipant"("campaignId", "personId");

-- CreateIndex
CREATE INDEX "CampaignPhoto_campaignId_idx" ON "CampaignPhoto"("campaignId");
