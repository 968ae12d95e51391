-- CreateTable
CREATE TABLE "Article" (
    "id" SERIAL NOT NULL,
    "law" TEXT NOT NULL,
    "num" TEXT NOT NULL,
    "section" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "effectiveFrom" TEXT NOT NULL,
    "effectiveUntil" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "scope" TEXT NOT NULL,

    CONSTRAINT "Article_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Article_law_num_effectiveFrom_key" ON "Article"("law", "num", "effectiveFrom");
