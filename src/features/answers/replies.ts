import type { Article } from './article.ts'
import { articleWords } from './article.ts'
import type { Card } from './cards.ts'
import type { OwnCard } from './village-cards.ts'

/** Longest answer before the quotation. Characters. */
const LONGEST = 200
const LONGEST_QUOTE = 400
/** Longest part of a question that is shown to remind of it. */
const LONGEST_SHOWN = 60

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

/** One question back, with the ways to understand what was asked. */
export function clarify(ways: readonly string[]): string {
  if (ways.length === 1) return `您是想问“${ways[0]}”吗？是的话回1，不是就说细一点。`
  return ['您想问的是哪一种？', ...ways.map((way, n) => `${n + 1}. ${way}`), '回个数字就行，都不是就说细一点。'].join(
    '\n',
  )
}

/** What a card of the village says, and who stands for it. */
export function ownCardAnswer({ answer, reviewer, reviewedOn }: OwnCard): string {
  const who = `依据：本村法律明白人的解答，${reviewer}${reviewedOn}审核`
  return [answer, who, `${GENERAL}${DEFAULT_CONTACT}。`].join('\n')
}

const HOTLINE = '急的话可以打12348法律援助热线（免费）。'
export function handedOver(toHelper: boolean): string {
  const whom = toHelper ? '村里的法律明白人' : '村里懂的人'
  return `这个我说不准，已请${whom}帮您问，有了答复就告诉您。${HOTLINE}`
}
export const alreadyAsked = `这个问题已经在请人帮您问了，有了答复就告诉您。${HOTLINE}`
export const enoughAsked = `您前面问的还有几件在等答复，等有了答复再问这件吧。${HOTLINE}`
export const nobodyKnows = `您问的这件事，村里没能问到准话，对不住。可以打12348法律援助热线（免费），或到镇司法所问。`

/** A question in private to somebody who knows. */
export function askHelper(question: string, isPrivate: boolean): string {
  const where = isPrivate ? '您的话会原样转给问的人' : '您的话会原样转到群里，请不要写别人的名字和号码'
  return `有村民问：“${clipped(question, LONGEST_QUOTE)}”\n请您回复这条消息来答，${where}。答不了就回“不清楚”，我再问别人。`
}
export function remindHelper(question: string): string {
  return `这个问题还在等您答：“${clipped(question, LONGEST_SHOWN)}”\n回复这条消息就行，答不了就回“不清楚”。`
}
export const askingAnother = '好的，我再问问别人。'
export const passedBack = '已经转给问的人了。这条答复要是以后用得上，回个“存”字，书记审核后就留作卡片。'
export const answeredBefore = '这个问题已经答复过了，没有再转。'
export const whichInquiry = '有几个问题都在等您答，请回复您要答的那一条。'
export const takenBack = '问的人把问题收回了，不用答了。'
export const putDifferently = (question: string) => `问的人把问题改成了：“${clipped(question, LONGEST_QUOTE)}”`

/** What a person who knows has answered, for the one who asked. */
export function helperAnswer(question: string, answer: string): string {
  return `您问的“${clipped(question, LONGEST_SHOWN)}”，法律明白人答复：\n${answer}`
}

export const nothingToKeep = '没有找到您刚答过的问题。请回复那条“已经转给问的人了”，再发“存”。'
export const keptBefore = '这一条已经留过了。'
export const namesSomebody = '这一条里有人名或号码，不能留作卡片。可以发“存”再空一格，后面写一句不带人名的问法。'
export const nobodyReviews = '现在没有人能审核，先不留。'
export const cardProposed = '已送书记审核，采用了告诉您。'
export function reviewCard(question: string, answer: string): string {
  return `法律明白人想把这条留作卡片，以后有人问就照这样答：\n问：${question}\n答：${answer}\n请回复这条消息“采用”或“不采用”。`
}
export const REVIEW_CHOICES = ['采用', '不采用'] as const
export const reviewDone = (adopted: boolean) => (adopted ? '好的，以后有人问就照这样答。' : '好的，不留。')
export const cardReviewed = (question: string, adopted: boolean) =>
  adopted
    ? `“${clipped(question, LONGEST_SHOWN)}”这条已经采用了，谢谢您。`
    : `“${clipped(question, LONGEST_SHOWN)}”这条没有采用。`
export const nothingToReview = '现在没有等您审核的卡片。'
export const whichCard = '有几张卡片在等审核，请回复您要定的那一张。'
export const reviewedBefore = '这张卡片已经定过了。'
export const notYoursToReview = '这要由书记来定，您不用管。'

/** To the worker and the secretary: somebody may be in danger. */
export function pleaseCall(name: string, words: string): string {
  return `请马上联系${name}，可能有危险。说的是：“${clipped(words, LONGEST_SHOWN)}”`
}
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
