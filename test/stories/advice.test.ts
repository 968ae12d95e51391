import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { aVillage, type Conversation } from '../support/conversation.ts'
import { type Behaviour, createFakeOpenAi, type FakeOpenAi, faults, writes } from '../support/fake-openai.ts'

/** The rules make nothing of it. */
const MISSED = '活动室的空调不冷，老人家都热得不肯来打牌'
/** The rules are sure of it, but for the kind where they doubt everything. */
const CLEAR = '三组桥头路灯坏了'
/** They doubt everything. */
const DOUBTFUL = { problem: 0, category: 2 }
const ADVICE = { intent: 'report', category: 'facility', urgency: 'normal', sensitive: false, place: '活动室' }

async function advised(
  says: typeof ADVICE | Record<string, unknown> | Behaviour = ADVICE,
  budget = 5000,
  doubts: { problem: number; category: number } | null = { ...DOUBTFUL, category: 0 },
): Promise<Conversation & { server: FakeOpenAi }> {
  const server = await createFakeOpenAi()
  if (typeof says === 'function') server.behave(says as Behaviour)
  else server.says(says)
  const village = await aVillage({ llm: { config: server.config, budget }, ...(doubts && { doubts }) })
  return Object.assign(village, { server })
}

/** The model answers when it is told to. */
function onWord(content: object): { behaviour: Behaviour; say(): void } {
  let speak = () => {}
  return {
    behaviour: (response, asked) => {
      speak = () => writes(content)(response, asked)
    },
    say: () => speak(),
  }
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 200 && !(await what()); n++) await sleep(10)
  expect(await what()).toBe(true)
}

const kept = async (village: Conversation) =>
  (await village.database.db.inboxEvent.findMany({ orderBy: { id: 'asc' } })).map(
    (event) =>
      (typeof event.understanding === 'string' ? JSON.parse(event.understanding) : event.understanding) as Kept,
  )
interface Kept {
  gate: string
  advisedBy?: string
}

test('what the rules miss becomes a candidate, and the villagers hear nothing of it', async () => {
  const village = await advised()
  await village.says('刘嫂', MISSED)
  village.hears('grid', '疑似', '设施', '活动室')
  await village.passes({ minutes: 2 })
  expect(village.everHeard('villagers')).toEqual([])
  expect(await village.ticket(1)).toMatchObject({ status: 'candidate', category: 'facility', place: '活动室' })
  const [message] = await kept(village)
  expect(message?.advisedBy).toMatch(/^understand@1 [\da-f]{12} fake$/)
})

test('without a model, and with one that brings nothing, the same line is nothing', async () => {
  const alone = await aVillage()
  await alone.says('刘嫂', MISSED)
  expect(await alone.tickets()).toEqual([])
  for (const behaviour of [
    faults(ADVICE).hang,
    faults(ADVICE)['another schema'],
    writes({ ...ADVICE, intent: 'chatter' }),
  ]) {
    const village = await advised(behaviour as Behaviour, 800)
    await village.says('刘嫂', MISSED)
    expect(await village.tickets()).toEqual([])
    expect(village.server.asked.length).toBe(1)
    const [message] = await village.database.db.inboxEvent.findMany()
    expect(message?.state).toBe('done')
  }
})

test('a kind that the rules are unsure of is corrected, and the urgency raised', async () => {
  const village = await advised({ ...ADVICE, category: 'road', place: null, urgency: 'urgent' }, 5000, DOUBTFUL)
  await village.says('刘嫂', CLEAR)
  expect(await village.ticket(1)).toMatchObject({ category: 'road', urgency: 'urgent', status: 'open' })
})

test('nobody is asked where the rules are sure, nor about what is sensitive, pressing, said to a card or among workers', async () => {
  const village = await advised(ADVICE, 5000, null)
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.says('王婶', '今天豆腐三块钱一斤')
  await village.says('桂兰', '我男人昨晚又动手打我，身上都青了')
  await village.says('大军', '三组老王家起火了！快来人')
  await village.inGrid('老周').says(MISSED)
  await village.inVillagers('王婶').replies(village.everHeard('villagers')[0] as never, MISSED)
  await village.says('王婶', '谢谢')
  await village.says('王婶', '还没人来修吗')
  expect(village.server.asked).toEqual([])
})

