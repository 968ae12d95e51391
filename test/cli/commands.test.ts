import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { startProcess, temporaryDirectory, xiaoge } from './run.ts'

describe('the command line', () => {
  test('lists its commands', async () => {
    const { status, stdout } = await xiaoge(['--help'])
    expect(status).toBe(0)
    for (const { name, help } of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name} +${help}$`, 'm'))
    expect(await xiaoge([])).toMatchObject({ status: 2, stdout: '' })
  })

  test('every command can be loaded and explains itself', async () => {
    for (const { name } of COMMANDS) {
      const { status, stdout } = await xiaoge([name, '--help'])
      expect([status, stdout]).toEqual([0, expect.stringContaining(`Usage: xiaoge ${name}`)])
    }
  })

  test('an unknown command or flag ends with status 2', async () => {
    expect(await xiaoge(['dance'])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('dance') })
    const { status, stdout, stderr } = await xiaoge(['doctor', '--loud'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/doctor: Unknown option '--loud'\nUsage: xiaoge doctor/)
    expect((await xiaoge(['village'])).status).toBe(2)
    expect((await xiaoge(['village', 'code'])).status).toBe(2)
    expect((await xiaoge(['village', 'burn'])).status).toBe(2)
  })

  test('runs as a process, with its own exit status', async () => {
    const child = startProcess(['dance'], temporaryDirectory())
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('dance')])
  })
})

test('relay shows what would come of an exported chat, or says why nothing can', async () => {
  const directory = temporaryDirectory()
  const path = join(directory, 'chat.txt')
  const days = [
    '—— 2026-02-27 ——',
    '刘嫂 8:02',
    '三组村口路灯又不亮了',
    '—— 2026-03-01 ——',
    '王婶 19:03',
    '五组晒谷场的水管爆了',
  ]
  await writeFile(path, days.join('\n'))
  const { status, stdout } = await xiaoge(['relay', path])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(status).toBe(0)
  expect(lines.at(-1).state.tickets.map(({ reporter }: { reporter: string }) => reporter)).toEqual(['刘嫂', '王婶'])
  expect(lines.filter(({ text }) => text?.startsWith('【请复制到村民群')).map(({ at }) => at.slice(0, 10))).toEqual([
    '2026-02-27',
    '2026-03-01',
  ])
  await writeFile(path, '今天天气好')
  expect(await xiaoge(['relay', path])).toMatchObject({ status: 1, stderr: expect.stringContaining('no copied chat') })
  expect(await xiaoge(['relay', join(directory, 'none')])).toMatchObject({ status: 1 })
  expect(await xiaoge(['relay'])).toMatchObject({ status: 2 })
})

describe('JSON Lines commands', () => {
  const lines = (stdout: string) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)

  test('answer every line in order, whatever it is', async () => {
    const stdin = [
      '\uFEFF{"id":"a","question":"隔壁占了我家的地\u2028怎么办？","more":1}',
      'not json',
      '{"id":"c"}',
      '',
      '[1]',
      '{"id":7,"question":"啊"}',
    ].join('\r\n')
    const { status, stdout } = await xiaoge(['ask'], { stdin })
    expect(status).toBe(0)
    expect(lines(stdout)).toEqual([
      expect.objectContaining({ id: 'a', answer: expect.any(String), citations: expect.any(Array) }),
      { id: null, error: 'the line is not valid JSON' },
      { id: 'c', error: expect.stringMatching(/^question: /) },
      { id: null, error: 'the line is not valid JSON' },
      { id: null, error: expect.any(String) },
      expect.objectContaining({ id: 7, outcome: 'refuse' }),
    ])
  })

  test('schedule declines in Chinese', async () => {
    const { stdout } = await xiaoge(['schedule'], {
      stdin: '{"id":"s","text":"明天开会","now":"2026-03-02T08:00:00+08:00"}\n',
    })
    expect(lines(stdout)).toEqual([{ id: 's', ok: false, error: expect.stringMatching(/几点/) }])
  })

  test('nothing to read is nothing to say', async () => {
    expect(await xiaoge(['ask'])).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('many lines pass through a slow reader', async () => {
    const child = startProcess(['ask'], temporaryDirectory())
    const count = 20_000
    child.stdin.end(Array.from({ length: count }, (_, id) => `{"id":${id},"question":"问"}\n`).join(''))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect(status).toBe(0)
    expect(lines(stdout).map((line) => (line as { id: number }).id)).toEqual(
      Array.from({ length: count }, (_, id) => id),
    )
  })

  test('a reader that leaves early is no fault', async () => {
    const child = startProcess(['ask'], temporaryDirectory())
    child.stdin.on('error', () => {})
    const feed = setInterval(() => child.stdin.write('{"id":1,"question":"问"}\n'.repeat(500)), 5)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    clearInterval(feed)
    expect([status, stderr]).toEqual([0, ''])
  })
})
