import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { advance } from '../../src/advance.ts'
import { createApp } from '../../src/app.ts'
import { createSimulatorChannel } from '../../src/channels/simulator.ts'
import { createSettableClock } from '../../src/clock.ts'
import { openDatabase } from '../../src/db/database.ts'
import { ticketState } from '../../src/features/tickets/state.ts'
import { openLlm } from '../../src/llm/open.ts'
import { createLogger } from '../../src/logger.ts'
import { seedDemoVillage } from '../../src/village/demo.ts'
import { DEMO_DAY, type DemoScene } from '../../src/web/demo-day.ts'
import { createPlay } from '../../src/web/play.ts'
import { createFakeOpenAi, type FakeOpenAi, faults } from '../support/fake-openai.ts'

/** Lines that the rules are unsure of, between the scenes of the day. */
const DOUBTFUL: DemoScene = {
  title: 'doubtful',
  steps: [
    { by: 'zhao', where: 'villagers', text: '卫生室那大夫人怪好，给我老伴打针不疼', after: 0 },
    { by: 'chen', where: 'villagers', text: '有没有人一起去赶场', after: 0 },
    { minutes: 12, after: 0 },
  ],
}
const HALF = Math.floor(DEMO_DAY.length / 2)
const MORNING = [...DEMO_DAY.slice(0, HALF), DOUBTFUL]
const SCENES = [...MORNING, ...DEMO_DAY.slice(HALF), DOUBTFUL]
const NOON = MORNING.reduce((steps, scene) => steps + scene.steps.length, 0)

/** Plays the day and returns everything that was said and that became of it, without ids and moments. */
async function day(server: FakeOpenAi | null, onStep: (done: number) => void) {
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-day-'))
  const database = await openDatabase(`file:${join(directory, 'day.db')}`)
  const { db } = database
  const clock = createSettableClock(new Date('2026-03-02T09:00:00+08:00'))
  const logger = createLogger('silent')
  await seedDemoVillage(database, clock.now())
  const { id: villageId } = await db.village.findFirstOrThrow({ where: { demo: true } })
  const simulator = createSimulatorChannel(join(directory, 'attachments'))
  const llm = server && (await openLlm(server.config, { db, clock, logger, budget: 600 }))
  const app = createApp({ database, channels: [simulator], clock, logger, manual: true, ...(llm && { llm }) })
  await app.start()
  const jump = (ms: number) => advance(app, clock, new Date(clock.now().getTime() + ms))
  // Each line is worked on before the next one, as it is on a day that takes its time.
  const say = async (event: Parameters<typeof simulator.say>[0]) => {
    await simulator.say(event)
    await app.settle()
  }
  const failures: unknown[] = []
  const play = createPlay({
    db,
    clock,
    villageId,
    jump,
    scenes: SCENES,
    pace: 0,
    simulator: { ...simulator, say: say as typeof simulator.say },
    changed: () => onStep(play.state()?.done ?? 0),
    failed: (error) => failures.push(error),
  })
  play.start()
  await play.finished()
  await jump(5 * 60_000)
  const said = await db.outboxMessage.findMany({ orderBy: { id: 'asc' } })
  const rows = await db.ticket.findMany({ orderBy: { id: 'asc' } })
  const tickets = await Promise.all(rows.map((row) => ticketState(db, row)))
  const left = await db.inboxEvent.count({ where: { state: { not: 'done' } } })
  await app.stop()
  await database.close()
  rmSync(directory, { recursive: true, force: true })
  return {
    failures,
    left,
    said: said.map(({ conversation, kind, text, state }) => ({ conversation, kind, text, state })),
    tickets: tickets.map(({ sources: _, ...ticket }) => ticket),
  }
}

test('the demo day ends alike without a model and with one that fails in the middle of it', {
  timeout: 120_000,
}, async () => {
  const alone = await day(null, () => {})
  const server = await createFakeOpenAi()
  server.says({ intent: 'chatter', category: null, urgency: null, sensitive: false, place: null })
  let before = -1
  const failing = await day(server, (done) => {
    if (done < NOON || before >= 0) return
    before = server.asked.length
    server.behave(faults({}).hang as never)
  })
  expect(failing).toEqual(alone)
  expect(alone.failures).toEqual([])
  expect(alone.left).toBe(0)
  expect(alone.tickets.length).toBeGreaterThan(1)
  expect(before).toBeGreaterThan(0)
  expect(server.asked.length).toBeGreaterThan(before)
})
