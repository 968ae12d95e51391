import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Article, shortTitle } from './article.ts'
import { type Parsed, parseLaw } from './parse-law.ts'

const Row = z.object({
  law: z.string().min(1),
  num: z.string().min(1),
  article: z.string().optional(),
  section: z.string().nullish(),
  text: z.string().min(1),
  effectiveFrom: z.string().nullish(),
  effectiveUntil: z.string().nullish(),
  source: z.string().nullish(),
  scope: z.string().nullish(),
})

const Law = z.object({ law: z.string(), effectiveFrom: z.string() })
let dates: Map<string, string> | null = null

/** First days of the versions that are in force, for files that do not say. */
async function knownDates(): Promise<Map<string, string>> {
  dates ??= new Map(
    (await readFile(new URL('./corpus/laws.jsonl', import.meta.url), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Law.parse(JSON.parse(line)))
      .map(({ law, effectiveFrom }) => [law, effectiveFrom]),
  )
  return dates
}

const EXTENSIONS = new Set(['.md', '.markdown', '.txt', '.docx', '.jsonl'])

/** The files to be read of a path: itself, or all of a folder, sorted. Throws where there is none. */
export async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Reads one file of articles: Markdown, text, Word or JSON Lines. What was not understood is told, never thrown. */
export async function readCorpusFile(path: string): Promise<Parsed> {
  const source = basename(path)
  const extension = extname(path).toLowerCase()
  if (!EXTENSIONS.has(extension))
    return { articles: [], problems: [`${source}: files ending in ${extension || 'nothing'} are not read`] }
  const fallback = shortTitle(basename(path, extname(path)))
  let parsed: Parsed
  if (extension === '.jsonl') parsed = parseRows(await readFile(path, 'utf8'), source)
  else if (extension === '.docx') {
    const { default: mammoth } = await import('mammoth')
    const { value } = await mammoth.extractRawText({ path })
    parsed = parseLaw(value, { source, fallback })
  } else parsed = parseLaw(await readFile(path, 'utf8'), { source, fallback })
  const known = await knownDates()
  const articles = parsed.articles.map((article) => ({
    ...article,
    effectiveFrom: article.effectiveFrom ?? known.get(article.law) ?? null,
  }))
  if (articles.length === 0 && parsed.problems.length === 0)
    parsed.problems.push(`${source}: no article was found in it`)
  return { articles, problems: parsed.problems }
}

function parseRows(text: string, source: string): Parsed {
  const articles: Article[] = []
  const problems: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    let row: unknown
    try {
      row = JSON.parse(line)
    } catch {
      problems.push(`${source}:${index + 1}: not valid JSON`)
      continue
    }
    const parsed = Row.safeParse(row)
    if (!parsed.success) {
      problems.push(
        `${source}:${index + 1}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`,
      )
      continue
    }
    const { law, num, section, text: words, effectiveFrom, effectiveUntil, source: from, scope } = parsed.data
    articles.push({
      law: shortTitle(law),
      num,
      section: section ?? '',
      text: words,
      effectiveFrom: effectiveFrom ?? null,
      effectiveUntil: effectiveUntil ?? null,
      source: from ?? source,
      scope: scope ?? 'nation',
    })
  }
  return { articles, problems }
}

/** All articles of a file or folder, for questions about just that corpus. */
export async function readCorpus(path: string): Promise<Parsed> {
  const parts = await Promise.all((await filesOf(path)).map(readCorpusFile))
  return { articles: parts.flatMap((part) => part.articles), problems: parts.flatMap((part) => part.problems) }
}

/** The village rules that come with the program, as an example. */
export async function shippedRules(): Promise<Article[]> {
  return (await readCorpus(fileURLToPath(new URL('./corpus/rules/', import.meta.url)))).articles
}
