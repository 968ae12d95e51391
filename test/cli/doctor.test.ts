import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MINUTE } from '../../src/clock.ts'
import { parseConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/database.ts'
import { seedDemoVillage } from '../../src/village/demo.ts'
import { describeDatabases } from '../support/database.ts'
import { createFakeOpenAi } from '../support/fake-openai.ts'
import { createFakeTelegram, TOKEN } from '../support/fake-telegram.ts'
import { NOW, temporaryDirectory, xiaoge } from './run.ts'

describeDatabases('xiaoge doctor', (open) => {
  test('finds nothing to repair in a fresh village', async () => {
    const database = await open()
    await seedDemoVillage(database, NOW)
    const { status, stdout } = await xiaoge(['doctor'], { url: database.url })
    expect(stdout).toContain('village 东升村 (demo): 3 of 3 rooms bound, 21 of 21 listed people bound')
    expect(stdout).toContain('networks: the demo page only')
    expect(stdout).toContain('Nothing must be repaired.')
    expect(status).toBe(0)
    expect(await database.db.village.count()).toBe(1)
  })

  test('tells what needs repair and how', async () => {
    const database = await open()
    const { db, url } = database
    await seedDemoVillage(database, NOW)
    await db.room.updateMany({ where: { key: 'party' }, data: { channel: null, conversation: null } })
    const timer = { villageId: 1, kind: 'x', data: {} }
    await db.timer.create({ data: { ...timer, key: 'a', dueAt: new Date(NOW.getTime() - 11 * MINUTE) } })
    await db.timer.create({ data: { ...timer, key: 'b', dueAt: new Date(NOW.getTime() - 9 * MINUTE) } })
    const letter = {
      channel: 'c',
      conversation: 'd',
      private: false,
      kind: 'other',
      text: '',
      mentions: [],
      attachments: [],
      about: [],
    }
    for (const [key, state, error] of [
      ['a', 'dead', null],
      ['b', 'dead', 'erased'],
      ['c', 'unknown', null],
    ] as const) {
      await db.outboxMessage.create({ data: { ...letter, key, state, error, notBefore: NOW, createdAt: NOW } })
    }
    const event = { channel: 'c', conversation: 'd', messageId: '1', type: 'message', private: false, senderName: '' }
    await db.inboxEvent.create({
      data: { ...event, text: '', attachments: [], sentAt: NOW, receivedAt: new Date('2026-04-01'), state: 'failed' },
    })
    const { status, stdout } = await xiaoge(['doctor'], { url })
    expect(status).toBe(1)
    expect(stdout).toMatch(/! village 东升村: room party is not bound\n {4}→ xiaoge village code --room party/)
    expect(stdout).toMatch(/✗ messages that could not be handled: 1/)
    expect(stdout).toMatch(/! replies that could not be delivered: 1\n/)
    expect(stdout).toMatch(/! replies whose delivery is uncertain: 1/)
    expect(stdout).toMatch(/✗ timers overdue by more than ten minutes: 1\n/)
    expect(stdout).toMatch(/✗ clock: the newest message was received in the future/)
  })
})

describe('xiaoge doctor without a database', () => {
  test('names a wrong setting', async () => {
    const config = () => parseConfig({ PORT: 'http', LOG_LEVEL: 'loud' })
    const { status, stdout } = await xiaoge(['doctor'], { config })
    expect(status).toBe(1)
    expect(stdout).toMatch(/✗ configuration: PORT must be/)
    expect(stdout).toMatch(/✗ configuration: LOG_LEVEL must be/)
  })

  test('makes no database, and does not show a password', async () => {
    const url = `file:${join(temporaryDirectory(), 'none.db')}`
    expect(await xiaoge(['doctor'], { url })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('does not exist yet'),
    })
    const away = await xiaoge(['doctor'], { url: 'postgresql://me:secret@127.0.0.1:1/none' })
    expect(away.status).toBe(1)
    expect(away.stdout).toMatch(/✗ database: postgresql, postgresql:\/\/me:…@127.0.0.1:1\/none cannot be opened/)
    expect(away.stdout).not.toContain('secret')
  })

  test('a clock before the program was written', async () => {
    const { status, stdout } = await xiaoge(['doctor'], { now: new Date(0) })
    expect([status, stdout]).toEqual([1, expect.stringContaining('synchronisation')])
  })

  describe('with Telegram', () => {
    const doctor = (root: string, more = {}) =>
      xiaoge(['doctor'], {
        config: () => ({
          ...parseConfig({
            DATABASE_URL: `file:${join(temporaryDirectory(), 'none.db')}`,
            TELEGRAM_BOT_TOKEN: TOKEN,
            TELEGRAM_API_ROOT: root,
            ...more,
          }),
          dataDirectory: temporaryDirectory(),
        }),
      })

    test('says whether it answers, and what privacy mode hides', async () => {
      const server = await createFakeTelegram(() => NOW)
      onTestFinished(() => server.close())
      const { status, stdout } = await doctor(server.url)
      expect(stdout).toContain('✓ telegram: @Xiaoge_bot answers')
      expect(status).toBe(0)
      server.me.can_read_all_group_messages = false
      expect((await doctor(server.url)).stdout).toMatch(/! telegram: privacy mode is on.*\n.*setprivacy/)
      const webhook = {
        TELEGRAM_WEBHOOK_URL: 'https://village.example/t',
        TELEGRAM_WEBHOOK_SECRET: 'sixteen-letters-1',
      }
      expect((await doctor(server.url, webhook)).stdout).toContain('telegram: delivers nowhere')
    })

    test('a refused token and an unreachable network have each their remedy, and the token is not shown', async () => {
      const server = await createFakeTelegram(() => NOW)
      server.failNext('getMe', { code: 401, description: 'Unauthorized' })
      const refused = await doctor(server.url)
      expect(refused.stdout).toMatch(/✗ telegram: 401 Unauthorized\n.*BotFather/)
      await server.close()
      const unreachable = await doctor(server.url)
      expect(unreachable.stdout).toMatch(/✗ telegram: Telegram cannot be reached \(ECONNREFUSED\)/)
      for (const { status, stdout, stderr } of [refused, unreachable]) {
        expect(status).toBe(1)
        expect(stdout + stderr).not.toContain(TOKEN.split(':')[1])
      }
    })
  })
})

