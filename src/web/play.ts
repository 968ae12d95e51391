import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SimulatorChannel } from '../channels/simulator.ts'
import { type Clock, fromWallTime, MINUTE, SECOND, wallTime } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { newestAbout, quoteOf } from './conversation.ts'
import { CAST, type CastMember, DEMO_DAY, type DemoLine, type DemoPause, type DemoScene } from './demo-day.ts'
import { type DemoPerson, type DemoVillage, type Place, readVillage } from './demo-village.ts'

/** How often and how far apart it is looked whether the assistant has answered a line that is to be quoted. */
const LOOKS = 20
const LOOK_EVERY = 400

export interface PlayState {
  scene: string
  /** Who is writing to the assistant alone, so that the watcher's third phone may show it. */
  owner?: string
  /** Steps done. */
  done: number
  total: number
}

export interface Play {
  /** Starts the demo day. False where it is under way already. */
  start(): boolean
  stop(): void
  /** null while nothing plays. */
  state(): PlayState | null
  /** Resolves when nothing plays any more. */
  finished(): Promise<void>
}

export interface PlayParts {
  db: Db
  clock: Clock
  simulator: SimulatorChannel
  villageId: number
  jump(ms: number): Promise<void>
  /** Called whenever the state has changed. */
  changed(): void
  /** Called with what stopped a play before its end. */
  failed(error: unknown): void
  scenes?: readonly DemoScene[]
  /** How fast the watcher's clock runs; tests take 0. */
  pace?: number
}

/** Plays the demo day through the simulator as if people wrote it. One at a time. */
export function createPlay(parts: PlayParts): Play {
  const scenes = parts.scenes ?? DEMO_DAY
  const pace = parts.pace ?? 1
  const total = scenes.reduce((sum, scene) => sum + scene.steps.length, 0)
  let state: PlayState | null = null
  let controller = new AbortController()
  let running: Promise<void> = Promise.resolve()

  async function run(signal: AbortSignal): Promise<void> {
    const village = await readVillage(parts.db, parts.villageId)
    const ids = new Map<string, { messageId: string; line: DemoLine }>()
    for (const scene of scenes) {
      for (const step of scene.steps) {
        const owner = 'by' in step && step.where === 'direct' ? castPerson(village, step.by)?.id : state?.owner
        state = { scene: scene.title, done: state?.done ?? 0, total, ...(owner !== undefined && { owner }) }
        parts.changed()
        await sleep(step.after * SECOND * pace, undefined, { signal, ref: false })
        if ('by' in step) await say(step, village, ids, signal)
        else await parts.jump(span(step, parts.clock.now(), village.timezone))
        signal.throwIfAborted()
        state.done++
      }
    }
  }

  async function say(
    line: DemoLine,
    village: DemoVillage,
    ids: Map<string, { messageId: string; line: DemoLine }>,
    signal: AbortSignal,
  ): Promise<void> {
    const person = castPerson(village, line.by)
    const place = person && castPlace(village, line, person)
    // A village without a grid room, say, still gets the rest of the day.
    if (!person || !place) return
    const told = line.quote === undefined ? null : await answerTo(place, ids.get(line.quote)?.messageId, signal)
    const text = await fill(line.text, village, place, ids, signal)
    const quote = told?.messageId ? await quoteOf(parts.db, place, told.messageId) : null
    const messageId = `m-${randomUUID()}`
    if (line.id !== undefined) ids.set(line.id, { messageId, line })
    await parts.simulator.say({
      type: 'message',
      ...place,
      messageId,
      sender: { id: person.id, name: person.name },
      text,
      addressed: place.private,
      ...(quote && { quote }),
      attachments: line.photo ? [await photo(line.photo)] : [],
      sentAt: parts.clock.now(),
    })
  }

  async function photo(name: string) {
    const bytes = await readFile(new URL(`./${name}.jpg`, import.meta.url))
    return parts.simulator.keep(bytes, { kind: 'image', name: `${name}.jpg`, mime: 'image/jpeg' })
  }

  /** Waits a little: the assistant may still be thinking. */
  async function answerTo(place: Place, messageId: string | undefined, signal: AbortSignal) {
    if (messageId === undefined) return null
    for (let look = 0; look < LOOKS; look++) {
      const found = await newestAbout(parts.db, place, messageId)
      if (found) return found
      await sleep(LOOK_EVERY * pace, undefined, { signal, ref: false })
    }
    return null
  }

  async function fill(
    text: string,
    village: DemoVillage,
    place: Place,
    ids: ReadonlyMap<string, { messageId: string }>,
    signal: AbortSignal,
  ): Promise<string> {
    let filled = text
    for (const [whole, what, name = ''] of text.matchAll(/\{(no|name):([a-z]+)\}/g)) {
      const value =
        what === 'name'
          ? castPerson(village, name as CastMember)?.name
          : (await answerTo(place, ids.get(name)?.messageId, signal))?.text.match(/#(\d+)/)?.[1]
      filled = filled.replace(whole, value ?? '')
    }
    return filled.trim()
  }

  return {
    start() {
      if (state) return false
      state = { scene: '', done: 0, total }
      controller = new AbortController()
      const { signal } = controller
      running = run(signal)
        .catch((error: unknown) => {
          if (!signal.aborted) parts.failed(error)
        })
        .finally(() => {
          state = null
          parts.changed()
        })
      return true
    },
    stop: () => controller.abort(),
    state: () => state,
    finished: () => running,
  }
}

function castPerson(village: DemoVillage, member: CastMember): DemoPerson | undefined {
  const { role, nth } = CAST[member]
  const same = village.people.filter((person) => person.role === role)
  // The worker on duty is the first of them: alarms go there.
  same.sort((a, b) => Number(b.duty) - Number(a.duty))
  return same[nth % Math.max(1, same.length)]
}

function castPlace(village: DemoVillage, line: DemoLine, person: DemoPerson): Place | null {
  if (line.where === 'direct') return { conversation: person.id, private: true }
  const conversation = village.rooms[line.where]
  return conversation === undefined ? null : { conversation, private: false }
}

/** Milliseconds of village time that a pause lasts. */
function span(pause: DemoPause, now: Date, timezone: string): number {
  if ('minutes' in pause) return pause.minutes * MINUTE
  const wall = wallTime(now, timezone)
  const day = wall.hour < pause.untilHour ? wall.day : wall.day + 1
  const until = fromWallTime({ year: wall.year, month: wall.month, day, hour: pause.untilHour }, timezone)
  // One minute more: what is due on the hour is to have happened.
  return until.getTime() - now.getTime() + MINUTE
}
