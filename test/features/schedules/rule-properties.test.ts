import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoInZone } from '../../../src/clock.ts'
import { nextTimes, occurrences } from '../../../src/features/schedules/occurrences.ts'
import { readSentence } from '../../../src/features/schedules/reading/read-sentence.ts'
import { renderRule } from '../../../src/features/schedules/render-rule.ts'
import { Rule } from '../../../src/features/schedules/rule.ts'
import { anyRule } from './rules.ts'

/** Bounded in time, since other work may run beside it. */
const bounded = (numRuns: number) => ({ numRuns, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false })

const ZONE = 'Asia/Shanghai'
const NOW = new Date('2026-03-02T10:00:00+08:00')

/** With a weekly rule that counts weeks, only the week of its first day matters; readers take the first day that fits. */
function withoutFirstDay(rule: Rule): Rule {
  return { ...rule, ...(rule.from && { from: 'any' }) }
}

test('a rule said in Chinese is read back as the same rule', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      fc.pre(nextTimes(rule, NOW, 1, ZONE).length > 0)
      const sentence = `${renderRule(rule)}，开会`
      const reading = readSentence(sentence, { now: NOW, timeZone: ZONE })
      if (!reading.ok) throw new Error(`${sentence}: ${JSON.stringify(reading.problem)}`)
      expect(withoutFirstDay(reading.draft.rule), sentence).toEqual(withoutFirstDay(rule))
      const times = (of: Rule) => nextTimes(of, NOW, 5, ZONE).map(({ at }) => isoInZone(at, ZONE))
      expect(times(reading.draft.rule), sentence).toEqual(times(rule))
    }),
    bounded(10_000),
  )
})

test('a rule is plain data', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      expect(Rule.parse(JSON.parse(JSON.stringify(rule)))).toEqual(rule)
    }),
    bounded(500),
  )
})

/** Zones with and without changes of the clock, in both halves of the world, and one that changes by half an hour. */
const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo']

test('next times ascend, never repeat and lie after the moment asked for', () => {
  fc.assert(
    fc.property(
      anyRule,
      fc.date({ min: new Date('2020-01-01'), max: new Date('2032-01-01'), noInvalidDate: true }),
      fc.constantFrom(...ZONES),
      (rule, after, zone) => {
        let previous = after.getTime()
        for (const { at } of nextTimes(rule, after, 6, zone)) {
          expect(at.getTime()).toBeGreaterThan(previous)
          previous = at.getTime()
        }
      },
    ),
    bounded(10_000),
  )
})

test('asking from a later moment gives the rest of the same times', () => {
  fc.assert(
    fc.property(anyRule, fc.constantFrom(...ZONES), fc.nat(6), (rule, zone, index) => {
      const all = nextTimes(rule, NOW, 10, zone).map(({ at }) => at.toISOString())
      const from = all[index]
      fc.pre(from !== undefined)
      const rest = nextTimes(rule, new Date(from as string), 9 - index, zone).map(({ at }) => at.toISOString())
      expect(rest).toEqual(all.slice(index + 1))
    }),
    bounded(2000),
  )
})

test('ten years of a thousand rules are planned within four seconds', () => {
  const rules = fc.sample(anyRule, { numRuns: 1000, seed: 5 })
  const started = process.cpuUsage()
  let count = 0
  const until = new Date('2036-03-02T10:00:00+08:00')
  for (const rule of rules) {
    for (const { at } of occurrences(rule, NOW, ZONE)) {
      if (at > until) break
      count += 1
    }
  }
  // Time of the processor: other work may run beside it.
  const { user, system } = process.cpuUsage(started)
  expect(count).toBeGreaterThan(10_000)
  expect((user + system) / 1000).toBeLessThan(4000)
})
