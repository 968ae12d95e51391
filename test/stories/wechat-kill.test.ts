import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { journalIn } from '../../src/channels/wechat/home.ts'
import { openDatabase } from '../../src/db/database.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { createDatabase } from '../support/database.ts'
import { freePort, type Shown, TOKEN } from '../support/fake-wechat.ts'
import { plainVillage } from '../support/plain-village.ts'

const KILLS = 10
/** A test on a slow machine ends its killing by then. Milliseconds. */
const LONGEST = 240_000
const VILLAGERS = '101@chatroom'
const GRID = '102@chatroom'
const PLACES = [...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何罗高林'].flatMap((name) => [
  `${name}家沟`,
  `${name}家湾`,
  `${name}家坡`,
])

/** The program and a gateway, each in a process of its own, on one database. */
async function aVillage() {
  const { url, remove } = await createDatabase('sqlite')
  onTestFinished(remove)
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-wechat-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  const { db } = database
  await database.transaction(async (tx) => {
    const { id: villageId } = await importVillage(tx, plainVillage('试验村', PLACES), { now: new Date() })
    for (const [key, conversation] of [
      ['villagers', VILLAGERS],
      ['grid', GRID],
    ] as const) {
      await tx.room.update({ where: { villageId_key: { villageId, key } }, data: { channel: 'wechat', conversation } })
    }
  })
  const port = await freePort()
  const shown: Shown[] = []
  let gateway: ChildProcess | null = null
  let program: ChildProcess | null = null
  let page = ''
  const launch = (file: string, parameters: string[]) => {
    const child = fork(file, parameters, { execArgv: ['--import', 'tsx'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
  const kill = async (child: ChildProcess | null) => {
    const ended = child && once(child, 'exit')
    child?.kill('SIGKILL')
    await ended
  }
  const village = {
    db,
    shown,
    async openGateway() {
      gateway = launch('test/support/wechat-gateway-child.ts', [String(port)])
      gateway.on('message', (message: { type: string; shown: Shown }) => {
        if (message.type === 'shown') shown.push(message.shown)
      })
      await once(gateway, 'message')
      for (const [id, topic] of [
        [VILLAGERS, '村民群'],
        [GRID, '网格员群'],
      ])
        gateway.send({ type: 'room', id, topic })
    },
    async openProgram() {
      program = launch('test/support/wechat-program-child.ts', [url, `127.0.0.1:${port}`, directory, TOKEN])
      const [message] = (await once(program, 'message')) as [{ url: string }]
      page = message.url
    },
    killGateway: () => kill(gateway),
    killProgram: () => kill(program),
    async isUp() {
      const answer = await fetch(`${page}healthz`).catch(() => null)
      const health = (await answer?.json()) as { channels: { wechat: { state: string } } } | undefined
      return health?.channels.wechat.state === 'up'
    },
    says(id: string, text: string) {
      if (!gateway?.connected) return
      gateway.send({ type: 'say', id, room: VILLAGERS, talker: 'wxid_1', name: '刘嫂', text }, () => {})
    },
    stored: async () => (await db.inboxEvent.findMany({ select: { messageId: true } })).map((row) => row.messageId),
    waitsInJournal: () => readdirSync(journalIn(directory)).filter((name) => name.endsWith('.json')).length,
  }
  await village.openGateway()
  await village.openProgram()
  await expect.poll(village.isUp, { timeout: 60_000 }).toBe(true)
  return village
}

test.each(['program', 'gateway'] as const)(
  `kill -9 of the %s in the middle of traffic loses nothing that has arrived and says nothing twice that was sure`,
  { timeout: LONGEST + 180_000 },
  async (victim) => {
    const village = await aVillage()
    const { db, shown } = village
    const began = performance.now()
    const acknowledged = new Set<string>()
    let said = 0
    let kills = 0
    let talking = true
    const traffic = (async () => {
      for (; talking; said++) {
        const place = said % 25 === 0 ? PLACES[said / 25] : undefined
        village.says(`m${said}`, place ? `${place}的路灯坏了，晚上黑得很` : `今天豆腐三块钱一斤，第${said}锅`)
        await sleep(60)
      }
    })()
    while (kills < KILLS && performance.now() - began < LONGEST) {
      const before = (await village.stored()).length
      await expect
        .poll(async () => (await village.stored()).length, { timeout: 30_000, interval: 50 })
        .toBeGreaterThan(before)
      // Long enough for some messages to leave, one every second and a half.
      await sleep(1500 + ((kills * 437) % 2500))
      for (const id of await village.stored()) acknowledged.add(id)
      if (victim === 'program') {
        await village.killProgram()
        await village.openProgram()
      } else {
        await village.killGateway()
        await village.openGateway()
      }
      kills += 1
      await expect.poll(village.isUp, { timeout: 60_000, interval: 50 }).toBe(true)
    }
    await sleep(2000)
    talking = false
    await traffic

    const finished = async () => {
      const left = await db.inboxEvent.count({ where: { state: { in: ['new', 'waiting'] } } })
      const unsent = await db.outboxMessage.count({ where: { state: { in: ['pending', 'sending'] } } })
      return left + unsent + village.waitsInJournal()
    }
    await expect.poll(finished, { timeout: 150_000, interval: 500 }).toBe(0)

    const stored = await village.stored()
    expect(new Set(stored).size).toBe(stored.length)
    expect([...acknowledged].filter((id) => !stored.includes(id))).toEqual([])
    expect(await db.inboxEvent.count({ where: { state: { not: 'done' } } })).toBe(0)
    const reports = await db.inboxEvent.findMany({ where: { text: { contains: '路灯坏了' } } })
    const tickets = await db.ticket.findMany()
    expect(tickets.map(({ text }) => text).sort()).toEqual(reports.map(({ text }) => text).sort())
    const outbox = await db.outboxMessage.findMany()
    expect(outbox.filter(({ state }) => state !== 'sent').map(({ state, error }) => `${state} ${error}`)).toEqual([])
    for (const kind of ['receipt', 'card']) {
      const ids = outbox.flatMap((row) => (row.kind === kind && row.ticketId !== null ? [row.ticketId] : []))
      expect(new Set(ids).size).toBe(tickets.length)
    }
    for (const { text, conversation } of outbox) {
      expect(shown.some((one) => one.conversation === conversation && one.text === text)).toBe(true)
    }
    expect(shown.length - outbox.length).toBeLessThanOrEqual(kills)
    expect(kills).toBeGreaterThanOrEqual(5)
    console.info(
      `${victim}: ${kills} kills, ${said} said, ${stored.length} arrived, ${tickets.length} tickets, ` +
        `${shown.length - outbox.length} said again`,
    )
  },
)
