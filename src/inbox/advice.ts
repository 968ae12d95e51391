import { z } from 'zod'
import type { Request } from '../features/feature.ts'
import type { Caller } from '../llm/calls.ts'
import type { Llm } from '../llm/llm.ts'
import { loadPrompt, type Prompt } from '../llm/prompt.ts'
import { CATEGORIES, CATEGORY_CODES } from '../understanding/categories.ts'
import type { Advice } from '../understanding/heed.ts'
import { readTrainingLines } from '../understanding/training-lines.ts'
import { INTENTS, URGENCIES } from '../understanding/understanding.ts'

/** Shorter texts say too little, longer ones are no message to a group. Characters. */
const SHORTEST = 5
const LONGEST = 400

/** One bad field must not lose the others; what the message is has to be said. */
const Reply = z.object({
  intent: z.enum(INTENTS),
  category: z.enum(CATEGORY_CODES).nullable().catch(null),
  urgency: z.enum(URGENCIES).nullable().catch(null),
  sensitive: z.boolean().catch(false),
  place: z.string().max(60).nullable().catch(null),
})

/** Reads a text; null where no advice is to be had. Never rejects. `names` are not sent. */
export type Adviser = (
  text: string,
  names: readonly string[],
  caller: Caller,
  signal: AbortSignal,
) => Promise<Advice | null>

/** Asks a language model what a message is. */
export function createAdviser(llm: Llm): Adviser {
  const prompt = understandingPrompt()
  return async (message, names, caller, signal) => {
    const reply = await llm.ask({ prompt, values: { message }, schema: Reply, names, caller, signal })
    return reply && { ...reply.value, by: reply.by }
  }
}

/**
 * Whether the rules' doubt about a request may be put to somebody else. What is sensitive or pressing does not leave, nor
 * does what is said among workers or in reply to something.
 */
export function isWorthAdvice(request: Pick<Request, 'understanding' | 'room' | 'text' | 'quote'>): boolean {
  const { understanding: said, room, text, quote } = request
  if (said.doubts.length === 0 || said.sensitive || said.urgency === 'emergency' || said.act !== null) return false
  if (quote !== null || (room !== null && room.kind !== 'villagers')) return false
  const { length } = [...text]
  return length >= SHORTEST && length <= LONGEST
}

/** prompts/understand.md with what the tables of the domain say. */
function understandingPrompt(): Prompt {
  return loadPrompt('understand', {
    intents: INTENTS.join(' '),
    urgencies: URGENCIES.join(' '),
    categories: CATEGORIES.map(({ code, name }) => `${code} ${name}`).join('\n'),
    examples: examples().join('\n'),
  })
}

/** One line of each of these from the training lines, as message and reply. */
const EXAMPLES = ['light', 'garbage', 'medins', 'family', null] as const

function examples(): string[] {
  const lines = readTrainingLines().flatMap((voice) => voice.lines)
  return EXAMPLES.flatMap((wanted) => {
    const line = lines.find(({ category, text, gate_expected }) => {
      const right = wanted === null ? gate_expected === 'not' : category === wanted && gate_expected === 'problem'
      return right && text.length >= 12 && text.length <= 40
    })
    if (!line) return []
    const { intent = 'chatter', category, urgency, sensitive, place } = line
    return [`<msg>${line.text}</msg>`, JSON.stringify({ intent, category, urgency, sensitive, place })]
  })
}
