import { describe, expect, it } from 'vitest'
import { CATEGORIES, CATEGORY_CODES, categoryOf, findCategory } from '../../src/understanding/categories.ts'
import { HOMOPHONES } from '../../src/understanding/lexicon/homophones.ts'

describe('categories', () => {
  it('are 63, each once, in seven kinds of work', () => {
    expect(new Set(CATEGORY_CODES).size).toBe(63)
    expect(new Set(CATEGORIES.map((row) => row.work)).size).toBe(7)
    expect(new Set(CATEGORIES.map((row) => row.label)).size).toBe(63)
  })

  it('are found by the words workers write', () => {
    expect(findCategory('道路')).toBe('road')
    expect(findCategory('垃圾')).toBe('garbage')
    expect(findCategory('light')).toBe('light')
    expect(findCategory('火星')).toBeNull()
    for (const code of CATEGORY_CODES) expect(findCategory(categoryOf(code).label)).toBe(code)
  })
})

describe('homophones', () => {
  it('keep the length of the text', () => {
    for (const { wrong, right } of HOMOPHONES) expect(right).toHaveLength(wrong.length)
  })
})
