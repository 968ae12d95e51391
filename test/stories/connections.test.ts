import { expect, test } from 'vitest'
import type { ChannelHealth } from '../../src/channels/channel.ts'
import { aVillage, type Conversation } from '../support/conversation.ts'

/** A village on one network whose administrator has an account on another one as well. */
async function twoNetworks(): Promise<{
  village: Conversation
  other: Conversation
  set(health: ChannelHealth): void
}> {
  const village = await aVillage({ beside: ['fengxi'] })
  const [other] = village.neighbours
  if (!other) throw new Error('there is one')
  const { db } = village.database
  const admin = await db.person.findFirstOrThrow({ where: { villageId: village.villageId, role: 'admin' } })
  const account = {
    villageId: village.villageId,
    personId: admin.id,
    channel: other.channel.name,
    externalId: 'admin-2',
  }
  await db.identity.create({ data: account })
  let health: ChannelHealth = { state: 'up' }
  village.channel.health = () => health
  return {
    village,
    other,
    set(next) {
      health = next
    },
  }
}

const DOWN: ChannelHealth = { state: 'down', reason: 'no answer' }
const alarms = (other: Conversation) => other.everHeard('@admin-2').map(({ text }) => text)

test('a connection that fails for some minutes is told over another one, once, and a restart changes nothing', async () => {
  const { village, other, set } = await twoNetworks()
  await village.passes({ minutes: 10 })
  expect(alarms(other)).toEqual([])
  set(DOWN)
  await village.passes({ seconds: 1 })
  await village.passes({ minutes: 4 })
  expect(alarms(other)).toEqual([])
  await village.passes({ minutes: 2 })
  expect(alarms(other).length).toBe(1)
  expect(alarms(other)[0]).toContain('9:10起连不上')
  await village.passes({ hours: 3 })
  await village.restarts()
  village.channel.health = () => DOWN
  await village.passes({ minutes: 30 })
  expect(alarms(other).length).toBe(1)
})

test('one that comes and goes is one trouble', async () => {
  const { village, other, set } = await twoNetworks()
  for (let n = 0; n < 12; n++) {
    set(n % 2 ? { state: 'up' } : DOWN)
    await village.passes({ minutes: 1 })
  }
  expect(alarms(other).length).toBe(1)
  set({ state: 'up' })
  await village.passes({ minutes: 1 })
  expect(alarms(other).length).toBe(1)
  await village.passes({ minutes: 6 })
  await village.passes({ minutes: 1 })
  expect(alarms(other).length).toBe(2)
  expect(alarms(other)[1]).toContain('又通了')
  await village.passes({ hours: 2 })
  expect(alarms(other).length).toBe(2)
})

test('a short gap is nobody’s business, and a needed login is told as such', async () => {
  const { village, other, set } = await twoNetworks()
  set(DOWN)
  await village.passes({ minutes: 2 })
  set({ state: 'up' })
  await village.passes({ minutes: 1 })
  await village.passes({ minutes: 10 })
  expect(alarms(other)).toEqual([])
  set({ state: 'needs-login', reason: 'the token is refused' })
  await village.passes({ seconds: 1 })
  await village.passes({ minutes: 6 })
  expect(alarms(other)).toEqual([expect.stringContaining('重新登录')])
  const row = await village.database.db.connection.findUniqueOrThrow({ where: { channel: village.channel.name } })
  expect(row).toMatchObject({ state: 'needs-login', reason: 'the token is refused' })
})

test('where there is no other way it is told when it is back, and nobody else of the village hears of it', async () => {
  const village = await aVillage()
  let health: ChannelHealth = DOWN
  village.channel.health = () => health
  await village.passes({ seconds: 1 })
  await village.passes({ minutes: 20 })
  expect(village.channel.sent).toEqual([])
  health = { state: 'up' }
  await village.passes({ seconds: 1 })
  await village.passes({ minutes: 6 })
  await village.passes({ seconds: 1 })
  expect(village.channel.sent.map(({ conversation, text }) => [conversation, text.includes('又通了')])).toEqual([
    ['小罗', true],
  ])
})
