import type { Database, Db } from '../db/database.ts'

/** Marks are written together after this long. Milliseconds. */
const DELAY = 50
const MOST = 100

/** That a message was read and opened nothing. */
export interface Mark {
  id: number
  villageId: number
  personId: number
  roomId: number | null
  understanding: string
}

export interface Marks {
  add(marks: readonly Mark[]): void
  /** Writes what is waiting. Rejects when the database does; the marks then wait on. */
  flush(): Promise<void>
  /** Runs one transaction that first writes `own` and what is waiting; if it fails, what was waiting waits on. */
  transaction<T>(own: readonly Mark[], work: (tx: Db) => Promise<T>): Promise<T>
}

/**
 * Writes down in one statement that many messages opened nothing. Most of a village's talk is such; a mark that a crash
 * loses only means that the line is read once more.
 */
export function createMarks({ db, provider, transaction }: Database, onFault: (error: unknown) => void): Marks {
  let waiting: Mark[] = []
  let timer: NodeJS.Timeout | null = null

  /** All that is waiting, which is then the caller's to write or to give back. */
  function take(): Mark[] {
    if (timer) clearTimeout(timer)
    timer = null
    const taken = waiting
    waiting = []
    return taken
  }

  async function write(tx: Db, marks: readonly Mark[]): Promise<void> {
    for (let from = 0; from < marks.length; from += MOST) {
      const batch = marks.slice(from, from + MOST)
      const rows = batch.map((_, n) => `(${[1, 2, 3, 4, 5].map((k) => placeholder(n * 5 + k, k)).join(', ')})`)
      const values = batch.flatMap((mark) => [mark.id, mark.villageId, mark.personId, mark.roomId, mark.understanding])
      await tx.$executeRawUnsafe(
        `WITH "mark"("id", "villageId", "personId", "roomId", "understanding") AS (VALUES ${rows.join(', ')})
         UPDATE "InboxEvent" SET "state" = 'done', "dueAt" = NULL, "villageId" = "mark"."villageId",
           "personId" = "mark"."personId", "roomId" = "mark"."roomId", "understanding" = "mark"."understanding"
         FROM "mark" WHERE "InboxEvent"."id" = "mark"."id"`,
        ...values,
      )
    }
  }

  async function orGiveBack<T>(work: (marks: readonly Mark[]) => Promise<T>): Promise<T> {
    const taken = take()
    try {
      return await work(taken)
    } catch (error) {
      waiting = [...taken, ...waiting]
      throw error
    }
  }

  const flush = () => orGiveBack((taken) => write(db, taken))

  /** PostgreSQL wants to be told the type of what is only a value; SQLite keeps JSON as text. */
  function placeholder(index: number, column: number): string {
    if (provider === 'sqlite') return '?'
    return `$${index}::${column === 5 ? 'jsonb' : 'int'}`
  }

  return {
    flush,
    transaction: (own, work) =>
      orGiveBack((taken) =>
        transaction(async (tx) => {
          await write(tx, [...taken, ...own])
          return work(tx)
        }),
      ),
    add(marks) {
      waiting.push(...marks)
      if (waiting.length >= MOST) void flush().catch(onFault)
      else timer ??= setTimeout(() => void flush().catch(onFault), DELAY)
    },
  }
}
