import { z } from 'zod'
import { UnusableReply } from './failure.ts'

/** Longest string that any reply may hold. Characters. */
const LONGEST_STRING = 2000

/** The JSON object in what a model wrote, past thoughts, fences and pleasantries, checked. Throws UnusableReply. */
export function readReply<T>(text: string, schema: z.ZodType<T>): T {
  const said = text.replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi, '')
  const [from, to] = [said.indexOf('{'), said.lastIndexOf('}')]
  if (from < 0 || to <= from) throw new UnusableReply('no JSON object')
  let value: unknown
  try {
    value = JSON.parse(said.slice(from, to + 1), (_key, inner: unknown) => {
      if (typeof inner === 'string' && inner.length > LONGEST_STRING) throw new UnusableReply('a string is too long')
      return inner
    })
  } catch (error) {
    throw error instanceof UnusableReply ? error : new UnusableReply('not JSON')
  }
  const parsed = schema.safeParse(value)
  // What the schema says of it would repeat the reply.
  if (!parsed.success) throw new UnusableReply(`not as asked: ${parsed.error.issues.map((issue) => issue.code).join()}`)
  return parsed.data
}
