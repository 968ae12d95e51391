import type { Article } from './article.ts'
import { articleWords } from './article.ts'
import type { Card } from './cards.ts'

/** Longest answer before the quotation. Characters. */
const LONGEST = 200
const LONGEST_QUOTE = 400

const GENERAL = '这是一般性解答，具体情况请咨询'
const DEFAULT_CONTACT = '村里的法律明白人或12348法律援助'

const clipped = (text: string, length: number) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`)

/** 《民法典》第一千零四十二条（2021-01-01起施行）. */
function citation(article: Pick<Article, 'law' | 'num' | 'effectiveFrom'>): string {
  const since = article.effectiveFrom ? `（${article.effectiveFrom}起施行）` : ''
  return `《${article.law}》${articleWords(article.num)}${since}`
}

/** A card's plain sentences with the articles they rest on and, where the corpus has its words, the first one quoted. */
export function cardAnswer(
  card: Card,
  cited: readonly Pick<Article, 'law' | 'num' | 'effectiveFrom'>[],
  quoted: Article | null,
): string {
  const exception = card.exception === '' ? '' : `${card.exception}`
  const words = clipped(card.answer, LONGEST)
  const more = words.length + exception.length <= LONGEST ? exception : ''
  const basis = `依据：${cited.map(citation).join('、')}`
  const quote = quoted ? [`${citation(quoted)}：“${clipped(quoted.text, LONGEST_QUOTE)}”`] : []
  return [`${words}${more}`, basis, ...quote, `${GENERAL}${card.contact || DEFAULT_CONTACT}。`].join('\n')
}

/** The article itself, for what no card answers. */
export function articleAnswer(article: Article, named: boolean): string {
  const lead = named ? '原文是这样的：' : '这个问题，法律里最相关的是这一条：'
  return [
    lead,
    `${citation(article)}：“${clipped(article.text, LONGEST_QUOTE)}”`,
    `${GENERAL}${DEFAULT_CONTACT}。`,
  ].join('\n')
}

/** Plain sentences with the words they rest on, article by article. */
export function wordedAnswer(sentences: readonly { text: string; article: Article; quote: string }[]): string {
  const ended = (text: string) => (/[。！？]$/.test(text) ? text : `${text}。`)
  const quotes = sentences.map(({ article, quote }) => `${citation(article)}：“${quote}”`)
  return [sentences.map(({ text }) => ended(text)).join(''), ...new Set(quotes), `${GENERAL}${DEFAULT_CONTACT}。`].join(
    '\n',
  )
}

export function noSuchArticle(law: string, num: string): string {
  return `我这里的《${law}》没有${articleWords(num)}，请再看看是第几条。`
}

export const handover = '这个我没有把握，不敢乱说。请村里的法律明白人来答，急的话可以打12348法律援助热线（免费）。'
export const clarify = (about: string) => `您是想问“${about}”吗？说细一点，我再找找。`
export const UNSAFE: Record<string, string> = {
  'other people': '别人的个人信息我不能查、不能说。自己的事我可以帮您问。',
  evasion: '这个忙我不能帮，做了要担责任。正当的办法，可以问村里的法律明白人或打12348。',
  judgement: '谁对谁错我不评判。有事可以找村人民调解委员会，或打12348。',
  politics: '这个我不谈。村里的事、办事和法律上的事可以问我。',
}
export const DANGER: Record<string, string> = {
  violence:
    '有人正在受伤害，先保护自己，马上打110；有人受伤打120。家里打人，也可以打12338妇女热线。已经请村里的人来联系您。',
  despair: '您的话我很在意。请先别一个人待着，可以打12356心理援助热线，急的打110、120。已经请村里的人来联系您。',
}
