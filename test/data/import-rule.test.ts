import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Files that break one rule each, and the rule. Linters have been seen to pass everything when misconfigured. */
const WRONG: Record<string, { text: string; rule: string }> = {
  'src/clock.ts': { text: `import './db/tables.ts'`, rule: 'xiaoge(import-direction)' },
  'src/app.ts': { text: `import './cli/ask.ts'`, rule: 'xiaoge(import-direction)' },
  'src/db/database.ts': { text: `import '../village/people.ts'`, rule: 'xiaoge(import-direction)' },
  'src/channels/telegram.ts': { text: `import type {} from '../db/tables.ts'`, rule: 'xiaoge(import-direction)' },
  'src/understanding/rules.ts': { text: `import '../village/people.ts'`, rule: 'xiaoge(import-direction)' },
  'src/village/people.ts': { text: `import '../features/feature.ts'`, rule: 'xiaoge(import-direction)' },
  'src/outbox/outbox.ts': { text: `import '../inbox/inbox.ts'`, rule: 'xiaoge(import-direction)' },
  'src/llm/model.ts': { text: `import '../outbox/queue.ts'`, rule: 'xiaoge(import-direction)' },
  'src/inbox/advice.ts': { text: `void import('@langchain/openai')`, rule: 'xiaoge(import-direction)' },
  'src/features/tickets/cards.ts': { text: `import '../answers/laws.ts'`, rule: 'xiaoge(import-direction)' },
  'src/features/answers/again.ts': { text: `export {} from '../index.ts'`, rule: 'xiaoge(import-direction)' },
  'src/features/help/help.ts': { text: `void import('../../inbox/store.ts')`, rule: 'xiaoge(import-direction)' },
  'src/inbox/store.ts': { text: `import '../web/page.tsx'`, rule: 'xiaoge(import-direction)' },
  'src/web/page.tsx': { text: `import '../features/feature.ts'`, rule: 'xiaoge(import-direction)' },
  'src/web/command.ts': { text: `import '../cli/start.ts'`, rule: 'xiaoge(import-direction)' },
  'src/novelty/thing.ts': { text: `import '../db/tables.ts'`, rule: 'xiaoge(import-direction)' },
  'src/inbox/time.ts': { text: 'export const at = new Date()', rule: 'xiaoge(no-clock)' },
  'src/inbox/stamp.ts': { text: 'export const at = Date.now()', rule: 'xiaoge(no-clock)' },
  'src/inbox/setting.ts': { text: 'export const port = process.env.PORT', rule: 'eslint(no-restricted-properties)' },
  'src/inbox/noise.ts': { text: `console.log('here')\nexport {}`, rule: 'eslint(no-console)' },
  'src/inbox/main.ts': { text: 'export default 1', rule: 'import(no-default-export)' },
  'src/inbox/forgotten.ts': {
    text: 'async function work(): Promise<void> {}\nwork()\nexport {}',
    rule: 'typescript(no-floating-promises)',
  },
  'src/db/egg.ts': { text: `import { hen } from './hen.ts'\nexport const egg = () => hen`, rule: 'import(no-cycle)' },
  'src/db/hen.ts': { text: `import { egg } from './egg.ts'\nexport const hen = () => egg`, rule: 'import(no-cycle)' },
}

/** Files that come close to the rules and keep them. */
const RIGHT: Record<string, string> = {
  'src/main.ts': `import './app.ts'`,
  'src/cli/start.ts': `import '../app.ts'\nimport '../features/tickets/ticket.ts'\nconsole.log('said')`,
  'src/cli/ask.ts': 'export const ask = 1',
  'src/config.ts': 'export const environment = process.env',
  'src/message.ts': `import './config.ts'\nexport const at = new Date(0)`,
  'src/db/tables.ts': `import '../message.ts'`,
  'src/village/grids.ts': `import '../db/tables.ts'`,
  'src/outbox/queue.ts': `import '../channels/channel.ts'`,
  'src/channels/channel.ts': `import '../message.ts'`,
  'src/features/feature.ts': `import '../understanding/text.ts'\nimport '../db/tables.ts'`,
  'src/features/index.ts': `import './tickets/ticket.ts'`,
  'src/features/tickets/ticket.ts': `import '../feature.ts'\nimport '../../village/grids.ts'`,
  'src/features/answers/laws.ts': `import '../../llm/none.ts'`,
  'src/llm/none.ts': `import '../message.ts'\nimport 'langchain/chat_models/universal'`,
  'src/understanding/text.ts': `import './words.ts'`,
  'src/understanding/words.ts': 'export const words = []',
  'src/inbox/inbox.ts': `import '../features/index.ts'\nimport '../outbox/queue.ts'`,
}

let folder: string
let reported: Map<string, string[]>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiaoge-lint-'))
  for (const path of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) await cp(path, join(folder, path))
  await cp('scripts/lint-rules.mjs', join(folder, 'scripts/lint-rules.mjs'))
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'junction')
  const files = { ...RIGHT, ...Object.fromEntries(Object.entries(WRONG).map(([path, { text }]) => [path, text])) }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  reported = await lint()
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** What oxlint reports for each file. */
async function lint(): Promise<Map<string, string[]>> {
  const oxlint = join(process.cwd(), 'node_modules/oxlint/bin/oxlint')
  const run = promisify(execFile)(process.execPath, [oxlint, '--format=json', 'src'], { cwd: folder })
  // It ends with status 1 when it finds something; what it found is on standard output all the same.
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }
  const result = new Map<string, string[]>()
  for (const { filename, code } of diagnostics) {
    const path = filename.replaceAll('\\', '/')
    result.set(path, [...(result.get(path) ?? []), code])
  }
  return result
}

test.each(Object.entries(WRONG))('%s breaks a rule', (path, { rule }) => {
  expect(reported.get(path)).toEqual([rule])
})

test.each(Object.keys(RIGHT))('%s keeps the rules', (path) => {
  expect(reported.get(path)).toBeUndefined()
})
