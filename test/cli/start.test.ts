import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess, temporaryDirectory } from './run.ts'

test('one assistant on an SQLite database; a killed one holds nothing', { timeout: 60_000 }, async () => {
  const directory = temporaryDirectory()
  const start = () => {
    const child = startProcess(['start', '--no-demo'], directory, { PORT: '0' })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
  const ready = async (child: ReturnType<typeof start>) => {
    for await (const chunk of child.stdout) if (String(chunk).includes('is ready')) return true
    return false
  }
  const first = start()
  expect(await ready(first)).toBe(true)
  const second = start()
  const [said, [status]] = await Promise.all([text(second.stderr), once(second, 'exit')])
  expect([status, said]).toEqual([1, expect.stringMatching(/another 小格 already runs on .*Stop that one first/s)])
  first.kill('SIGKILL')
  await once(first, 'exit')
  expect(await ready(start())).toBe(true)
})
