import { SECOND } from '../clock.ts'
import { faultOf, type Logger } from '../logger.ts'
import type { Lanes } from './lanes.ts'

/** Work that has not ended by then is not waited for, whatever bounds it has of its own. Milliseconds. */
const LONGEST = 10 * SECOND

/** A piece of work about some messages, outside their village's lane. */
export interface Consultation<T> {
  /** Whose further lines wait for its end. */
  key: string
  lane: string
  /** Ids of the messages it is about. They stay as they are stored, so a new start takes them up again. */
  ids: readonly number[]
  /** May take seconds. What it rejects with counts as null. */
  work(signal: AbortSignal): Promise<T | null>
  /** Goes on in the lane with what came of it; null when nothing did, or not in time. Must not reject. */
  resume(result: T | null): Promise<void>
}

export interface Consultations {
  open<T>(consultation: Consultation<T>): void
  isOpen(key: string): boolean
  /** Keeps a later piece of work of the same sender until the open one has ended; false where none is open. */
  after(key: string, id: number, then: () => Promise<void>): boolean
  /** Resolves when none is open any more. */
  idle(): Promise<void>
  /** Ends all that is open, and from now on whatever is opened, without a result. */
  callOff(): void
}

interface Open {
  ids: Set<number>
  held: (() => Promise<void>)[]
  off: AbortController
}

/**
 * Lets somebody be asked about a message without holding up the village: the lane is free meanwhile, and only further
 * lines of the same sender in the same conversation wait, so that they are not read before it.
 */
export function createConsultations(lanes: Lanes, logger: Logger): Consultations {
  const open = new Map<string, Open>()
  const ends = new Set<Promise<void>>()
  let closed = false

  async function resultOf<T>({ work, ids }: Consultation<T>, off: AbortController): Promise<T | null> {
    if (closed) return null
    const timer = setTimeout(() => off.abort(), LONGEST)
    const over = new Promise<null>((resolve) => off.signal.addEventListener('abort', () => resolve(null)))
    const worked = work(off.signal).catch((error: unknown) => {
      logger.error({ inbox: ids.at(-1), fault: faultOf(error) }, 'a consultation failed')
      return null
    })
    try {
      return await Promise.race([worked, over])
    } finally {
      clearTimeout(timer)
    }
  }

  async function conduct<T>(consultation: Consultation<T>): Promise<void> {
    const { key, lane, ids, resume } = consultation
    const entry: Open = { ids: new Set(ids), held: [], off: new AbortController() }
    open.set(key, entry)
    const result = await resultOf(consultation, entry.off)
    await lanes.run(lane, async () => {
      open.delete(key)
      await resume(result)
      for (const then of entry.held) await then()
    })
  }

  return {
    open(consultation) {
      const end = conduct(consultation)
        .catch((error: unknown) =>
          logger.error({ inbox: consultation.ids.at(-1), fault: faultOf(error) }, 'a message waits for recovery'),
        )
        .finally(() => ends.delete(end))
      ends.add(end)
    },
    isOpen: (key) => open.has(key),
    after(key, id, then) {
      const entry = open.get(key)
      if (!entry) return false
      if (!entry.ids.has(id)) entry.held.push(then)
      entry.ids.add(id)
      return true
    },
    async idle() {
      while (ends.size > 0) await Promise.all(ends)
    },
    callOff() {
      closed = true
      for (const { off } of open.values()) off.abort()
    },
  }
}
