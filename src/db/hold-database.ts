import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { providerOf } from './database.ts'

/**
 * Keeps a second assistant from an SQLite database: two would answer every message twice. The lock is one of SQLite on a
 * file beside it, so it ends with the process, however that ends; commands such as backup do not ask for it. On PostgreSQL
 * nothing is held: there several processes share the work. Returns what lets go of it; throws with the remedy where it is held.
 */
export async function holdDatabase(url: string): Promise<() => void> {
  if (providerOf(url) !== 'sqlite') return () => {}
  const path = url.replace(/^file:/, '')
  const { default: Libsql } = await import('libsql')
  mkdirSync(dirname(path), { recursive: true })
  const lock = new Libsql(`${path}.lock`, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && /busy|locked/i.test(error.message))) throw error
    throw new Error(
      `another 小格 already runs on ${path}. Stop that one first, or give this one a database of its own: DATABASE_URL=file:data/other.db`,
    )
  }
  return () => lock.close()
}
