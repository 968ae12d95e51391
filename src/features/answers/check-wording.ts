import { readNumeral } from '../../numerals.ts'
import { type Article } from './article.ts'
import { BAIT, MODALITIES, NOT_COUNTING, NUMERALS, PARTIES, QUANTITIES, SIGNS } from './wording-words.ts'

/** A sentence in plain words and what it rests on. */
export interface Worded {
  text: string
  article: Article
  /** Words of the article. */
  quote: string
}

const LONGEST_TEXT = 90
const SHORTEST_QUOTE = 6
/** How much of a sentence must be in the words of its quote. A plain word for a hard one is welcome, another matter is not. */
const SHARED = 0.4

/**
 * Why a sentence must not stand for its quote; null where nothing speaks against it. Code cannot tell that two sentences
 * mean the same. It can tell that the quote is in the article, that no number, quantity or party was put in, that what is
 * allowed, demanded or forbidden is so in both, and that most of the words are the article's.
 */
export function objectionTo({ text, article, quote }: Worded): string | null {
  if ([...text].length > LONGEST_TEXT || !SIGNS.test(text)) return 'signs'
  if (BAIT.test(text)) return 'bait'
  const [said, source] = [bare(text), bare(quote)]
  // Over the end of a sentence another party may be bound to what the first one must do.
  if (/[。；;]./.test(quote)) return 'quote'
  if ([...source].length < SHORTEST_QUOTE || !bare(article.text).includes(source)) return 'quote'
  if (numbersIn(text).some((number) => !numbersIn(quote).includes(number))) return 'number'
  for (const [name, words] of Object.entries(MODALITIES)) {
    if (words.test(said) !== words.test(source)) return name
  }
  if (strange(said, source, QUANTITIES)) return 'quantity'
  if (!follows(partiesIn(said), partiesIn(source))) return 'party'
  return shared(said, source) < SHARED ? 'other words' : null
}

/** Without spaces and punctuation, in one form of each sign. */
function bare(text: string): string {
  return text.normalize('NFKC').replace(/[\s\p{P}]/gu, '')
}

function numbersIn(text: string): (number | string)[] {
  return [...text.normalize('NFKC').replace(NOT_COUNTING, '').matchAll(NUMERALS)].map(
    ([numeral]) => readNumeral(numeral) ?? numeral,
  )
}

function partiesIn(text: string): string[] {
  return [...text.matchAll(PARTIES)].map(([party]) => party)
}

/** Whether the parties of a sentence are of its quote and in its order: who owes whom must not be turned round. */
function follows(said: readonly string[], source: readonly string[]): boolean {
  let from = 0
  return said.every((party) => {
    const at = source.indexOf(party, from)
    from = at + 1
    return at >= 0
  })
}

/** Whether a sentence has a word of this kind that its quote has not. */
function strange(said: string, source: string, words: RegExp): boolean {
  return [...said.matchAll(words)].some(([word]) => !source.includes(word))
}

/** The share of pairs of characters that are in the quote, too. */
function shared(said: string, source: string): number {
  const pairs = [...said].slice(1).map((sign, index) => `${[...said][index]}${sign}`)
  return pairs.length === 0 ? 0 : pairs.filter((pair) => source.includes(pair)).length / pairs.length
}
