import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Article } from '../../src/features/answers/article.ts'
import { keepArticles } from '../../src/features/answers/corpus-store.ts'
import { aVillage, type Conversation } from '../support/conversation.ts'
import { type Behaviour, createFakeOpenAi, type FakeOpenAi, faults, writes } from '../support/fake-openai.ts'

const law = (num: string, text: string): Article => ({
  law: '打谷场管理法',
  num,
  section: '第一章 总则',
  text,
  effectiveFrom: '2020-01-01',
  effectiveUntil: null,
  source: 'test',
  scope: 'nation',
})
const ARTICLES = [
  law('1', '打谷场由村民小组管理。'),
  law('2', '晒谷每户每次不得超过二日。占用打谷场堆放建筑材料的，应当在三日内自行清除；费用由占用人承担。'),
]
const QUESTION = '占用打谷场堆放建筑材料多久要清除？'
const GOOD = {
  answerable: true,
  sentences: [
    {
      text: '堆了建筑材料，应当三日内自己清除',
      passage: 'P1',
      quote: '占用打谷场堆放建筑材料的，应当在三日内自行清除',
    },
    { text: '费用由占用人出。', passage: 'P1', quote: '费用由占用人承担' },
  ],
}

async function asked(says: object, budget = 5000): Promise<Conversation & { server: FakeOpenAi }> {
  const server = await createFakeOpenAi()
  if (typeof says === 'function') server.behave(says as Behaviour)
  else server.says(says)
  const village = await aVillage({ llm: { config: server.config, budget } })
  await keepArticles(village.database.db, ARTICLES)
  return Object.assign(village, { server })
}

const EXTRACT = '法律里最相关的是这一条'

test('an article is put into plain words, with the very words of the law beside them', async () => {
  const village = await asked(GOOD)
  await village.direct('刘嫂').says(QUESTION)
  expect(village.hears('@刘嫂').text).toBe(
    [
      '堆了建筑材料，应当三日内自己清除。费用由占用人出。',
      '《打谷场管理法》第二条（2020-01-01起施行）：“占用打谷场堆放建筑材料的，应当在三日内自行清除”',
      '《打谷场管理法》第二条（2020-01-01起施行）：“费用由占用人承担”',
      '这是一般性解答，具体情况请咨询村里的法律明白人或12348法律援助。',
    ].join('\n'),
  )
  const [call] = await village.database.db.llmCall.findMany()
  expect(call).toMatchObject({ outcome: 'ok', prompt: expect.stringMatching(/^answer@1 /) })
})

const first = GOOD.sentences[0]
test.each(
  Object.entries({
    'it cannot answer': { answerable: false, sentences: [] },
    'it says nothing': { answerable: true, sentences: [] },
    'a passage that was not given': { answerable: true, sentences: [{ ...first, passage: 'P9' }] },
    'a passage of another name': { answerable: true, sentences: [{ ...first, passage: '民法典' }] },
    'a quote that is not there': { answerable: true, sentences: [{ ...first, quote: '应当在十日内自行清除' }] },
    'one good and one bad sentence': {
      answerable: true,
      sentences: [first, { text: '清除时间可以是三十日。', passage: 'P1', quote: '应当在三日内自行清除' }],
    },
    'another number': { answerable: true, sentences: [{ ...first, text: '堆了建筑材料，应当十日内自己清除' }] },
    'no sense': writes('抱歉'),
    'no answer in time': faults(GOOD).hang as Behaviour,
    'a fault': faults(GOOD).reset as Behaviour,
    'a wrong key': faults(GOOD)['401'] as Behaviour,
  }),
)('the article speaks for itself where the model brings %s', async (_, says) => {
  const village = await asked(says, 1500)
  await village.direct('刘嫂').says(QUESTION)
  village.hears('@刘嫂', EXTRACT, '应当在三日内自行清除', '第二条')
  expect(village.heard('@刘嫂').length).toBe(1)
})

test('a card and an article that was asked for by name are left as they are', async () => {
  const village = await asked(GOOD)
  await village.direct('刘嫂').says('借钱没写利息能要利息吗？')
  village.hears('@刘嫂', '《民法典》第六百八十条')
  await village.direct('刘嫂').says('打谷场管理法第二条怎么说的？')
  village.hears('@刘嫂', '原文是这样的')
  expect(village.server.asked).toEqual([])
})

test('nobody waits for an answer but the one who asked', async () => {
  const village = await asked(GOOD)
  let speak = () => {}
  village.server.behave((response, one) => {
    speak = () => writes(GOOD)(response, one)
  })
  const asking = village.direct('刘嫂').says(QUESTION)
  for (let n = 0; n < 100 && village.server.asked.length === 0; n++) await sleep(10)
  const reporting = village.says('王婶', '三组桥头路灯坏了')
  for (let n = 0; n < 100 && (await village.database.db.ticket.count()) === 0; n++) await sleep(10)
  expect(await village.database.db.ticket.count()).toBe(1)
  speak()
  await Promise.all([asking, reporting])
  expect(village.everHeard('@刘嫂').map(({ text }) => text.slice(0, 4))).toEqual(['堆了建筑'])
})

test('a question that names somebody is sensitive and does not leave', async () => {
  const village = await asked(GOOD)
  await village.direct('刘嫂').says(`老周${QUESTION}他电话13812345678`)
  await village.direct('刘嫂').says(`请问老周，${QUESTION}`)
  expect(village.server.asked).toEqual([])
})
