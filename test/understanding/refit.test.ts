import { describe, expect, test } from 'vitest'
import { type Lesson, lessonOf } from '../../src/understanding/learned/fit.ts'
import { refit } from '../../src/understanding/learned/refit.ts'
import { share } from '../../src/understanding/measure.ts'
import { readTrainingLines } from '../../src/understanding/training-lines.ts'
import { understand } from '../../src/understanding/understand.ts'
import { village } from './village.ts'

/** Some lines of three voices: enough to see the rules of keeping at work, in seconds. */
const SUITE = readTrainingLines()
  .filter(({ name }) => ['chatter.jsonl', 'hard-cases.jsonl', 'mixed.jsonl'].includes(name))
  .map(({ name, lines }) => ({ name, lines: lines.filter((_, i) => i % 6 === 0) }))

const lesson = (text: string, more: Partial<Lesson>): Lesson => {
  return { text, problem: null, emergency: null, sensitive: null, category: null, place: null, weight: 2, ...more }
}

/** This village calls its loudspeakers iron roosters, and its workers file them under facilities. */
const SPEAKERS = ['村口', '二组', '晒谷场', '祠堂', '五组', '小学', '水塔', '河坝', '桥头', '砖厂', '一组', '四组'].map(
  (place) => lesson(`${place}那个铁公鸡哑火了`, { problem: true, category: 'facility' }),
)
const NEW = '三组那个铁公鸡又哑火了'

describe('fitting the model to a village', { timeout: 120_000 }, () => {
  test('what its workers have taught is read rightly afterwards, in places that were not taught', () => {
    expect(understand(NEW, village).gate).toBe('none')
    const { model, own, objection } = refit(SPEAKERS, village, SUITE)
    expect(objection).toBeNull()
    expect(own.after.right).toBeGreaterThan(own.before.right)
    expect(understand(NEW, village, undefined, model)).toMatchObject({ category: 'facility', version: /\+/ })
  })

  test('the same lessons give the same model, others another', () => {
    const versions = [SPEAKERS, SPEAKERS, SPEAKERS.slice(1)].map(
      (lessons) => refit(lessons, village, SUITE).model.version,
    )
    expect(versions[0]).toBe(versions[1])
    expect(versions[2]).not.toBe(versions[0])
  })

  test('lessons that would cost what is known are refused', () => {
    const lines = SUITE.flatMap(({ lines: all }) => all)
    const emergencies = lines.filter(({ urgency }) => urgency === 'emergency').map(lessonOf)
    const deaf = emergencies.map((each) => ({ ...each, emergency: false, problem: false, category: null, weight: 30 }))
    expect(refit(deaf, village, SUITE).objection).toBe('emergencies')
    const chatter = lines.filter(({ gate_expected: gate }) => gate === 'not').map(lessonOf)
    const credulous = chatter.map((each) => ({ ...each, problem: true, weight: 30 }))
    const { suite, objection } = refit(credulous, village, SUITE)
    expect(objection).not.toBeNull()
    expect(share(suite.after.precision)).toBeLessThan(share(suite.before.precision) - 0.005)
  })
})
