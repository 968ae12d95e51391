-- CreateTable
CREATE TABLE "Label" (
    "id" SERIAL NOT NULL,
    "villageId" INTEGER NOT NULL,
    "ticketId" INTEGER NOT NULL,
    "stepEventId" INTEGER,
    "at" TIMESTAMP(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "category" TEXT,
    "urgency" TEXT,
    "place" TEXT,

    CONSTRAINT "Label_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Label_villageId_id_idx" ON "Label"("villageId", "id");

-- CreateIndex
CREATE INDEX "Label_ticketId_idx" ON "Label"("ticketId");
