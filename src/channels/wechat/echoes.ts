/** What was said and not yet told back: a gateway tells the account's own messages, too, and with them their ids. */
export interface Echoes {
  /** Waits for the message to come back; resolves to its id, or undefined after `ms`. */
  expect(conversation: string, text: string | null, ms: number): Promise<string | undefined>
  /** A message of the account itself has come. Says whether it was waited for. */
  heard(conversation: string, text: string | null, id: string): boolean
}

interface Expected {
  conversation: string
  /** Null for a photo or file. */
  text: string | null
  resolve(id: string | undefined): void
}

export function createEchoes(): Echoes {
  const expected: Expected[] = []
  // On its way a gateway may touch the space after a mention.
  const plain = (text: string | null) => text?.replace(/[\u2005\s]+/g, ' ').trim() ?? null
  return {
    expect: (conversation, text, ms) =>
      new Promise((resolve) => {
        const one: Expected = { conversation, text: plain(text), resolve: end }
        const timer = setTimeout(() => end(undefined), ms)
        function end(id: string | undefined) {
          clearTimeout(timer)
          const at = expected.indexOf(one)
          if (at >= 0) expected.splice(at, 1)
          resolve(id)
        }
        expected.push(one)
      }),
    heard(conversation, text, id) {
      const words = plain(text)
      const found = expected.find((one) => one.conversation === conversation && one.text === words)
      found?.resolve(id)
      return found !== undefined
    },
  }
}
