import { describe, expect, test } from 'vitest'
import { aVillage, type Conversation, type Records, type Speaker } from '../support/conversation.ts'

/** Somebody of each role, and who merely looks like one. */
const PEOPLE = [
  { role: 'villager', name: '刘嫂', works: false },
  { role: 'informant', name: '刘社长', works: false },
  { role: 'grid worker', name: '小杨', works: true },
  { role: 'legal helper', name: '吴老师', works: false },
  { role: 'secretary', name: '陈书记', works: true },
  { role: 'administrator', name: '小罗', works: false },
  { role: 'stranger with a worker’s nickname', name: 'stranger', nickname: '老周', works: false },
  { role: 'anonymous sender', name: 'nobody', account: null, works: false },
] as const

const PLACES = [
  ['the villagers’ room', (village: Conversation, name: string): Speaker => village.inVillagers(name)],
  ['the grid room', (village: Conversation, name: string): Speaker => village.inGrid(name)],
  ['a direct message', (village: Conversation, name: string): Speaker => village.direct(name)],
] as const

/** Each verb as a line about ticket 1, and whether it changes anything where it is allowed. */
const VERBS = [
  ['undo', '1 撤销', false],
  ['list', '待办', false],
  ['show', '1 详情', false],
  ['urge', '1 催办', true],
  ['urgency', '1 加急', true],
  ['correct', '1 改 道路', true],
  ['extend', '1 延 3天 等配件', true],
  ['confirm', '1 收', true],
  ['assign', '1 派 老周', true],
  ['start', '1 在办', true],
  ['merge', '1 并 2', true],
  ['split', '1 拆', true],
  ['reject', '1 不属实 灯是好的', true],
  ['resolve', '1 办结 换了灯泡', true],
] as const

/** What a verb may change; what people say of it and when it is next looked at is left out. */
const work = ({ tickets, reporters, history, people, rooms }: Records): Records => ({
  tickets: tickets as unknown[],
  reporters: reporters as unknown[],
  history: history as unknown[],
  people: people as unknown[],
  rooms: rooms as unknown[],
})

async function twoLamps(village: Conversation): Promise<void> {
  await village.says('王婶', '三组桥头路灯坏了')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
}

describe('who may do what, and where', () => {
  for (const [where, speaking] of PLACES) {
    for (const person of PEOPLE) {
      test(`${person.role} in ${where}`, async () => {
        const village = await aVillage()
        const { db } = village.database
        await twoLamps(village)
        const fresh = await village.row(1)
        const speaker = speaking(village, person.name)
        const manner = {
          ...('nickname' in person && { nickname: person.nickname }),
          ...('account' in person && { account: person.account }),
        }
        for (const [verb, line, changes] of VERBS) {
          // Splitting needs something that is merged.
          if (verb === 'split') {
            const { id: into } = await village.row(2)
            await db.ticket.update({ where: { id: fresh.id }, data: { status: 'merged', mergedIntoId: into } })
          }
          const before = work(await village.records())
          await speaker.says(line, manner)
          const after = work(await village.records())
          const label = `${person.role}, ${where}: ${line}`
          if (person.works && changes) expect(after, label).not.toEqual(before)
          else expect(after, label).toEqual(before)
          if (!person.works) {
            village.hearsNothing('villagers', 'grid', 'party', '@老周', '@王婶', '@赵大爷')
            expect(village.heard(`@${person.name}`).length, label).toBeLessThanOrEqual(1)
          }
          const { id: _, no: __, villageId: ___, accusedIds: ____, ...fields } = fresh
          await db.ticket.update({ where: { id: fresh.id }, data: fields })
          await village.passes({ minutes: 6 })
        }
      })
    }
  }
})

test('by quoting a card or a worker’s words nobody gets a right', async () => {
  const village = await aVillage()
  await twoLamps(village)
  const card = await village.card(1)
  const said = await village.inGrid('老周').says('大家看看1号')
  const before = work(await village.records())
  for (const name of ['刘嫂', '刘社长', '吴老师', '小罗', '路人']) {
    for (const line of ['收', '办结 换了灯泡', '派 老周', '不属实 假的', '撤销', '急', '改 道路']) {
      await village.inGrid(name).replies(card, line)
      await village.inGrid(name).replies(said, line)
      await village.inVillagers(name).replies(card, line)
      village.hearsNothing('grid', 'villagers')
    }
  }
  expect(work(await village.records())).toEqual(before)
})

test('a sentence that was asked of a worker is not taken from anybody else, nor elsewhere', async () => {
  const village = await aVillage()
  await twoLamps(village)
  await village.inGrid('老周').says('1 办结')
  await village.inGrid('刘嫂').says('灯泡换了新的')
  await village.inGrid('老周').says('大家吃饭没')
  expect((await village.ticket(1)).status).not.toBe('closed')
  expect((await village.ticket(1)).reporters).toEqual(['王婶'])
})

test('a worker who writes a bare number among villagers is talking, not working', async () => {
  const village = await aVillage()
  await twoLamps(village)
  for (const text of ['1', '2', '1号', '12']) {
    await village.inVillagers('老周').says(text)
    village.hearsNothing('villagers', 'grid', '@老周')
  }
})

test('who is no worker any more has no rights from then on', async () => {
  const village = await aVillage()
  await twoLamps(village)
  await village.inGrid('小杨').says('2 收')
  await village.database.db.person.updateMany({ where: { name: '小杨' }, data: { role: 'villager' } })
  await village.restarts()
  await village.inGrid('小杨').says('1 收')
  await village.inGrid('小杨').says('撤销')
  expect((await village.tickets()).map((ticket) => ticket.status)).toEqual(['open', 'confirmed'])
})
