-- CreateTable
CREATE TABLE "Article" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "law" TEXT NOT NULL,
    "num" TEXT NOT NULL,
    "section" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "effectiveFrom" TEXT NOT NULL,
    "effectiveUntil" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "scope" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "Article_law_num_effectiveFrom_key" ON "Article"("law", "num", "effectiveFrom");
