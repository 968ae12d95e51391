import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const DIRECTORY = new URL('../../prompts/', import.meta.url)
const SLOT = /\{\{(\w+)\}\}/g

const names = z
  .string()
  .transform((list) => (list === '' ? [] : list.split(',').map((name) => name.trim())))
  .pipe(z.array(z.string().regex(/^\w+$/)))

/** What stands in front of each prompt, all of it required. */
const FrontMatter = z.strictObject({
  name: z.string().regex(/^[a-z-]+$/),
  version: z.coerce.number().int().positive(),
  /** Longest reply that is paid for. Tokens. */
  maxTokens: z.coerce.number().int().min(16).max(2000),
  /** Filled once, at loading, from the tables of the domain. Only in the system part. */
  tables: names,
  /** Filled at each call. Only in the user part. */
  values: names,
})

export interface Prompt {
  name: string
  /** Name, version and a hash of all its words with the tables in them, kept with each call. */
  version: string
  maxTokens: number
  /** The same bytes at every call, so that a provider can keep it. */
  system: string
  /** The user part. A value that looks like a slot is not filled again. */
  fill(values: Record<string, string>): string
}

/** Reads `prompts/<name>.md` and fills in the tables. Throws, naming the file, when anything in it is amiss. */
export function loadPrompt(name: string, tables: Record<string, string>): Prompt {
  return parsePrompt(`${name}.md`, readFileSync(new URL(`${name}.md`, DIRECTORY), 'utf8'), tables)
}

/** Reads the words of a prompt file. */
export function parsePrompt(file: string, source: string, tables: Record<string, string>): Prompt {
  const wrong = (what: string) => new Error(`prompts/${file}: ${what}`)
  const parts = /^---\n([\s\S]*?)\n---\n\s*# system\n([\s\S]*?)\n# user\n([\s\S]*)$/.exec(
    source.replaceAll('\r\n', '\n'),
  )
  if (!parts) throw wrong('must be front matter between ---, then “# system”, then “# user”')
  const [, head = '', system = '', user = ''] = parts
  const entries = head
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    })
  const front = FrontMatter.safeParse(Object.fromEntries(entries))
  if (!front.success) throw wrong(z.prettifyError(front.error))
  const { name, version, maxTokens } = front.data
  if (`${name}.md` !== file) throw wrong(`is named ${name} inside`)
  const check = (part: string, text: string, declared: readonly string[]) => {
    const used = [...new Set([...text.matchAll(SLOT)].map((match) => match[1] ?? ''))]
    if (used.sort().join() !== [...declared].sort().join())
      throw wrong(`the ${part} part uses {{${used.join()}}}, the front matter says ${declared.join()}`)
  }
  check('system', system, front.data.tables)
  check('user', user, front.data.values)
  const fillIn = (text: string, values: Record<string, string>) =>
    text.replace(SLOT, (_, slot: string) => {
      const value = values[slot]
      if (value === undefined) throw wrong(`nothing was given for {{${slot}}}`)
      return value
    })
  const filled = fillIn(system, tables).trim()
  const hash = createHash('sha256').update(`${filled}\n${user}`).digest('hex').slice(0, 12)
  return {
    name,
    version: `${name}@${version} ${hash}`,
    maxTokens,
    system: filled,
    fill: (values) => fillIn(user, values).trim(),
  }
}
