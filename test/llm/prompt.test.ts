import { expect, test } from 'vitest'
import { parsePrompt } from '../../src/llm/prompt.ts'

const HEAD = 'name: probe\nversion: 2\nmaxTokens: 100\ntables: kinds\nvalues: message'
const file = (head = HEAD, system = '分类：{{kinds}}', user = '<msg>{{message}}</msg>') =>
  `---\n${head}\n---\n# system\n${system}\n# user\n${user}\n`

test('the system part is filled once, the user part at each call', () => {
  const prompt = parsePrompt('probe.md', file(), { kinds: '路灯、供水' })
  expect(prompt.system).toBe('分类：路灯、供水')
  expect(prompt.fill({ message: '{{message}} {{kinds}} $1' })).toBe('<msg>{{message}} {{kinds}} $1</msg>')
  expect(prompt.version).toMatch(/^probe@2 [\da-f]{12}$/)
})

test('the version tells every change of words and tables', () => {
  const versions = [
    parsePrompt('probe.md', file(), { kinds: '路灯' }),
    parsePrompt('probe.md', file(), { kinds: '供水' }),
    parsePrompt('probe.md', file(HEAD, '种类：{{kinds}}'), { kinds: '路灯' }),
  ].map(({ version }) => version)
  expect(new Set(versions).size).toBe(3)
})

test.each([
  ['no front matter', '# system\na\n# user\nb'],
  ['no user part', `---\n${HEAD}\n---\n# system\n{{kinds}}\n`],
  ['an unknown field', file(`${HEAD}\ntemperature: 1`)],
  ['a missing field', file(HEAD.replace('version: 2\n', ''))],
  ['a value in the system part', file(HEAD, '{{kinds}} {{message}}')],
  ['a table in the user part', file(HEAD, '{{kinds}}', '{{message}} {{kinds}}')],
  ['a declared value that is not used', file(HEAD, '{{kinds}}', 'nothing')],
  ['another name than its file', file(HEAD.replace('probe', 'other'))],
])('a file with %s is refused by name', (_, source) => {
  expect(() => parsePrompt('probe.md', source, { kinds: '路灯' })).toThrow('prompts/probe.md: ')
})

test('a table that is not given is missed at once', () => {
  expect(() => parsePrompt('probe.md', file(), {})).toThrow('{{kinds}}')
})
