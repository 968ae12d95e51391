import { type Article, articleKey } from '../features/answers/article.ts'
import { shippedCards } from '../features/answers/cards.ts'
import { faultsOf } from '../features/answers/check-cards.ts'
import { filesOf, readCorpus, readCorpusFile } from '../features/answers/corpus-files.ts'
import { importedArticles, keepArticles } from '../features/answers/corpus-store.ts'
import { CommandError, type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `import PATH… | list | check [--corpus PATH] | remove LAW
  import PATH…   reads statutes, policies and village rules: Markdown, text, .docx, JSON Lines
  list           what is kept: law, version, articles
  check          whether every card rests on articles that are there and say its numbers
  remove LAW     forgets a law with all its versions`

/** Looks after the corpus that questions of law are answered from. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, { options: { corpus: { type: 'string' } }, allowPositionals: true })
  const [action, ...paths] = positionals
  if (action === 'import' && paths.length > 0) return importFiles(paths, io)
  if (action === 'list' && paths.length === 0) return list(io)
  if (action === 'check' && paths.length === 0)
    return check(typeof values.corpus === 'string' ? values.corpus : null, io)
  if (action === 'remove' && paths.length === 1) return remove(paths[0] ?? '', io)
  throw new UsageError('say import PATH…, list, check or remove LAW')
}

async function importFiles(paths: readonly string[], io: Io): Promise<number> {
  const files: string[] = []
  for (const path of paths) {
    files.push(
      ...(await filesOf(path).catch(() => {
        throw new CommandError(`${path} cannot be read`)
      })),
    )
  }
  await withDatabase(io, async (database) => {
    const laws = new Set<string>()
    let total = 0
    let troubled = 0
    for (const [index, file] of files.entries()) {
      const { articles, problems } = await readCorpusFile(file).catch((error: unknown) => ({
        articles: [],
        problems: [`${file} cannot be read: ${error instanceof Error ? error.message.slice(0, 100) : ''}`],
      }))
      await database.transaction((tx) => keepArticles(tx, articles))
      total += articles.length
      troubled += problems.length
      for (const { law } of articles) laws.add(law)
      tellProgress(io, index + 1, files.length, `${file}: ${articles.length} articles`)
      for (const problem of problems.slice(0, 10)) print(io.stderr, `  not understood: ${problem}`)
      if (problems.length > 10) print(io.stderr, `  and ${problems.length - 10} more`)
    }
    print(io.stdout, `${total} articles of ${laws.size} documents kept, ${troubled} problems`)
  })
  return 0
}

const BAR = 24

/** A bar that is drawn over itself on a terminal, a line for each file elsewhere. */
function tellProgress(io: Io, done: number, of: number, what: string): void {
  if (!(io.stderr as { isTTY?: boolean }).isTTY) return print(io.stderr, `[${done}/${of}] ${what}`)
  const full = Math.round((BAR * done) / of)
  io.stderr.write(`\r\u001b[K[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${done}/${of}${done === of ? '\n' : ''}`)
}

async function list(io: Io): Promise<number> {
  await withDatabase(io, async ({ db }) => {
    const groups = await db.article.groupBy({
      by: ['law', 'effectiveFrom', 'effectiveUntil', 'scope'],
      _count: true,
      orderBy: [{ law: 'asc' }, { effectiveFrom: 'asc' }],
    })
    for (const { law, effectiveFrom, effectiveUntil, scope, _count } of groups) {
      print(io.stdout, [law, effectiveFrom || '-', effectiveUntil || '-', scope, String(_count)].join('\t'))
    }
  })
  return 0
}

async function check(corpus: string | null, io: Io): Promise<number> {
  let articles: Article[] = []
  if (corpus === null) await withDatabase(io, async ({ db }) => void (articles = await importedArticles(db)))
  else articles = (await readCorpus(corpus)).articles
  const byKey = new Map(articles.map((article) => [articleKey(article), article]))
  const cards = shippedCards()
  const faults = cards.flatMap((card) => faultsOf(card, byKey))
  for (const fault of faults) print(io.stdout, fault)
  print(io.stdout, `${cards.length} cards, ${articles.length} articles, ${faults.length} faults`)
  return faults.length === 0 ? 0 : 1
}

async function remove(law: string, io: Io): Promise<number> {
  await withDatabase(io, async ({ db }) => {
    const { count } = await db.article.deleteMany({ where: { law } })
    if (count === 0) throw new CommandError(`no law is called ${law}: xiaoge laws list tells which there are`)
    print(io.stdout, `${count} articles removed`)
  })
  return 0
}
