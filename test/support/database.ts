import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, describe, test } from 'vitest'
import { type Database, openDatabase, type Provider } from '../../src/db/database.ts'

const POSTGRES_URL = process.env.TEST_POSTGRES_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

/** Opens a fresh, migrated, empty database; it is closed and removed after the test. */
export type Open = () => Promise<Database>

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: POSTGRES_URL, connectionTimeoutMillis: 3000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const unreachable = await onServer(async (client) => client.query('SELECT 1')).then(
  () => null,
  (error: unknown) => (error instanceof Error ? error.message || String(error) : String(error)),
)
if (unreachable !== null) {
  process.stderr.write(`PostgreSQL is not reachable at TEST_POSTGRES_URL (${unreachable}): suites run on SQLite only\n`)
}

/** A fresh database's address and how to remove it again. The database itself may not be open any more by then. */
export async function createDatabase(provider: Provider): Promise<{ url: string; remove(): Promise<void> }> {
  if (provider === 'sqlite') {
    const directory = mkdtempSync(join(tmpdir(), 'xiaoge-test-'))
    return {
      url: `file:${join(directory, 'test.db')}`,
      remove: async () => rmSync(directory, { recursive: true, force: true }),
    }
  }
  const name = `xiaoge_test_${randomBytes(8).toString('hex')}`
  await onServer((client) => client.query(`CREATE DATABASE "${name}"`))
  const url = new URL(POSTGRES_URL)
  url.pathname = `/${name}`
  return {
    url: url.href,
    remove: () =>
      onServer(async (client) => void (await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`))),
  }
}

/** The databases a suite can be run on here. */
export const providers: readonly Provider[] = unreachable === null ? ['sqlite', 'postgresql'] : ['sqlite']

/**
 * Runs a suite on each kind of database: a fresh SQLite file and, where PostgreSQL is reachable, a fresh PostgreSQL
 * database. Where it is not, that is said on standard error, and with CI=true the suite fails.
 */
export function describeDatabases(name: string, suite: (open: Open, provider: Provider) => void): void {
  for (const provider of providers) {
    describe(`${name} (${provider})`, () => {
      const cleanups: (() => Promise<void>)[] = []
      afterEach(async () => {
        for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
      })
      suite(async () => {
        const { url, remove } = await createDatabase(provider)
        cleanups.push(remove)
        const database = await openDatabase(url)
        cleanups.push(() => database.close())
        return database
      }, provider)
    })
  }
  if (unreachable !== null && process.env.CI === 'true') {
    test(`${name} (postgresql)`, () => {
      throw new Error(`PostgreSQL is not reachable at TEST_POSTGRES_URL: ${unreachable}`)
    })
  }
}
