import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { KIND } from '../../src/channels/wechat/incoming.ts'
import { startAssistant } from '../../src/cli/start.ts'
import { systemClock } from '../../src/clock.ts'
import { parseConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/database.ts'
import { ticketState } from '../../src/features/tickets/state.ts'
import { createCode } from '../../src/village/binding.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { villageFile } from '../support/conversation.ts'
import { createDatabase } from '../support/database.ts'
import { createFakeWechat, freePort, TOKEN } from '../support/fake-wechat.ts'

const VILLAGERS = '101@chatroom'
const GRID = '102@chatroom'
const DASHES = '- - - - - - - - - - - - - - -'

/** The whole program on a gateway to WeChat, with a village nobody of which is bound yet. */
async function aProgram() {
  const gateway = await createFakeWechat({ port: await freePort() })
  onTestFinished(() => gateway.close())
  gateway.room(VILLAGERS, '清河村村民群')
  gateway.room(GRID, '网格员工作群')
  gateway.alias(VILLAGERS, gateway.self, '村里的小格')
  const { url, remove } = await createDatabase('sqlite')
  onTestFinished(remove)
  const dataDirectory = mkdtempSync(join(tmpdir(), 'xiaoge-wechat-'))
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }))
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  const { db } = database
  const now = () => systemClock.now()
  const village = await database.transaction((tx) => importVillage(tx, villageFile('qinghe'), { now: now() }))
  const settings = { WECHATY_PUPPET_SERVICE_TOKEN: TOKEN, WECHATY_PUPPET_SERVICE_ENDPOINT: gateway.endpoint }
  const config = parseConfig({ DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent', ...settings })
  const running = await startAssistant({ ...config, dataDirectory }, { demo: false, clock: systemClock })
  onTestFinished(() => running.stop())
  const accounts = new Map<string, string>()
  const account = (name: string) => {
    if (!accounts.has(name)) accounts.set(name, `wxid_${accounts.size + 100}`)
    const id = accounts.get(name) as string
    gateway.person(id, name)
    return id
  }
  const health = async () => {
    const { channels } = (await (await fetch(`${running.url}healthz`)).json()) as { channels: Record<string, object> }
    return channels.wechat
  }
  await expect.poll(health, { timeout: 60_000 }).toMatchObject({ state: 'up' })
  return {
    gateway,
    account,
    health,
    /** Somebody says something in a room, or directly. */
    says: (room: string | null, name: string, text: string) =>
      gateway.tell({ type: KIND.Text, text, talkerId: account(name), ...(room !== null && { roomId: room }) }),
    /** Somebody quotes what the assistant has said, as gateways pass it on. */
    quotes(room: string, name: string, quoted: { text: string }, text: string) {
      this.says(room, name, `「小格：${quoted.text}」\n${DASHES}\n${text}`)
    },
    /** The newest message in a conversation that holds all the words, when it comes. */
    async hears(conversation: string, ...words: string[]) {
      const find = () =>
        gateway.shown.findLast(
          (one) => one.conversation === conversation && words.every((word) => one.text.includes(word)),
        )
      await expect
        .poll(find, { timeout: 30_000, message: `${conversation} should hear ${words.join(' + ')}` })
        .toBeDefined()
      return find() as NonNullable<ReturnType<typeof find>>
    },
    async codeForRoom(key: string) {
      const room = await db.room.findFirstOrThrow({ where: { villageId: village.id, key } })
      return createCode(db, { villageId: village.id, now: now(), roomId: room.id })
    },
    async codeFor(name: string) {
      const person = await db.person.findFirstOrThrow({ where: { villageId: village.id, name } })
      return createCode(db, { villageId: village.id, now: now(), personId: person.id })
    },
    async ticket(no: number) {
      const row = await db.ticket.findUniqueOrThrow({ where: { villageId_no: { villageId: village.id, no } } })
      return ticketState(db, row)
    },
  }
}

test('from the invitation to a satisfied villager, over WeChat', { timeout: 240_000 }, async () => {
  const village = await aProgram()
  const { gateway, account, says, hears } = village
  gateway.puppet.emit('room-join', {
    inviteeIdList: [gateway.self],
    inviterId: account('李书记'),
    roomId: VILLAGERS,
    timestamp: Math.floor(Date.now() / 1000),
  })
  await hears(VILLAGERS, '我是小格', '/绑定')
  says(VILLAGERS, '李书记', `/绑定 ${await village.codeForRoom('villagers')}`)
  says(GRID, '李书记', `/绑定 ${await village.codeForRoom('grid')}`)
  await hears(VILLAGERS, '绑定好了')
  await hears(GRID, '绑定好了')
  for (const name of ['老周', '小杨']) {
    says(null, name, `/绑定 ${await village.codeFor(name)}`)
    await hears(account(name), '绑定好了', name)
  }

  says(VILLAGERS, '王婶', '今天豆腐三块钱一斤')
  says(VILLAGERS, '刘嫂', '@村里的小格\u2005三组桥头路灯坏了')
  await hears(VILLAGERS, '1号')
  const card = await hears(GRID, '#1', '三组桥头')
  expect(card.text.slice(0, 20)).toContain('#1')
  // Whoever has no account here may quote what they like.
  village.quotes(GRID, '路人', card, '办结 换了灯泡')
  village.quotes(GRID, '老周', card, '收')
  const taken = await hears(GRID, '#1', '老周接单')
  expect((await village.ticket(1)).status).toBe('confirmed')
  village.quotes(GRID, '老周', taken, '派 小杨')
  await hears(GRID, '#1', '小杨')
  await hears(account('小杨'), '#1')
  // Some gateways pass a quote on as WeChat's own XML, with the id of what is quoted.
  const xml = `<msg><appmsg><title>办结 换了灯泡</title><type>57</type><refermsg><type>1</type><svrid>${card.id}</svrid><displayname>小格</displayname><content>卡片</content></refermsg></appmsg></msg>`
  gateway.tell({ type: KIND.Unknown, text: xml, talkerId: account('小杨'), roomId: GRID })
  const result = await hears(VILLAGERS, '换了灯泡')
  expect(result.text).toContain('@刘嫂\u2005')
  expect(result.mentions).toEqual([account('刘嫂')])
  says(VILLAGERS, '刘嫂', '满意，谢谢')
  await expect.poll(async () => (await village.ticket(1)).status, { timeout: 30_000 }).toBe('closed')
  const { history } = await village.ticket(1)
  expect(history.map(({ by, event }) => `${by} ${event}`)).toEqual([
    '刘嫂 opened',
    '老周 confirm',
    '老周 assign',
    '小杨 resolve',
    '刘嫂 satisfied',
  ])
  expect(await village.health()).toMatchObject({ state: 'up', lastIn: expect.any(String), lastOut: expect.any(String) })
})
