import { describe, expect, it } from 'vitest'
import { articleWords, shortTitle } from '../../../src/features/answers/article.ts'
import { parseLaw } from '../../../src/features/answers/parse-law.ts'
import { readNumeral } from '../../../src/numerals.ts'

const read = (text: string) => parseLaw(text, { source: 'law.md', fallback: '无题' })

describe('a law in a file', () => {
  it('has chapters, articles, paragraphs and items', () => {
    const { articles, problems } = read(
      [
        '# 中华人民共和国某某法',
        '（2020年1月1日通过　自2021年3月1日起施行）',
        '目录',
        '第一章 总则',
        '第二章 附则',
        '## 第一章 总则',
        '**第一条**　为了大家好，制定本法。',
        '第二条 本法所称的事，包括：',
        '（一）大事；',
        '（二）小事，依照第十条的规定。',
        '第十条之一　另有规定的，从其规定。',
      ].join('\n'),
    )
    expect(problems).toEqual([])
    expect(articles.map(({ law, num, section, effectiveFrom }) => [law, num, section, effectiveFrom])).toEqual([
      ['某某法', '1', '第一章 总则', '2021-03-01'],
      ['某某法', '2', '第一章 总则', '2021-03-01'],
      ['某某法', '10-1', '第一章 总则', '2021-03-01'],
    ])
    expect(articles[1]?.text).toBe('本法所称的事，包括：\n（一）大事；\n（二）小事，依照第十条的规定。')
  })

  it('may share its file with others, each under its own title', () => {
    const { articles } = read('# 《甲公约》\n第一条 一。\n# 《乙公约》\n施行日期：2025-01-01\n第一条 二。\n')
    expect(articles.map(({ law, text, effectiveFrom }) => [law, text, effectiveFrom])).toEqual([
      ['甲公约', '一。', null],
      ['乙公约', '二。', '2025-01-01'],
    ])
  })

  it('that is none gives nothing and says so', () => {
    expect(read('今天天气好\n明天也好\n后天也好\n大后天也好\n再说\n').problems).toHaveLength(1)
    expect(read('').articles).toEqual([])
    expect(read('第条 没有号\n第一条 有号\n').articles.map(({ num }) => num)).toEqual(['1'])
  })
})

describe('numbers of articles', () => {
  it('are read and written as in the law', () => {
    for (const number of [1, 9, 10, 11, 19, 20, 99, 100, 101, 110, 111, 119, 210, 999, 1000, 1001, 1010, 1165, 1260]) {
      const words = articleWords(String(number))
      expect(readNumeral(words.replace(/[第条]/g, '')), words).toBe(number)
    }
    expect(articleWords('1165')).toBe('第一千一百六十五条')
    expect(articleWords('10-1')).toBe('第十条之一')
    expect(readNumeral('６２')).toBe(62)
    expect(readNumeral('很多')).toBeNull()
  })

  it('stand under the title people use', () => {
    expect(shortTitle('# 中华人民共和国治安管理处罚法（2025修订）')).toBe('治安管理处罚法')
    expect(shortTitle('《村庄清洁公约》')).toBe('村庄清洁公约')
  })
})
