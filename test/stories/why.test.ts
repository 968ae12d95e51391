import { describe, expect, test } from 'vitest'
import { nameOf } from '../../src/explanation/replies.ts'
import { readTrainingLines } from '../../src/understanding/training-lines.ts'
import { understand } from '../../src/understanding/understand.ts'
import { xiaoge } from '../cli/run.ts'
import { aVillage, type Conversation, type Spoken } from '../support/conversation.ts'
import { providers } from '../support/database.ts'
import { village as anyVillage } from '../understanding/village.ts'

async function why(village: Conversation, message: Spoken | string, ...flags: string[]): Promise<string> {
  const id = typeof message === 'string' ? message : message.messageId
  const { status, stdout, stderr } = await xiaoge(['why', id, ...flags], { url: village.database.url })
  expect([status, stderr]).toEqual([0, ''])
  return stdout
}

for (const provider of providers) {
  describe(`xiaoge why (${provider})`, () => {
    test('a report: what it was taken for, on what grounds, by which version, and what became of it', async () => {
      const village = await aVillage({ provider })
      const said = await village.says('刘嫂', '三组村口路灯又不亮了，黑灯瞎火的，赶紧来人')
      const told = await why(village, said)
      expect(told).toMatch(/^是要办的事，立了1号\n {2}这句话：刘嫂，3月2日 9:00：三组村口路灯又不亮了/)
      expect(told).toMatch(/判断：是要办的事。把握9\d%；到\d\d%立单，到\d\d%当疑似诉求/)
      expect(told).toMatch(/像要办的事：一听就是事的话“.*路灯.*不亮.*”；说了地点“三组村口”/)
      expect(told).toMatch(/学来的（参考）：偏向“是”的：“/)
      expect(told).toMatch(/类别：路灯，看的是“.*路灯.*”/)
      expect(told).toContain('地点：“三组村口”，记作 3组 村口（村里名册上有）')
      expect(told).toMatch(/轻重：.*听着急的：“赶紧/)
      expect(told).toContain('保密：不用')
      expect(told).toMatch(/按哪一版：rules-\S+ model-[0-9a-f]{8}\n/)
      expect(told).toContain('后来：1号：立了单；现在等网格员接单')
      await village.inGrid('老周').says('1 收')
      expect(await why(village, said)).toContain('后来：1号：立了单；现在网格员接了单')
      expect(await why(village, '#1')).toContain('三组村口路灯又不亮了')
    })

    test('chatter: what speaks against it, and that nothing was done', async () => {
      const village = await aVillage({ provider })
      const told = await why(village, await village.says('大军', '哈哈昨天打麻将赢了三块钱'))
      expect(told).toMatch(/^没有当成要办的事\n/)
      expect(told).toContain('判断：不是要办的事，是闲聊。把握0%')
      expect(told).toContain('不像要办的事：像是说笑“哈哈”；像是闲聊“打麻将”')
      expect(told).toContain('后来：小格没作声，也没记什么')
    })

    test('a candidate, a “+1” and a worker’s step', async () => {
      const village = await aVillage({ provider })
      const hearsay = await village.says('大军', '听别个说河坝的栏杆好像有点松')
      await village.passes({ minutes: 3 })
      expect(await why(village, hearsay)).toMatch(/^拿不准，记成了疑似诉求1号\n[^]*现在疑似诉求，等网格员看\n/)
      await village.says('刘嫂', '三组停水了')
      const plusOne = await village.says('大军', '我家也是，+1')
      expect(await why(village, plusOne)).toMatch(/^记在2号上\n[^]*后来：2号：加一；/)
      const done = await village.inGrid('老周').says('2 办结 修好了水管')
      expect(await why(village, done)).toMatch(/^记在2号上\n[^]*后来：2号：办结；现在办好了/)
    })

    test('lines that were read together are explained together, once', async () => {
      const village = await aVillage({ provider })
      const first = await village.says('赵大爷', '三组那个水管')
      expect(await why(village, first)).toContain('小格还在等这个人的下一句')
      const second = await village.says('赵大爷', '漏了好几天了')
      await village.passes({ minutes: 3 })
      const told = await why(village, second)
      expect(told).toMatch(/这句话：赵大爷，.*：三组那个水管\n {2}连着的话：赵大爷，.*：漏了好几天了\n/)
      expect(await why(village, first)).toBe(told)
      expect(await why(village, '#1')).toBe(told)
    })

    test('an emergency is taken whatever the chance', async () => {
      const village = await aVillage({ provider })
      const told = await why(village, await village.says('大军', '孩子掉河里了快来人啊'))
      expect(told).toContain('为什么：有危险，马上办，不看把握')
      expect(told).toMatch(/轻重：特急，有危险：落水、涨水“掉河里了/)
      expect(told).toContain('记作 河（名册上没有，按说法认出来的）')
    })

    test('of a sensitive matter no word is shown, and not who said it, but why it is private', async () => {
      const village = await aVillage({ provider })
      const said = await village.says('桂兰', '我男人又打我，救命啊')
      const told = await why(village, said)
      expect(told).toContain('要保密的事，这里不显示谁说的、说了什么')
      expect(told).toContain('保密：要保密：家里打人')
      expect(told).not.toMatch(/桂兰|男人|打我|救命/)
    })

    test('what was decided by an earlier version stands, and what it would be now is told beside it', async () => {
      const village = await aVillage({ provider })
      const said = await village.says('刘嫂', '三组村口路灯又不亮了')
      const { db } = village.database
      const row = await db.inboxEvent.findFirstOrThrow({ where: { messageId: said.messageId } })
      const kept = {
        ...(row.understanding as object),
        version: 'rules-0 model-0',
        gate: 'none',
        intent: 'chatter',
        category: null,
      }
      await db.inboxEvent.update({ where: { id: row.id }, data: { understanding: kept } })
      const told = await why(village, said)
      expect(told).toContain('判断：不是要办的事，是闲聊')
      expect(told).toMatch(/按哪一版：当时是 rules-0 model-0，现在是 rules-\S+ model-/)
      expect(told).toContain('现在再看：是要办的事，路灯，一般')
    })

    test('what is gone is said to be gone', async () => {
      const village = await aVillage({ provider })
      const recalled = await village.says('刘嫂', '三组村口路灯又不亮了')
      await village.recalls('刘嫂', recalled)
      expect(await why(village, recalled)).toBe('这句话撤回了，没有留下判断。\n')
      const said = await village.says('大军', '五组停水了')
      expect((await xiaoge(['erase', '大军', '--yes'], { url: village.database.url })).status).toBe(0)
      expect(await why(village, said)).toBe('这句话按要求删除了，没有留下判断。\n')
    })

    test('an unknown message, and an id that several conversations have', async () => {
      const village = await aVillage({ provider })
      const { url } = village.database
      expect(await xiaoge(['why', 'm99'], { url })).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('no message m99'),
      })
      expect(await xiaoge(['why', '#7'], { url })).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('no ticket 7'),
      })
      expect((await xiaoge(['why'], { url })).status).toBe(2)
      await village.says('刘嫂', '今天好热', { id: 'same' })
      await village.inGrid('老周').says('都吃了吗', { id: 'same' })
      const several = await xiaoge(['why', 'same'], { url })
      expect([several.status, several.stderr]).toEqual([
        1,
        expect.stringMatching(/Several conversations.*--conversation ID/),
      ])
      const { conversation } = await village.database.db.inboxEvent.findFirstOrThrow({ where: { text: '都吃了吗' } })
      expect(await why(village, 'same', '--conversation', conversation)).toContain('都吃了吗')
    })
  })
}

test('every rule that speaks for or against a problem has words', () => {
  const said = readTrainingLines().flatMap(({ lines }) => lines.map(({ text }) => understand(text, anyVillage)))
  const rules = said.flatMap(({ evidence }) => evidence.filter(({ part }) => part === 'gate').map(({ rule }) => rule))
  const reasons = new Set(rules.filter((rule) => nameOf(rule) === undefined))
  expect([...reasons]).toEqual([])
})
