import type { Db } from '../../db/database.ts'
import type { Article } from './article.ts'

const TOGETHER = 200

/** Keeps articles; one that is known in the same version is replaced, so that the same file may be read again. */
export async function keepArticles(db: Db, articles: readonly Article[]): Promise<void> {
  for (let from = 0; from < articles.length; from += TOGETHER) {
    const rows = new Map(
      articles
        .slice(from, from + TOGETHER)
        .map((article) => ({
          ...article,
          effectiveFrom: article.effectiveFrom ?? '',
          effectiveUntil: article.effectiveUntil ?? '',
        }))
        .map((row) => [`${row.law}|${row.num}|${row.effectiveFrom}`, row]),
    )
    const data = [...rows.values()]
    await db.article.deleteMany({
      where: { OR: data.map(({ law, num, effectiveFrom }) => ({ law, num, effectiveFrom })) },
    })
    await db.article.createMany({ data })
  }
}

/** Everything that was imported, in the order of import. */
export async function importedArticles(db: Db): Promise<Article[]> {
  const rows = await db.article.findMany({ orderBy: { id: 'asc' } })
  return rows.map(({ id: _, effectiveFrom, effectiveUntil, ...article }) => ({
    ...article,
    effectiveFrom: effectiveFrom || null,
    effectiveUntil: effectiveUntil || null,
  }))
}

/** What changes whenever something is imported or removed. */
export async function corpusMark(db: Db): Promise<string> {
  const { _max, _count } = await db.article.aggregate({ _max: { id: true }, _count: true })
  return `${_max.id ?? 0}:${_count}`
}
