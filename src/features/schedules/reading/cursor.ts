import type { Token } from './token.ts'

/** Where the reading of the tokens stands. */
export class Cursor {
  readonly tokens: Token[]
  /** The text they were cut from. */
  readonly text: string
  at = 0

  constructor(tokens: Token[], text: string) {
    this.tokens = tokens
    this.text = text
  }

  peek(offset = 0): Token | undefined {
    return this.tokens[this.at + offset]
  }

  /** The text between a place and the next token. */
  gap(from: number, to: Token | undefined): string {
    return to ? this.text.slice(from, to.start) : this.text.slice(from)
  }

  /** Whether the next token follows at once, or after one of these words. */
  follows(end: number, pattern = /^的?$/): boolean {
    const next = this.peek()
    return next !== undefined && pattern.test(this.gap(end, next))
  }
}
