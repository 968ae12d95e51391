import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Database, Db, Provider } from './database.ts'

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

/** Any number; it keeps two processes from migrating one PostgreSQL database at the same time. */
const MIGRATION_LOCK = 7_301_001

/** The table of Prisma's own `migrate deploy`, so that either can go on where the other stopped. */
const HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMP,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMP,
  "started_at" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

/**
 * Applies the migrations that the database does not have yet, all in one transaction.
 * Throws where an applied migration's file has changed since, or where the database is newer than this program.
 */
export async function migrate(transaction: Database['transaction'], provider: Provider): Promise<string[]> {
  const directory = `${MIGRATIONS}/${provider}`
  const names = readdirSync(directory).sort()
  return transaction(async (tx) => {
    if (provider === 'postgresql') await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})::text`)
    await tx.$executeRawUnsafe(HISTORY)
    const applied = await tx.$queryRawUnsafe<{ migration_name: string; checksum: string }[]>(
      'SELECT "migration_name", "checksum" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL',
    )
    const checksums = new Map(applied.map((row) => [row.migration_name, row.checksum]))
    for (const name of checksums.keys()) {
      if (!names.includes(name)) {
        throw new Error(`The database was made by a newer xiaoge (it has migration ${name}). Update the program.`)
      }
    }
    const done: string[] = []
    for (const name of names) {
      const sql = readFileSync(`${directory}/${name}/migration.sql`, 'utf8')
      const checksum = createHash('sha256').update(sql).digest('hex')
      const known = checksums.get(name)
      if (known === checksum) continue
      if (known) throw new Error(`Migration ${name} was changed after it was applied. Restore its file.`)
      await apply(tx, sql)
      await tx.$executeRawUnsafe(
        `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count")
         VALUES ('${randomUUID()}', '${checksum}', '${name}', CURRENT_TIMESTAMP, 1)`,
      )
      done.push(name)
    }
    return done
  })
}

async function apply(tx: Db, sql: string): Promise<void> {
  const statements = sql
    .split(/;\s*$/m)
    .map((statement) => statement.replace(/^--.*$/gm, '').trim())
    .filter((statement) => statement !== '')
  for (const statement of statements) await tx.$executeRawUnsafe(statement)
}
