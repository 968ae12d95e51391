import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Running, startAssistant } from '../../src/cli/start.ts'
import { parseConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/database.ts'
import { modelPath } from '../../src/village/village-model.ts'
import { NOW, temporaryDirectory, xiaoge } from './run.ts'

/** What somebody of the demo village says on the page. */
async function says(running: Running, phone: 'villagers' | 'grid', person: string, text: string): Promise<void> {
  const body = new FormData()
  for (const [name, value] of Object.entries({ phone, person, view: '', text })) body.append(name, value)
  const headers = { 'Sec-Fetch-Site': 'same-origin' }
  const response = await fetch(`${running.url}demo/say`, { method: 'POST', body, headers })
  expect([response.status, await response.text()]).toEqual([204, ''])
}

test('xiaoge learn: from what workers said to a model that is used, shown, and forgotten again', {
  timeout: 600_000,
}, async () => {
  const directory = temporaryDirectory()
  const url = `file:${join(directory, 'village.db')}`
  const settings = { DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent' }
  const config = { ...parseConfig(settings), dataDirectory: directory }
  const start = () => startAssistant(config, { demo: true, clock: { now: () => NOW } })
  const run = (...args: string[]) => xiaoge(args, { config: () => config })
  const database = await openDatabase(url)
  const { db } = database

  let running = await start()
  expect(await run('learn')).toMatchObject({ status: 0, stdout: expect.stringContaining('还没有可学的') })
  const account = async (name: string) =>
    (await db.identity.findFirstOrThrow({ where: { person: { name } } })).externalId
  await says(running, 'villagers', await account('刘嫂'), '三组村口路灯坏了')
  await expect.poll(() => db.ticket.count()).toBe(1)
  await says(running, 'grid', await account('老周'), '1 改 道路')
  await says(running, 'grid', await account('老周'), '1 改 地点 老神树')
  await expect.poll(() => db.label.count()).toBe(2)
  await running.stop()

  const learned = await run('learn')
  expect([learned.status, learned.stderr]).toEqual([0, expect.stringContaining('一分钟')])
  expect(learned.stdout).toContain('东升村：网格员教了这些：改过的 2条。')
  expect(learned.stdout).toMatch(/危险的事，认了出来：[\d.]+% → [\d.]+%/)
  expect(learned.stdout).toMatch(/学好了，留下了（model-[0-9a-f]{8}\+[0-9a-f]{8}）/)
  expect(learned.stdout).toContain('可以写进村的文件：老神树')
  const doctor = await run('doctor')
  expect(doctor.stdout).toMatch(/✓ understanding: rules-\S+ model-[0-9a-f]{8}\n/)
  expect(doctor.stdout).toMatch(/✓ village 东升村: has learned model-[0-9a-f]{8}\+[0-9a-f]{8} from 2 labels\n/)

  running = await start()
  await says(running, 'villagers', await account('刘嫂'), '五组的水管爆了')
  await expect.poll(() => db.ticket.count()).toBe(2)
  const read = await db.inboxEvent.findFirstOrThrow({ where: { text: '五组的水管爆了' } })
  expect(read.understanding).toMatchObject({ version: expect.stringMatching(/ model-[0-9a-f]{8}\+[0-9a-f]{8}$/) })
  await running.stop()

  // A damaged file, and one of another program, are told and left aside.
  const path = modelPath(url, directory, 1)
  const whole = readFileSync(path)
  writeFileSync(path, whole.subarray(0, -1))
  expect((await run('doctor')).stdout).toMatch(
    /! village 东升村: what it has learned is damaged and is not used\n {4}→ xiaoge learn/,
  )
  writeFileSync(path, whole.toString('latin1').replace(/"base":"[^"]*"/, '"base":"rules-0 model-0"'), 'latin1')
  expect((await run('doctor')).stdout).toMatch(/! village 东升村: .* another version .*\n {4}→ xiaoge learn/)
  writeFileSync(path, whole)

  const erased = await run('erase', '刘嫂', '--yes')
  expect(erased.stdout).toContain('2 of their words had been kept to learn from')
  expect((await run('learn')).stdout).toContain('可学的已经都删了，上次学的也去掉了')
  expect((await run('doctor')).stdout).not.toContain('has learned')
  expect((await run('learn', '--forget')).stdout).toContain('没有学过什么')
  await database.close()
})
