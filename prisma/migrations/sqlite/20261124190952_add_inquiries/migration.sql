-- CreateTable
CREATE TABLE "Inquiry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "askerId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "messageId" TEXT NOT NULL,
    "inboxEventId" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "offered" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "askedAt" DATETIME NOT NULL,
    "answer" TEXT,
    "answeredById" INTEGER,
    "answeredAt" DATETIME
);

-- CreateTable
CREATE TABLE "InquiryTurn" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "inquiryId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "askedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "VillageCard" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "villageId" INTEGER NOT NULL,
    "inquiryId" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "authorId" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "reviewerId" INTEGER,
    "reviewer" TEXT,
    "createdAt" DATETIME NOT NULL,
    "reviewedAt" DATETIME
);

-- CreateIndex
CREATE INDEX "Inquiry_villageId_status_idx" ON "Inquiry"("villageId", "status");

-- CreateIndex
CREATE INDEX "Inquiry_villageId_askedAt_idx" ON "Inquiry"("villageId", "askedAt");

-- CreateIndex
CREATE INDEX "Inquiry_askerId_status_idx" ON "Inquiry"("askerId", "status");

-- CreateIndex
CREATE INDEX "Inquiry_channel_conversation_messageId_idx" ON "Inquiry"("channel", "conversation", "messageId");

-- CreateIndex
CREATE INDEX "InquiryTurn_villageId_personId_idx" ON "InquiryTurn"("villageId", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "InquiryTurn_inquiryId_personId_key" ON "InquiryTurn"("inquiryId", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "VillageCard_inquiryId_key" ON "VillageCard"("inquiryId");

-- CreateIndex
CREATE INDEX "VillageCard_villageId_status_idx" ON "VillageCard"("villageId", "status");
