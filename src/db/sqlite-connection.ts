import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Client, InStatement, ResultSet, Transaction } from '@libsql/client'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import Libsql from 'libsql'

/** How long a writer waits for another process (a backup, a command) to finish. Milliseconds. */
const BUSY_TIMEOUT = 10_000

interface Prepared {
  statement: Libsql.Statement
  columns: string[]
  columnTypes: string[]
  returnsRows: boolean
}

/**
 * A client over one connection that stays open.
 *
 * `@libsql/client` opens a new connection after every transaction and never closes the old one: each costs a reread of
 * the schema and loses what was set with PRAGMA. Prisma's adapter runs one statement or transaction at a time, so one
 * connection is enough, and its prepared statements can be kept.
 *
 * The driver is synchronous, so whoever waits for it never lets the event loop turn: without a pause before each piece
 * of work, the clock's ticks and the page would stand still until a backlog of messages is done.
 */
function createSingleConnectionClient(path: string): Client {
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT })
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'cache_size = -8000']) {
    database.exec(`PRAGMA ${pragma}`)
  }
  const cache = new Map<string, Prepared>()

  function prepare(sql: string): Prepared {
    let prepared = cache.get(sql)
    if (prepared) return prepared
    const statement = database.prepare(sql)
    let returnsRows = true
    try {
      statement.raw(true)
    } catch {
      returnsRows = false // raw() refuses statements that give no rows
    }
    const columns = returnsRows ? statement.columns() : []
    prepared = {
      statement,
      columns: columns.map((column) => column.name),
      columnTypes: columns.map((column) => column.type ?? ''),
      returnsRows,
    }
    if (cache.size > 500) cache.clear()
    cache.set(sql, prepared)
    return prepared
  }

  function execute(input: InStatement): ResultSet {
    const { sql, args = [] } = typeof input === 'string' ? { sql: input } : input
    const { statement, columns, columnTypes, returnsRows } = prepare(sql)
    const values = (args as unknown[]).map((value) => (typeof value === 'boolean' ? Number(value) : value))
    const result = returnsRows
      ? { columns, columnTypes: [...columnTypes], rows: statement.all(values), rowsAffected: 0 }
      : { columns: [], columnTypes: [], rows: [], rowsAffected: statement.run(values).changes }
    return { ...result, lastInsertRowid: undefined, toJSON: () => result } as unknown as ResultSet
  }

  const transaction = {
    execute: async (statement: InStatement) => execute(statement),
    commit: async () => void database.exec('COMMIT'),
    rollback: async () => {
      if (database.inTransaction) database.exec('ROLLBACK')
    },
    close: () => {},
  }
  const client = {
    protocol: 'file',
    execute: async (statement: InStatement) => {
      await othersTurn()
      return execute(statement)
    },
    executeMultiple: async (sql: string) => void database.exec(sql),
    transaction: async () => {
      await othersTurn()
      // Taking the write lock at once avoids the unrecoverable "busy" of a reader that starts to write.
      database.exec('BEGIN IMMEDIATE')
      return transaction as unknown as Transaction
    },
    close: () => {
      cache.clear()
      database.close()
    },
  }
  return client as unknown as Client
}

/** Prisma's SQLite adapter on one durable connection: WAL, synchronous FULL. */
export class SqliteAdapter extends PrismaLibSql {
  override createClient(config: { url: string }): Client {
    return createSingleConnectionClient(config.url.replace(/^file:/, ''))
  }
}
