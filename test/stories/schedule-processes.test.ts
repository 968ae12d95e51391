import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Channel } from '../../src/channels/channel.ts'
import { createRecordingChannel } from '../../src/channels/recording.ts'
import { createSettableClock, MINUTE } from '../../src/clock.ts'
import { openDatabase } from '../../src/db/database.ts'
import { createLogger } from '../../src/logger.ts'
import { armMany, thisMinute, villageOfRooms } from '../support/armed-schedules.ts'
import { createDatabase, providers } from '../support/database.ts'

const VILLAGES = 3
const SCHEDULES = 50
const ROOMS = 5
const PROCESSES = 3
const KILLS = 8

test.runIf(providers.includes('postgresql'))(
  `${PROCESSES} processes on one database, ${KILLS} of them killed: every reminder once`,
  { timeout: 300_000 },
  async () => {
    const { url, remove } = await createDatabase('postgresql')
    const database = await openDatabase(url)
    const now = new Date()
    const due = thisMinute(now)
    for (let n = 0; n < VILLAGES; n++) {
      const village = await villageOfRooms(database, `村${n}`, ROOMS, now)
      await armMany(database, village, SCHEDULES, due)
    }

    const arrivals = new Map<string, number>()
    const senders = new Set<number>()
    const children: ChildProcess[] = []
    const begin = async () => {
      const child = fork('test/support/reminder-child.ts', [url], { execArgv: ['--import', 'tsx'] })
      children.push(child)
      await new Promise<void>((resolve, reject) => {
        child.once('exit', (code) => reject(new Error(`a process ended by itself with ${code}`)))
        child.on('message', (message: { ready?: true; key?: string }) => {
          if (message.ready) return resolve()
          const { key = '' } = message
          arrivals.set(key, (arrivals.get(key) ?? 0) + 1)
          senders.add(child.pid ?? 0)
          setTimeout(() => child.connected && child.send({ key }, () => {}), 1)
        })
      })
    }
    const kill = async (child: ChildProcess) => {
      children.splice(children.indexOf(child), 1)
      child.removeAllListeners('exit')
      child.kill('SIGKILL')
      await once(child, 'exit')
    }

    await Promise.all(Array.from({ length: PROCESSES }, begin))
    for (let kills = 0; kills < KILLS; kills++) {
      const before = arrivals.size
      for (let wait = 0; wait < 100 && arrivals.size === before; wait++) await sleep(20)
      await sleep((kills * 37) % 150)
      const victim = children[kills % children.length]
      if (victim) await kill(victim)
      await begin()
    }
    const open = () =>
      Promise.all([
        database.db.outboxMessage.count({ where: { state: { in: ['pending', 'sending'] } } }),
        database.db.timer.count({ where: { state: 'pending', kind: 'schedules.remind', dueAt: { lte: new Date() } } }),
      ])
    for (let wait = 0; wait < 300 && (await open()).some((count) => count > 0); wait++) await sleep(300)
    while (children[0]) await kill(children[0])

    const reminders = await database.db.reminder.findMany()
    expect(reminders).toHaveLength(VILLAGES * SCHEDULES * ROOMS)
    const outbox = await database.db.outboxMessage.findMany({ where: { kind: 'reminder' } })
    expect(outbox).toHaveLength(VILLAGES * SCHEDULES * ROOMS)
    expect(new Set(outbox.map(({ conversation, subject }) => `${conversation} ${subject}`)).size).toBe(outbox.length)
    expect(outbox.filter(({ state }) => state !== 'sent')).toEqual([])
    expect(outbox.filter(({ key }) => !arrivals.has(key))).toEqual([])
    // What was in flight when its process was killed is in doubt, and sent again: at most one for each kill.
    const repetitions = [...arrivals.values()].reduce((sum, count) => sum + count - 1, 0)
    expect(repetitions).toBeLessThanOrEqual(KILLS)
    expect(senders.size).toBeGreaterThan(1)
    expect(await database.db.timer.count({ where: { state: 'failed' } })).toBe(0)
    console.info(`${arrivals.size} reminders, ${KILLS} kills, ${senders.size} senders, ${repetitions} repetitions`)
    await database.close()
    await remove()
  },
)

for (const provider of providers) {
  test(`10,000 reminders due at once: none lost, none twice (${provider})`, { timeout: 300_000 }, async () => {
    const { url, remove } = await createDatabase(provider)
    const database = await openDatabase(url)
    const due = new Date('2026-03-05T09:00:00+08:00')
    const clock = createSettableClock(new Date(due.getTime() - MINUTE))
    const village = await villageOfRooms(database, '大村', 50, clock.now())
    await armMany(database, village, 200, due)
    // The network is away: what is to be said stays to be counted.
    const channel: Channel = { ...createRecordingChannel('pipe'), health: () => ({ state: 'down' }) }
    const app = createApp({ database, channels: [channel], clock, logger: createLogger('silent'), manual: true })
    await app.start()
    clock.set(due)
    await app.settle()
    await app.settle()
    const queued = await database.db.outboxMessage.findMany({ where: { kind: 'reminder' } })
    expect(queued).toHaveLength(10_000)
    expect(new Set(queued.map(({ conversation, subject }) => `${conversation} ${subject}`)).size).toBe(10_000)
    expect(await database.db.reminder.count({ where: { outcome: 'sent' } })).toBe(10_000)
    await app.stop()
    await database.close()
    await remove()
  })
}
