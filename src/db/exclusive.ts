import { createHash } from 'node:crypto'
import type { Client } from 'pg'

/** What only one process at a time may do, by name. */
export interface Exclusive {
  /**
   * Whether this process has the name, now and until it releases it or is gone; never waits. Asking again for what one has
   * is free. On SQLite, which belongs to one process, always true.
   */
  hold(name: string): Promise<boolean>
  /** Lets another process have it. */
  release(name: string): Promise<void>
  close(): Promise<void>
}

export const ALONE: Exclusive = { hold: async () => true, release: async () => {}, close: async () => {} }

/**
 * Advisory locks of PostgreSQL on a connection of their own: a process that is killed loses them with its connection, so
 * there is no lease to wait for. Throws where the server cannot be reached.
 */
export function createExclusive(url: string): Exclusive {
  const held = new Set<string>()
  let connecting: Promise<Client> | null = null

  function lost(): void {
    held.clear()
    connecting = null
  }

  async function connect(): Promise<Client> {
    const { Client: PgClient } = await import('pg')
    const client = new PgClient({ connectionString: url, keepAlive: true })
    client.on('error', lost)
    client.on('end', lost)
    await client.connect()
    return client
  }

  /** The server's answer to one statement about a name. */
  async function ask(statement: string, name: string): Promise<boolean> {
    connecting ??= connect()
    try {
      const client = await connecting
      const { rows } = await client.query<{ answer: boolean }>(statement, [keyOf(name)])
      return rows[0]?.answer === true
    } catch (error) {
      lost()
      throw error
    }
  }

  return {
    async hold(name) {
      if (held.has(name)) return true
      const got = await ask('SELECT pg_try_advisory_lock($1::bigint) AS answer', name)
      if (got) held.add(name)
      return got
    },
    async release(name) {
      if (!held.delete(name)) return
      // Without a connection it is free already.
      await ask('SELECT pg_advisory_unlock($1::bigint) AS answer', name).catch(() => false)
    },
    async close() {
      const client = await connecting?.catch(() => null)
      lost()
      await client?.end().catch(() => {})
    },
  }
}

/** A lock is known by a number of 64 bits. */
function keyOf(name: string): string {
  return createHash('sha256').update(`xiaoge:${name}`).digest().readBigInt64BE(0).toString()
}
