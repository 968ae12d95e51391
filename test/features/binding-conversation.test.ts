import { describe, expect, test } from 'vitest'
import { createCode } from '../../src/village/binding.ts'
import { aVillage, type Conversation, groupWords } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

async function codeFor(village: Conversation, target: { room: string } | { person: string }): Promise<string> {
  const { db } = village.database
  const base = { villageId: village.villageId, now: village.clock.now() }
  if ('room' in target) {
    const where = { villageId_key: { villageId: village.villageId, key: target.room } }
    return createCode(db, { ...base, roomId: (await db.room.findUniqueOrThrow({ where })).id })
  }
  const person = await db.person.findFirstOrThrow({ where: { villageId: village.villageId, name: target.person } })
  return createCode(db, { ...base, personId: person.id })
}

for (const provider of providers) {
  describe(`binding in a conversation (${provider})`, () => {
    test('an unbound room is silent, one code moves the village’s room there, and the old one falls silent', async () => {
      const village = await aVillage({ provider })
      await village.inRoom('new', '刘嫂').says('三组桥头路灯坏了')
      await village.inRoom('new', '刘嫂').says('小格，三组桥头路灯坏了', { mention: true })
      village.hearsNothing('new', 'villagers', 'grid', '@刘嫂')
      expect(await village.tickets()).toEqual([])
      const code = await codeFor(village, { room: 'villagers' })
      await village.inRoom('new', '小罗').says(`/绑定 ${code}`)
      expect(village.hears('new').text).not.toContain(code)
      await village.inRoom('new', '刘嫂').says('三组桥头路灯坏了')
      village.hears('new', '1号')
      await village.says('王婶', '五组晒谷场路灯坏了')
      village.hearsNothing('villagers', 'grid')
      // The code is spent.
      await village.inRoom('third', '小罗').says(`/绑定 ${code}`)
      await village.inRoom('third', '刘嫂').says('二组祠堂路灯坏了')
      expect((await village.tickets()).length).toBe(1)
    })

    test('a person’s code gives a new account the rights, and takes them from the old', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组桥头路灯坏了')
      await village.inGrid('zhou2').says('1 收', { nickname: '周师傅' })
      expect((await village.ticket(1)).status).toBe('open')
      const code = await codeFor(village, { person: '老周' })
      await village.direct('zhou2').says(`/绑定 ${code}`, { nickname: '周师傅' })
      village.hears('@zhou2', '老周')
      await village.inGrid('老周').says('1 收')
      expect((await village.ticket(1)).status).toBe('open')
      await village.inGrid('zhou2').says('1 收', { nickname: '周师傅' })
      expect((await village.ticket(1)).status).toBe('confirmed')
      expect((await village.ticket(1)).history.at(-1)).toMatchObject({ by: '老周' })
    })
  })
}

test('a person’s code that is sent in a group binds nobody and is spent', async () => {
  const village = await aVillage()
  const code = await codeFor(village, { person: '老周' })
  await village.says('路人', `/绑定 ${code}`)
  await village.direct('路人').says(`/绑定 ${code}`)
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('路人').says('1 收')
  expect((await village.ticket(1)).status).toBe('open')
  expect(groupWords(village)).not.toContain(code)
})

test('guessing ends after five tries, for whoever guesses and not for others', async () => {
  const village = await aVillage()
  for (let n = 0; n < 12; n++) await village.direct('路人').says(`/绑定 AAAA${1000 + n}`)
  expect(village.everHeard('@路人').length).toBe(5)
  const code = await codeFor(village, { person: '老周' })
  await village.direct('路人').says(`/绑定 ${code}`)
  village.hearsNothing('@路人')
  await village.direct('zhou2').says(`/绑定 ${code}`)
  village.hears('@zhou2', '老周')
})

test('a code of another village does not take a room away', async () => {
  const village = await aVillage({ beside: ['shuanglong'], sameNetwork: true })
  const [other] = village.neighbours
  if (!other) throw new Error('there is no other village')
  const code = await codeFor(other, { room: 'villagers' })
  await village.says('小石', `/绑定 ${code}`)
  await village.says('刘嫂', '三组桥头路灯坏了')
  village.hears('villagers', '1号')
  expect((await village.tickets()).length).toBe(1)
  expect(await other.tickets()).toEqual([])
})
