import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashedRuns } from '../../src/understanding/learned/features.ts'
import { soundOf } from '../../src/understanding/sounds.ts'

const alike = (a: string, b: string) => [...a].every((char, i) => soundOf(char) === soundOf(b[i] ?? ''))

describe('what a phone or a dialect mixes up sounds the same', () => {
  test.each([
    ['路灯', '露登'],
    ['停水', '亭谁'],
    ['是', '四'],
    ['南', '蓝'],
    ['花', '发'],
    ['心', '星'],
  ])('%s and %s', (right, heard) => expect(alike(right, heard)).toBe(true))

  test.each([
    ['灯', '路'],
    ['水', '火'],
    ['电', '铺'],
  ])('%s and %s do not', (a, b) => expect(alike(a, b)).toBe(false))
})

test('signs, digits and letters have no sound', () => {
  for (const char of '，。!?0123456789aZ🙂\n') expect(soundOf(char)).toBe(0)
})

test('a misheard word keeps more of its runs where sounds are heard too', () => {
  const common = (a: Int32Array, b: Int32Array) => a.filter((run) => b.includes(run)).length
  const right = hashedRuns('村口路灯坏了')
  const misheard = hashedRuns('村口露登坏了')
  const more = common(right.heard, misheard.heard) - common(right.words, misheard.words)
  expect(more).toBeGreaterThanOrEqual(9)
})

test('the runs of any text are numbers of buckets, each once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { words, heard } = hashedRuns(text)
      expect(new Set(heard).size).toBe(heard.length)
      expect(Array.from(heard.subarray(0, words.length))).toEqual(Array.from(words))
      expect(heard.every((run) => run >= 0 && run < 32_768)).toBe(true)
    }),
  )
})
