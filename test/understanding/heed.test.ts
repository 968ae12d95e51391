import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CATEGORY_CODES, type CategoryCode, categoryOf } from '../../src/understanding/categories.ts'
import { type Advice, heed } from '../../src/understanding/heed.ts'
import { ANY_VILLAGE, readTrainingLines } from '../../src/understanding/training-lines.ts'
import { understand } from '../../src/understanding/understand.ts'
import { INTENTS, type Understanding, URGENCIES } from '../../src/understanding/understanding.ts'

const DOUBTED = readTrainingLines()
  .flatMap((voice) => voice.lines.filter((_, index) => index % 9 === 0))
  .map(({ text }) => ({ text, said: understand(text, ANY_VILLAGE) }))
const UNSURE = DOUBTED.filter(({ said }) => said.doubts.length > 0)

const someText = fc.constantFrom(...DOUBTED, ...UNSURE, ...UNSURE, ...UNSURE)
const advice = (text: string): fc.Arbitrary<Advice> =>
  fc.record({
    by: fc.constant('somebody'),
    intent: fc.constantFrom(...INTENTS),
    category: fc.option(fc.constantFrom(...CATEGORY_CODES)),
    urgency: fc.option(fc.constantFrom(...URGENCIES)),
    sensitive: fc.boolean(),
    place: fc.option(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 30 })).map(([from, length]) => text.slice(from, from + length)),
        fc.constantFrom('三组村口', '13812345678', '管理员', ''),
      ),
    ),
  })

const gates = ['none', 'maybe', 'ticket']
const openness = ['public', 'private', 'restricted']
const rank = (urgency: Understanding['urgency']) => (urgency === null ? -1 : URGENCIES.indexOf(urgency))
const visibility = (category: CategoryCode | null) =>
  category === null ? -1 : openness.indexOf(categoryOf(category).visibility)

test('there is something to be unsure of', () => {
  expect(UNSURE.filter(({ said }) => said.gate === 'none').length).toBeGreaterThan(5)
  expect(UNSURE.filter(({ said }) => said.gate !== 'none').length).toBeGreaterThan(5)
})

test('whatever is advised, nothing sinks, nothing opens by itself, and nobody is called out', () => {
  fc.assert(
    fc.property(
      someText.chain((one) => fc.tuple(fc.constant(one), advice(one.text))),
      ([{ text, said }, given]) => {
        const heard = heed(said, given, text, ANY_VILLAGE)
        // The gate: from nothing to a candidate, and no other step.
        if (said.gate === 'none') expect(['none', 'maybe']).toContain(heard.gate)
        else expect(heard.gate).toBe(said.gate)
        const raised = gates.indexOf(heard.gate) > gates.indexOf(said.gate)
        if (raised) {
          expect(said.doubts).toContain('gate')
          expect(categoryOf(heard.category as CategoryCode).work).not.toBe(5)
          expect(heard.sensitive).toBe(false)
          expect(visibility(heard.category)).toBeLessThan(2)
          expect(heard.placeKey).toBe('')
        } else {
          expect(heard.intent).toBe(said.intent)
          expect(visibility(heard.category)).toBeGreaterThanOrEqual(visibility(said.category))
          if (said.category !== null && heard.category !== said.category) expect(said.doubts).toContain('category')
        }
        expect(rank(heard.urgency)).toBeGreaterThanOrEqual(rank(said.urgency))
        expect(heard.urgency === 'emergency').toBe(said.urgency === 'emergency')
        if (said.sensitive) expect(heard).toEqual(said)
        if (heard.sensitive) expect(said.sensitive || said.gate === 'ticket').toBe(true)
        expect(heard.act).toBe(said.act)
        expect(heard.people).toEqual(said.people)
        expect(heard.accused).toEqual(said.accused)
        if (said.place !== null) expect(heard.place).toBe(said.place)
        if (heard.category !== said.category) expect(heard.placeKey).toBe('')
        expect(['', said.placeKey]).toContain(heard.placeKey)
        if (heard.place !== null) {
          expect(text).toContain(heard.place)
          if (said.place === null) expect(heard.place).not.toMatch(/\d{5}/)
        }
        if (said.doubts.length === 0) expect(heard).toEqual(said)
      },
    ),
    { numRuns: 3000 },
  )
})

test('the same advice heard twice changes nothing more', () => {
  fc.assert(
    fc.property(
      someText.chain((one) => fc.tuple(fc.constant(one), advice(one.text))),
      ([{ text, said }, given]) => {
        const once = heed(said, given, text, ANY_VILLAGE)
        const twice = heed(once, given, text, ANY_VILLAGE)
        expect(twice.gate).toBe(once.gate)
        expect(rank(twice.urgency)).toBe(rank(once.urgency))
      },
    ),
    { numRuns: 500 },
  )
})
