import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import type { IncomingMessage, OutgoingMessage } from '../../src/message.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'
import { createDatabase, providers } from '../support/database.ts'
import { plainVillage } from '../support/plain-village.ts'

const ROOMS = [...'一二三四五六七八九十'].map((numeral) => `${numeral}组群`)
/** Arrivals after which the assistant is killed: at the 2nd before it could know of it, at the 3rd a moment later … */
const KILLS = [2, 3, 4, 6, 7, 9]
/** Village time runs so much faster: the pace between rooms is then about a second. */
const SPEED = 30

const VILLAGE = parseVillageFile({
  ...plainVillage('试验村', []),
  rooms: ROOMS.map((id) => ({ id, kind: 'villagers' })),
})

type FromChild = { type: 'ready' } | { type: 'stored'; messageId: string } | { type: 'send'; message: OutgoingMessage }

for (const provider of providers) {
  test(`kill -9 in the middle of a broadcast to ${ROOMS.length} rooms loses none and repeats only what was in doubt (${provider})`, {
    timeout: 120_000,
  }, async () => {
    const { url, remove } = await createDatabase(provider)
    // Ten in the morning in the village: nothing waits for the end of the quiet hours.
    const since = new Date('2026-03-02T10:00:00+08:00').getTime()
    const begun = Date.now()
    const villageTime = () => new Date(since + (Date.now() - begun) * SPEED)
    const setup = await openDatabase(url)
    await setup.transaction((tx) => importVillage(tx, VILLAGE, { now: new Date(since), bindTo: 'pipe' }))
    await setup.close()

    const arrivals: { key: string; conversation: string }[] = []
    const said: OutgoingMessage[] = []
    /** Keys that had arrived when the assistant was killed before it could know. */
    const inDoubt = new Set<string>()
    const kills = [...KILLS]
    let child: ChildProcess | null = null

    const say = (id: string, text: string) => {
      const event: IncomingMessage = {
        type: 'message',
        channel: 'pipe',
        conversation: '陈书记',
        messageId: id,
        private: true,
        addressed: true,
        sender: { id: '陈书记', name: '陈书记' },
        text,
        attachments: [],
        sentAt: villageTime(),
      }
      child?.send({ type: 'event', event })
    }

    const begin = async () => {
      // The clock goes on where it would be by now.
      const origin = Math.round((since - SPEED * begun) / (1 - SPEED))
      const started = fork('test/support/crash-child.ts', [url, '', String(SPEED), String(origin)], {
        execArgv: ['--import', 'tsx'],
        serialization: 'advanced',
      })
      child = started
      await new Promise<void>((resolve) => {
        started.on('message', (message: FromChild) => {
          if (message.type === 'ready') return resolve()
          if (message.type !== 'send') return
          const { key, kind, conversation } = message.message
          said.push(message.message)
          const acknowledge = () => started.connected && started.send({ type: 'sent', key })
          if (kind !== 'broadcast') return void acknowledge()
          arrivals.push({ key, conversation })
          if (arrivals.length !== kills[0]) return void acknowledge()
          kills.shift()
          if (kills.length % 2 === 0) inDoubt.add(key)
          else acknowledge()
          setTimeout(() => void kill(started), kills.length % 2 === 0 ? 0 : 40)
        })
      })
    }

    const kill = async (victim: ChildProcess) => {
      const gone = once(victim, 'exit')
      victim.kill('SIGKILL')
      await gone
      await begin()
    }

    const heard = async (words: string) => {
      for (let wait = 0; wait < 900; wait++) {
        const found = said.find(({ text }) => text.includes(words))
        if (found) return found
        await sleep(100)
      }
      throw new Error(`nobody said ${words}; heard: ${said.map(({ text }) => text).join(' | ')}`)
    }

    await begin()
    say('m1', '广播：今晚八点停水')
    await heard('预览')
    say('m2', '确认')
    const result = await heard('群已送达')
    const last = child as ChildProcess | null
    last?.kill('SIGKILL')
    if (last) await once(last, 'exit')

    expect(kills).toEqual([])
    expect(result.text).toContain(`${ROOMS.length}群已送达`)
    expect([...new Set(arrivals.map(({ conversation }) => conversation))].sort()).toEqual([...ROOMS].sort())
    const repeated = arrivals.filter(({ key }, n) => arrivals.findIndex((other) => other.key === key) !== n)
    for (const { key } of repeated) expect([...inDoubt]).toContain(key)
    const { db, close } = await openDatabase(url)
    const rows = await db.outboxMessage.findMany({ where: { kind: 'broadcast' } })
    expect(rows.map(({ conversation }) => conversation).sort()).toEqual([...ROOMS].sort())
    expect(await db.broadcastDelivery.count({ where: { state: 'queued' } })).toBe(ROOMS.length)
    console.info(`${provider}: ${KILLS.length} kills, ${rows.length} rooms, ${repeated.length} repetitions`)
    await close()
    await remove()
  })
}
