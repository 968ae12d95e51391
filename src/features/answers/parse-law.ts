import { readNumeral } from '../../numerals.ts'
import { type Article, shortTitle } from './article.ts'

/** What was read from one file, and what was not understood in it. */
export interface Parsed {
  articles: Article[]
  problems: string[]
}

const NUMERAL = /[零〇一二三四五六七八九十百千两\d０-９]+/.source
/** Only at the start of a line: 依照第十条的规定 inside a sentence is no heading. */
const ARTICLE = new RegExp(`^\\**第(${NUMERAL})条(?:之(${NUMERAL}))?\\**(?:[\\s　：:、]*)(.*)$`)
const SECTION = new RegExp(`^#*\\s*\\**(第${NUMERAL}(编|分编|章|节))\\**[\\s　]*(.*?)\\**$`)
const TITLE = /^#\s+(?!#)(.+)$/
const IN_FORCE =
  /(?:施行日期|生效日期|自)\s*[：:]?\s*(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})\s*日?\s*(?:起施行|起实施|生效)?/
const UNTIL = /(?:失效日期|废止日期)\s*[：:]\s*(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})/
const SCOPE = /^适用范围\s*[：:]\s*(.+)$/
const LEVELS = ['编', '分编', '章', '节']

function dateOf(match: RegExpExecArray | null): string | null {
  if (!match) return null
  const [, year = '', month = '', day = ''] = match
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

interface Document {
  law: string
  effectiveFrom: string | null
  effectiveUntil: string | null
  scope: string
  section: { level: number; words: string }[]
  articles: Article[]
}

/**
 * Reads a law from Markdown or plain text: titles (`# …`, or the first line), 编章节, articles at line starts with their
 * paragraphs and items. A table of contents falls away because an article replaces the headings before it. A file may hold
 * several documents, each under its own title. `fallback` names a text without a title.
 */
export function parseLaw(text: string, { source, fallback }: { source: string; fallback: string }): Parsed {
  const problems: string[] = []
  const articles: Article[] = []
  let document = emptyDocument(fallback)
  let current: Article | null = null
  let untold = 0

  function finish(): void {
    if (document.articles.length === 0 && untold > 3) problems.push(`${source}: no article under “${document.law}”`)
    articles.push(
      ...document.articles.map((article) => ({
        ...article,
        effectiveFrom: document.effectiveFrom,
        effectiveUntil: document.effectiveUntil,
        scope: document.scope,
        text: article.text.trim(),
      })),
    )
    untold = 0
  }

  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.replace(/^[\s　]+|[\s　]+$/g, '')
    if (line === '') continue
    const title = TITLE.exec(line)
    const heading = SECTION.exec(line)
    const article = ARTICLE.exec(line.replace(/^#+\s*/, ''))
    if (title && !heading) {
      finish()
      document = emptyDocument(shortTitle(title[1] ?? fallback))
      current = null
    } else if (index === 0 && !article && !heading && line.length <= 40) {
      document = emptyDocument(shortTitle(line))
    } else if (heading && (heading[3] ?? '').length <= 40) {
      const level = LEVELS.indexOf(heading[2] ?? '章')
      document.section = [
        ...document.section.filter((above) => above.level < level),
        { level, words: `${heading[1]} ${heading[3]}`.trim() },
      ]
      current = null
    } else if (article) {
      current = startArticle(document, article, source, problems)
    } else if (current) {
      current.text += `${current.text === '' ? '' : '\n'}${line.replace(/^[-*]\s+/, '')}`
    } else {
      untold += 1
      const scope = SCOPE.exec(line)
      if (scope?.[1]) document.scope = scope[1]
    }
    // The history under a title names many days; the last one is that of the newest version.
    if (!current) {
      document.effectiveFrom = dateOf(IN_FORCE.exec(line)) ?? document.effectiveFrom
      document.effectiveUntil = dateOf(UNTIL.exec(line)) ?? document.effectiveUntil
    }
  }
  finish()
  return { articles: articles.filter((article) => article.text !== ''), problems }
}

function emptyDocument(law: string): Document {
  return { law, effectiveFrom: null, effectiveUntil: null, scope: 'nation', section: [], articles: [] }
}

function startArticle(document: Document, match: RegExpExecArray, source: string, problems: string[]): Article | null {
  const main = readNumeral(match[1] ?? '')
  const after = match[2] === undefined ? undefined : readNumeral(match[2])
  if (main === null || after === null) {
    problems.push(`${source}: the number of “${match[0].slice(0, 20)}” could not be read`)
    return null
  }
  const num = after === undefined ? String(main) : `${main}-${after}`
  const known = document.articles.find((article) => article.num === num)
  if (known) {
    // The table of contents of some files lists articles too: the one with words counts.
    if (known.text !== '' && (match[3] ?? '') !== '' && known.text !== match[3])
      problems.push(`${source}: ${document.law} has two articles ${num}; the later one was kept`)
    known.text = match[3] ?? ''
    return known
  }
  const article: Article = {
    law: document.law,
    num,
    section: document.section.map(({ words }) => words).join(' '),
    text: match[3] ?? '',
    effectiveFrom: null,
    effectiveUntil: null,
    source,
    scope: document.scope,
  }
  document.articles.push(article)
  return article
}