test('the village goes on while the model thinks, and the same person’s further lines wait their turn', async () => {
  const village = await advised()
  const { behaviour, say } = onWord(ADVICE)
  village.server.behave(behaviour)
  const doubtful = village.says('刘嫂', MISSED)
  await until(() => village.server.asked.length === 1)
  const others = [village.says('王婶', '三组桥头路灯坏了'), village.says('刘嫂', '五组水塔下面的水管爆了，水冲了一路')]
  await until(async () => (await village.database.db.ticket.count()) === 1)
  await sleep(100)
  expect(await village.database.db.ticket.count()).toBe(1)
  say()
  await Promise.all([doubtful, ...others])
  await village.passes({ minutes: 2 })
  const texts = (await village.database.db.ticket.findMany({ orderBy: { no: 'asc' } })).map(({ text }) => text)
  expect(texts).toEqual(['三组桥头路灯坏了', MISSED, '五组水塔下面的水管爆了，水冲了一路'])
})

test('a message taken back or changed meanwhile is not decided by advice about the old words', async () => {
  const village = await advised()
  const first = onWord(ADVICE)
  village.server.behave(first.behaviour)
  const speaking = village.says('刘嫂', MISSED, { id: 'x1' })
  await until(() => village.server.asked.length === 1)
  const spoken = { where: 'villagers', by: '刘嫂', messageId: 'x1', text: MISSED }
  const taking = village.recalls('刘嫂', spoken)
  await sleep(50)
  first.say()
  await Promise.all([speaking, taking])
  // The recall waited for its turn, so the candidate was made and then withdrawn.
  for (const ticket of await village.tickets()) expect(ticket.status).toBe('withdrawn')

  const second = onWord(ADVICE)
  village.server.behave(second.behaviour)
  const again = village.says('王婶', MISSED, { id: 'x2' })
  await until(() => village.server.asked.length === 2)
  // A network's administrator takes it back, which does not wait for 王婶.
  const event = await village.database.db.inboxEvent.findFirstOrThrow({ where: { messageId: 'x2' } })
  await village.database.db.inboxEvent.update({ where: { id: event.id }, data: { state: 'done', text: '' } })
  const before = (await village.tickets()).length
  second.say()
  await again
  expect((await village.tickets()).length).toBe(before)
})

test('a stop does not wait for the model, and the message has its outcome by the rules', async () => {
  const village = await advised(faults(ADVICE).hang as Behaviour, 5000, DOUBTFUL)
  const speaking = village.says('刘嫂', CLEAR)
  await until(() => village.server.asked.length === 1)
  const started = performance.now()
  await village.restarts()
  expect(performance.now() - started).toBeLessThan(4000)
  await speaking
  await village.passes({ minutes: 2 })
  expect((await village.tickets()).map(({ category }) => category)).toEqual(['light'])
})

test('a bundle is asked about once, as one sentence', async () => {
  const village = await advised({ ...ADVICE, category: 'road', place: null })
  await village.says('刘嫂', '桥头那个坑')
  await village.says('刘嫂', '越来越大，三轮车轮子都卡进去了')
  await village.passes({ minutes: 2 })
  expect((await village.tickets()).length).toBe(1)
  expect(village.server.asked.length).toBeLessThanOrEqual(1)
})

test('the same person’s lines wait in their order through two questions in a row', async () => {
  const village = await advised()
  const { behaviour, say } = onWord(ADVICE)
  village.server.behave(behaviour)
  const lines = [village.says('刘嫂', MISSED)]
  await until(() => village.server.asked.length === 1)
  lines.push(
    village.says('刘嫂', '六组小卖部的秤不冷不热的，老人家都不肯来打牌'),
    village.says('刘嫂', '三组桥头路灯坏了'),
  )
  await sleep(50)
  say()
  await Promise.all(lines)
  await village.passes({ minutes: 2 })
  const tickets = await village.database.db.ticket.findMany({ orderBy: { no: 'asc' } })
  expect(tickets.at(0)?.text).toBe(MISSED)
  expect(tickets.at(-1)?.text).toBe('三组桥头路灯坏了')
  expect(await village.database.db.inboxEvent.count({ where: { state: { not: 'done' } } })).toBe(0)
})
