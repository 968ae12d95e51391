import type { Database } from '../db/database.ts'

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
}

/**
 * Writes down in one statement that many messages opened nothing. Most of a village's talk is such; a mark that a crash
 * loses only means that the line is read once more.
 */
export function createMarks({ db, provider }: Database, onFault: (error: unknown) => void): Marks {
  let waiting: Mark[] = []
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST)
      const rows = batch.map((_, n) => `(${[1, 2, 3, 4, 5].map((k) => placeholder(n * 5 + k, k)).join(', ')})`)
      const values = batch.flatMap((mark) => [mark.id, mark.villageId, mark.personId, mark.roomId, mark.understanding])
      waiting = waiting.slice(batch.length)
      try {
        await db.$executeRawUnsafe(
          `WITH "mark"("id", "villageId", "personId", "roomId", "understanding") AS (VALUES ${rows.join(', ')})
           UPDATE "InboxEvent" SET "state" = 'done', "dueAt" = NULL, "villageId" = "mark"."villageId",
             "personId" = "mark"."personId", "roomId" = "mark"."roomId", "understanding" = "mark"."understanding"
           FROM "mark" WHERE "InboxEvent"."id" = "mark"."id"`,
          ...values,
        )
      } catch (error) {
        waiting = [...batch, ...waiting]
        throw error
      }
    }
  }

  /** PostgreSQL wants to be told the type of what is only a value; SQLite keeps JSON as text. */
  function placeholder(index: number, column: number): string {
    if (provider === 'sqlite') return '?'
    return `$${index}::${column === 5 ? 'jsonb' : 'int'}`
  }

  return {
    flush,
    add(marks) {
      waiting.push(...marks)
      if (waiting.length >= MOST) void flush().catch(onFault)
      else timer ??= setTimeout(() => void flush().catch(onFault), DELAY)
    },
  }
}
