-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN     "replaces" TEXT;

-- CreateTable
CREATE TABLE "Campaign" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "place" TEXT,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "signUp" BOOLEAN NOT NULL,
    "leadMinutes" JSONB NOT NULL,
    "roomIds" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "calledAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),
    "result" TEXT,
    "people" INTEGER,
    "loads" INTEGER,
    "places" INTEGER,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CampaignCall" (
    "id" SERIAL NOT NULL,
    "campaignId" INTEGER NOT NULL,
    "roomId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "listedAt" TIMESTAMP(3) NOT NULL,
    "listDueAt" TIMESTAMP(3),

    CONSTRAINT "CampaignCall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CampaignParticipant" (
    "id" SERIAL NOT NULL,
    "campaignId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "roomId" INTEGER,
    "count" INTEGER NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "CampaignParticipant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CampaignPhoto" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "campaignId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "stage" TEXT NOT NULL,
    "official" BOOLEAN NOT NULL,
    "attachment" JSONB NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "CampaignPhoto_pkey" PRIMARY KEY ("id")
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

-- AddForeignKey
ALTER TABLE "CampaignCall" ADD CONSTRAINT "CampaignCall_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES "Campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CampaignParticipant" ADD CONSTRAINT "CampaignParticipant_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES "Campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CampaignPhoto" ADD CONSTRAINT "CampaignPhoto_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES "Campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