describe('xiaoge doctor, with a language model', () => {
  async function doctor(settings: Record<string, string>, calls: { outcome: string; count: number }[] = []) {
    const data = temporaryDirectory()
    const url = `file:${join(data, 'test.db')}`
    const database = await openDatabase(url)
    await seedDemoVillage(database, NOW)
    const call = { villageId: 1, personId: 1, inboxEventId: 1, at: NOW, prompt: 'understand@1', model: 'fake' }
    for (const { outcome, count } of calls) {
      const rows = Array.from({ length: count }, () => ({ ...call, outcome, tokensIn: 480, tokensOut: 50 }))
      await database.db.llmCall.createMany({ data: rows })
    }
    await database.close()
    const config = () => ({ ...parseConfig({ DATABASE_URL: url, ...settings }), dataDirectory: data })
    return (await xiaoge(['doctor'], { config })).stdout
  }

  test('says whether the service answers and takes the key, and what was asked', async () => {
    expect(await doctor({})).toContain('· language model: none; everything works without one')
    const { config } = await createFakeOpenAi()
    const model = { LLM_BASE_URL: config.baseUrl, LLM_API_KEY: config.apiKey, LLM_MODEL: 'fake' }
    const well = await doctor(model, [{ outcome: 'ok', count: 3 }])
    expect(well).toMatch(/✓ language model: fake at 127\.0\.0\.1:\d+ \(this computer\) answers/)
    expect(well).toContain('· language model: 3 of 500 calls in 24 hours (ok 3), 1440 tokens in, 150 out')
    expect(await doctor({ ...model, LLM_API_KEY: 'sk-wrong' })).toMatch(/! .*the key was refused.*\n.*LLM_API_KEY/)
    expect(await doctor({ ...model, LLM_MODEL: 'other' })).toMatch(/! .*does not list this model\n.*LLM_MODEL/)
    expect(await doctor({ ...model, LLM_BASE_URL: 'http://127.0.0.1:9/v1' })).toMatch(
      /! .*cannot be used.*\n.*LLM_BASE_URL/,
    )
    const useless = [
      { outcome: 'ok', count: 3 },
      { outcome: 'timeout', count: 9 },
    ]
    expect(await doctor(model, useless)).toMatch(/! language model: 12 of 500 calls.*timeout 9/)
  })
})
