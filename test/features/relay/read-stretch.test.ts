import { describe, expect, test } from 'vitest'
import { readStretch } from '../../../src/features/relay/read-stretch.ts'

const at = { now: new Date('2026-11-24T09:00:00+08:00'), timeZone: 'Asia/Shanghai' }

/** The lines as `name|time|text+attachments`, times as on the village's wall. */
function read(text: string, sure = false): string[] | null {
  const stretch = readStretch(text, { ...at, sure })
  return (
    stretch?.lines.map(({ name, at: moment, text: words, attachments }) => {
      const wall = moment === null ? '' : new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(5, 16)
      return [name, wall, [words, ...attachments.map((kind) => `+${kind}`)].join('')].join('|')
    }) ?? null
  )
}

const LAMP = '路灯坏了'

describe('a stretch of group chat as programs copy it', () => {
  test.each([
    ['one line with a time', `张三 8:02\n${LAMP}`, [`张三|11-24T08:02|${LAMP}`]],
    ['the time of yesterday evening', `张三 20:15\n${LAMP}`, [`张三|11-23T20:15|${LAMP}`]],
    ['a full date', `张三 2026/11/20 8:02:31\n${LAMP}`, [`张三|11-20T08:02|${LAMP}`]],
    ['a date in words', `张三 11月20日 下午4:12\n${LAMP}`, [`张三|11-20T16:12|${LAMP}`]],
    ['yesterday', `张三 昨天 20:15\n${LAMP}`, [`张三|11-23T20:15|${LAMP}`]],
    ['a weekday', `张三 星期日 08:02\n${LAMP}`, [`张三|11-22T08:02|${LAMP}`]],
    ['a date of last year', `张三 12月31日 8:02\n${LAMP}`, [`张三|12-31T08:02|${LAMP}`]],
    ['a number behind the name', `张三(10086123) 8:02:13\n${LAMP}`, [`张三|11-24T08:02|${LAMP}`]],
    ['Telegram on a computer', `张三, [24.11.2026 8:02]\n${LAMP}`, [`张三|11-24T08:02|${LAMP}`]],
    ['a time in brackets before', `[8:02] 张三：${LAMP}`, [`张三|11-24T08:02|${LAMP}`]],
    ['an export with the time before', `2026-11-24 08:02:31 张三\n${LAMP}`, [`张三|11-24T08:02|${LAMP}`]],
    ['all in one line', `张三 8:02：${LAMP}`, [`张三|11-24T08:02|${LAMP}`]],
    ['names with blanks and emoji', `阿 强 🌾 8:02\n${LAMP}`, [`阿 强 🌾|11-24T08:02|${LAMP}`]],
    ['a merged forward without times', `张三：${LAMP}\n李四: 我家也是`, [`张三||${LAMP}`, '李四||我家也是']],
    ['names on lines of their own', `张三:\n${LAMP}\n\n李四:\n我家也是`, [`张三||${LAMP}`, '李四||我家也是']],
    [
      'a mailed record with days',
      `—————  2026-11-23  —————\n\n张三  08:02\n\n${LAMP}\n—— 2026-11-24 ——\n李四  00:02\n我家也是`,
      [`张三|11-23T08:02|${LAMP}`, '李四|11-24T00:02|我家也是'],
    ],
    [
      'over midnight',
      `张三 23:58\n${LAMP}\n李四 0:02\n我家也是`,
      [`张三|11-23T23:58|${LAMP}`, '李四|11-24T00:02|我家也是'],
    ],
    ['pictures and voice', '张三 8:02\n[图片]\n[语音] 12"\n桥头', ['张三|11-24T08:02|桥头+image+voice']],
    ['faces are words', '张三 8:02\n好[捂脸]', ['张三|11-24T08:02|好[捂脸]']],
    ['what was taken back', `张三 8:02\n${LAMP}\n"李四"撤回了一条消息\n李四拍了拍张三`, [`张三|11-24T08:02|${LAMP}`]],
    ['several lines of one message', '张三 8:02\n第一行\n问题：第二行', ['张三|11-24T08:02|第一行\n问题：第二行']],
    ['signs that nobody sees', '张\u200b三 8:02\r\n路\u200b灯\u202e坏了', [`张三|11-24T08:02|${LAMP}`]],
    ['meant to be one', `转：张三：${LAMP}`, [`张三||${LAMP}`]],
    ['a time in the future is none', `张三 2026/12/24 8:02\n${LAMP}`, [`张三||${LAMP}`]],
  ])('%s', (_, text, lines) => expect(read(text)).toEqual(lines))

  test.each([
    ['a report', '三组村口路灯坏了，麻烦看看'],
    ['one line with a colon', `张三：${LAMP}`],
    ['a form', '地点：三组村口\n问题：路灯坏了\n电话：13800000000'],
    ['work on tickets', '12 办结：换了灯泡\n13 办结：修好了'],
    ['a plan', '主题党日 9:00\n发党员群'],
    ['another plan', '明天上午 9:00\n开会'],
    ['a verb with a time', '12 办结 8:02\n换了灯泡'],
    ['a letter to all', '各位村民：\n明天停水\n请互相转告'],
    ['a notice', '广播：明天停水\n张支书：请互相转告\n李主任：收到'],
    ['no such time', '张三 25:99\n路灯坏了'],
    ['only a name and a time', '张三 8:02'],
  ])('%s is none', (_, text) => expect(read(text)).toBeNull())

  test('what is quoted is told apart from what is said', () => {
    const text = '张三 8:02\n「李四：水管爆了」\n- - - - - - - - - - - - - - -\n我家也没水'
    expect(readStretch(text, at)?.lines).toEqual([
      {
        name: '张三',
        text: '我家也没水',
        at: new Date('2026-11-24T08:02:00+08:00'),
        attachments: [],
        quote: { name: '李四', text: '水管爆了' },
      },
    ])
  })

  test('more than is read at once is counted, not glued to the last line', () => {
    const stretch = readStretch(`张三 8:02\n${LAMP}\n`.repeat(3010), at)
    expect([stretch?.lines.length, stretch?.more, stretch?.lines.at(-1)?.text]).toEqual([3000, 10, LAMP])
  })

  test('words before the first line say for which group it is', () => {
    expect(readStretch(`三组群\n张三 8:02\n${LAMP}`, at)?.before).toBe('三组群')
  })

  test.each([
    ['blanks', 'a '.repeat(50_000)],
    ['colons', `${'a：'.repeat(5000)}\n`.repeat(20)],
    ['digits', '1'.repeat(100_000)],
    ['strokes', `${'- '.repeat(5000)}\n${'「'.repeat(5000)}`],
    ['colons in time', '张三 8:02:'.repeat(10_000)],
    ['5,000 lines', `张三 8:02\n${LAMP}\n`.repeat(5000)],
  ])('a long text of %s is read in a moment', (_, text) => {
    const before = performance.now()
    readStretch(text, at)
    expect(performance.now() - before).toBeLessThan(2000)
  })
})
