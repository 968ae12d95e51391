import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** Top-level names that are made here and not kept by git. */
const MADE_HERE = ['.git', 'node_modules', 'data', '.cache', 'coverage', '.env']

const FILES = readdirSync('.')
  .filter((name) => !MADE_HERE.includes(name))
  .flatMap((name) =>
    statSync(name).isFile()
      ? [name]
      : readdirSync(name, { recursive: true, encoding: 'utf8' }).map((below) => `${name}/${below}`),
  )
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.startsWith('src/db/generated/') && !path.endsWith('.log') && statSync(path).isFile())

const READMES = FILES.filter((path) => /(^|\/)README[^/]*\.md$/.test(path))
const read = (path: string) => readFileSync(path, 'utf8')

/** `npm run` names of package.json. */
const SCRIPTS = Object.entries((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts)

test.each(['README.md', 'src/README.md', '.env.example'])('newcomers find %s', (path) => {
  expect(FILES).toContain(path)
})

/** Relative links, and paths in code marks that begin with a folder of the checkout. */
function namedPaths(readme: string): string[] {
  const text = read(readme)
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
  const relative = links.filter((link) => !/^([a-z]+:|#)/i.test(link)).map((link) => link.replace(/#.*$/, ''))
  const roots = new Set(FILES.filter((path) => path.includes('/')).map((path) => path.split('/')[0]))
  const marked = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? '')
  // `src/features/…` and `test/data/NAME.jsonl` are patterns, not files.
  const paths = marked.filter((word) => roots.has(word.split('/')[0]) && /^[\w./-]+\/[\w./-]*$/.test(word))
  return [...relative, ...paths.filter((path) => !/[A-Z]{3,}(?!ME\.md)/.test(path))]
}

test.each(READMES)('every path named in %s exists', (readme) => {
  const missing = namedPaths(readme).filter((path) => ![path, join(dirname(readme), path)].some(existsSync))
  expect(missing).toEqual([])
})

test.each(READMES)('every npm command named in %s exists', (readme) => {
  const named = [...read(readme).matchAll(/npm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
    (match) => match[1] ?? match[2],
  )
  expect(SCRIPTS.map(([name]) => name)).toEqual(expect.arrayContaining(named))
})

test.each(SCRIPTS)('npm run %s runs a file that exists', (_name, command) => {
  const [, file] = /^node (\S+)/.exec(command) ?? []
  expect(file === undefined || existsSync(file)).toBe(true)
})

/** The settings that src/config.ts reads: the keys of its zod object. */
const SETTINGS = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map((match) => match[1] ?? '')

test('src/config.ts has settings', () => {
  expect(SETTINGS).toEqual(expect.arrayContaining(['DATABASE_URL', 'HOST', 'PORT', 'XIAOGE_PASSWORD', 'LOG_LEVEL']))
})

test.each(['.env.example', 'README.md'].filter(existsSync))('%s names every setting', (path) => {
  const words = new Set(read(path).match(/[A-Z][A-Z0-9_]+/g))
  expect(SETTINGS.filter((setting) => !words.has(setting))).toEqual([])
})

test.runIf(existsSync('.env.example'))('.env.example names nothing else', () => {
  const named = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1])
  expect(SETTINGS).toEqual(expect.arrayContaining(named))
})

/** Where Chinese may stand in a string: what people read, what is recognised in what they write, and the demo. */
const CHINESE_ALLOWED = [
  /\/replies\.ts$/,
  /^src\/understanding\//,
  /^src\/web\/demo-day\.ts$/,
  /^src\/features\/.*\/verbs\.ts$/,
  /-words\.ts$/,
]

/** A name or a word to be recognised is no sentence. */
const SENTENCE = /\p{Script=Han}{2}[，。！？：；]|\p{Script=Han}{10}/u

/** String literals that hold a Chinese sentence, and any Chinese between tags. Comments are left aside. */
function chineseSentences(path: string): string[] {
  const code = read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
  const strings = code.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? []
  const jsxTexts = path.endsWith('.tsx') ? (code.match(/>[^<>{}=]+</g) ?? []) : []
  return [...strings.filter((text) => SENTENCE.test(text)), ...jsxTexts.filter((text) => /\p{Script=Han}/u.test(text))]
}

const SOURCES = FILES.filter((path) => /^src\/.*\.tsx?$/.test(path))

test('Chinese sentences stand in replies.ts', () => {
  const elsewhere = SOURCES.filter((path) => !CHINESE_ALLOWED.some((allowed) => allowed.test(path)))
    .map((path) => ({ path, sentences: chineseSentences(path) }))
    .filter(({ sentences }) => sentences.length > 0)
  expect(elsewhere).toEqual([])
})

/** Written so that this file does not find itself. */
const OUTSIDE = [['..', 'shared'].join('/'), ['', 'work', ''].join('/')]

test('nothing refers to what lies outside the checkout', () => {
  const referring = FILES.filter((path) => {
    const text = read(path)
    return OUTSIDE.some((outside) => text.includes(outside))
  })
  expect(referring).toEqual([])
})
