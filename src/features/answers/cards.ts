import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const Card = z.strictObject({
  id: z.string().regex(/^[a-z-]+-\d{3}$/),
  questions: z.array(z.string().min(2)).min(1),
  answer: z.string().min(10),
  articles: z.array(z.strictObject({ law: z.string(), num: z.string() })).min(1),
  /** When the answer does not hold. */
  exception: z.string(),
  /** Whom to ask. */
  contact: z.string(),
})

/** A question villagers ask, answered in plain sentences that rest on articles. */
export type Card = z.infer<typeof Card>

const DIRECTORY = new URL('./corpus/cards/', import.meta.url)
let shipped: readonly Card[] | null = null

/** The cards that come with the program. Throws with file and line where one is malformed. */
export function shippedCards(): readonly Card[] {
  shipped ??= readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) =>
      readFileSync(new URL(file, DIRECTORY), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line, index) => {
          const card = Card.safeParse(JSON.parse(line))
          if (!card.success) throw new Error(`${file}:${index + 1}: ${z.prettifyError(card.error)}`)
          return card.data
        }),
    )
  return shipped
}
