import { z } from 'zod'
import { CATEGORY_CODES, type CategoryCode } from '../understanding/categories.ts'
import { GATES, INTENTS, URGENCIES } from '../understanding/understanding.ts'

const Kept = z.object({
  version: z.string(),
  gate: z.enum(GATES),
  score: z.number(),
  intent: z.enum(INTENTS),
  category: z
    .string()
    .nullable()
    .transform((code) => CATEGORY_CODES.find((known): known is CategoryCode => known === code) ?? null),
  urgency: z.enum(URGENCIES).nullable(),
  sensitive: z.boolean(),
  evidence: z.array(z.object({ part: z.string(), words: z.string(), weight: z.number(), rule: z.string() })),
})

/** What the inbox has kept of a decision. */
export type Kept = z.output<typeof Kept>

/** Reads what is kept with a message; null where nothing is, or where it is of another program. */
export function keptOf(understanding: unknown): Kept | null {
  const text = typeof understanding === 'string' ? parseJson(understanding) : understanding
  return Kept.safeParse(text).data ?? null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
