import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import mammoth from 'mammoth'
import { readSheet } from 'read-excel-file/node'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory, xiaoge } from '../../cli/run.ts'
import { aVillage, type Conversation } from '../../support/conversation.ts'
import { providers } from '../../support/database.ts'

const SAID = [
  '一支部支委会7月3日开了，5人，陈明主持，学习二十大精神',
  '二支部支委会7月4日开了，4人',
  '三组党小组会9.5 开的 到会6人 请假1人',
  '二支部党课9月9日上完了，12人，书记讲的乡村振兴',
  '一支部主题党日8月1日搞了，普法，15人',
]

async function aQuarter(provider: (typeof providers)[number]): Promise<Conversation> {
  const village = await aVillage({ provider, village: 'liushu', at: '2026-10-02T09:00:00+08:00' })
  for (const text of SAID) {
    await village.direct('梁书记').says(text)
    village.hears('@梁书记', '记下了')
  }
  return village
}

async function words(docx: Uint8Array): Promise<string> {
  return (await mammoth.extractRawText({ buffer: Buffer.from(docx) })).value
}

describe.each(providers)('the ledger (%s)', (provider) => {
  test('is written by the command, as Word and as Excel', async () => {
    const village = await aQuarter(provider)
    const directory = temporaryDirectory()
    const now = new Date('2026-10-08T09:00:00+08:00')
    const docx = join(directory, '台账.docx')
    const made = await xiaoge(['ledger', '--quarter', '2026Q3', '--out', docx], { url: village.database.url, now })
    expect(made).toEqual({ status: 0, stdout: `${docx}\n`, stderr: '' })
    const text = await words(await readFile(docx))
    expect(text).toContain('柳树村2026年第三季度“三会一课”和主题党日台账')
    for (const word of ['第一党支部', '陈明', '学习二十大精神', '第三党小组', '2026-10-02 09:00（补记）', '梁书记'])
      expect(text).toContain(word)
    const xlsx = join(directory, 'ledger.xlsx')
    expect(
      (await xiaoge(['ledger', '--quarter', '2026q3', '--out', xlsx], { url: village.database.url, now })).status,
    ).toBe(0)
    const sheet = await readSheet(xlsx, 1)
    expect(sheet[1]).toEqual([
      '序号',
      '日期',
      '类别',
      '党支部',
      '党小组',
      '主持（主讲）',
      '到会人数',
      '请假人数',
      '主题',
      '内容',
      '照片',
      '登记时间',
      '登记人',
    ])
    expect(sheet.slice(2, 7).map((row) => row.slice(1, 8))).toEqual([
      ['2026-07-03', '支委会', '第一党支部', null, '陈明', 5, null],
      ['2026-07-04', '支委会', '第二党支部', null, null, 4, null],
      ['2026-08-01', '主题党日', '第一党支部', null, null, 15, null],
      ['2026-09-05', '党小组会', '第二党支部', '第三党小组', null, 6, 1],
      ['2026-09-09', '党课', '第二党支部', null, '书记', 12, null],
    ])
    const summary = await readSheet(xlsx, 2)
    expect(summary.slice(2).map((row) => row.slice(0, 3))).toEqual([
      ['支委会', 6, 2],
      ['党小组会', 12, 1],
      ['党员大会', 2, 0],
      ['党课', 2, 1],
      ['主题党日', 6, 1],
    ])
    expect(summary[3]?.[3]).toContain('7–8月 都没登记；9月 一组、二组、四组')
  })

  test('is sent to the secretary in private when it is asked for', async () => {
    const village = await aQuarter(provider)
    await village.inRoom('party', '梁书记').says('导出三季度台账')
    const sent = village.hears('@梁书记', '第三季度', '登记了5次会')
    village.hearsNothing('party')
    expect(sent.attachments.map(({ kind, name }) => [kind, name])).toEqual([
      ['file', '柳树村2026年第三季度三会一课台账.docx'],
      ['file', '柳树村2026年第三季度三会一课台账.xlsx'],
    ])
    const [docx, xlsx] = sent.attachments
    expect(await words(docx?.bytes ?? new Uint8Array())).toContain('陈明')
    const path = join(temporaryDirectory(), 'sent.xlsx')
    await writeFile(path, xlsx?.bytes ?? '')
    expect((await readSheet(path, 1))[2]?.[5]).toBe('陈明')
    await village.direct('梁书记').says('导出台账 excel')
    expect(village.hears('@梁书记', '第四季度', '登记了0次会').attachments).toHaveLength(1)
  })

  test('holds hostile names as words', async () => {
    const village = await aQuarter(provider)
    const { db } = village.database
    const hostile = [
      '=HYPERLINK("http://x","y")',
      '+1+1',
      '-1',
      '@SUM(A1)',
      '＝1+1',
      '</w:t><w:p>&lt;',
      'a\u0000b\u202Ec\uD800',
    ]
    for (const [index, chair] of hostile.entries()) {
      const body = {
        kind: 'party-class',
        branch: `\t${chair}`,
        day: `2026-07-1${index}`,
        content: chair,
        by: chair,
        chair,
      }
      // PostgreSQL holds no zero byte and no half a character, so nor can a chair.
      const data = JSON.parse(
        provider === 'sqlite' ? JSON.stringify(body) : JSON.stringify(body).replaceAll(/\\u0000|\\ud800/g, ''),
      ) as typeof body
      await db.meeting.create({
        data: { villageId: village.villageId, ...data, enteredAt: village.clock.now(), updatedAt: village.clock.now() },
      })
    }
    const directory = temporaryDirectory()
    const settings = { url: village.database.url, now: village.clock.now() }
    const [docx, xlsx] = [join(directory, 'a.docx'), join(directory, 'a.xlsx')]
    await xiaoge(['ledger', '--quarter', '2026-07', '--out', docx], settings)
    await xiaoge(['ledger', '--quarter', '2026-07', '--out', xlsx], settings)
    const text = await words(await readFile(docx))
    expect(text).toContain('</w:t><w:p>&lt;')
    const cells = (await readSheet(xlsx, 1)).flat().filter((cell) => typeof cell === 'string')
    expect(cells).toContain(`'=HYPERLINK("http://x","y")`)
    expect(cells.filter((cell) => /^[=+\-@＝]/.test(cell))).toEqual([])
    for (const cell of cells) expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
  })

  test('of a quarter without meetings says so', async () => {
    const village = await aVillage({ provider, village: 'liushu', at: '2026-10-02T09:00:00+08:00' })
    const docx = join(temporaryDirectory(), 'empty.docx')
    await xiaoge(['ledger', '--quarter', '2026Q2', '--out', docx], { url: village.database.url })
    expect(await words(await readFile(docx))).toContain('没有登记过会议')
  })
})

test.each([
  [[], /name a quarter/],
  [['--quarter', '2026Q5', '--out', 'a.docx'], /name a quarter/],
  [['--quarter', '2026Q3'], /ends in .docx or .xlsx/],
  [['--quarter', '2026Q3', '--out', 'a.pdf'], /ends in .docx or .xlsx/],
])('the command says what is wrong with %j', async (args, message) => {
  expect(await xiaoge(['ledger', ...args])).toMatchObject({ status: 2, stderr: expect.stringMatching(message) })
})
