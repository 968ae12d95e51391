import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import type { Database, Db } from '../db/database.ts'
import { TABLES, type Table, tableOf } from '../village/tables.ts'
import { ATTACHMENTS, appliedMigrations, BACKUP_FORMAT, BACKUP_VERSION, type BackupEnd } from './backup.ts'
import { CommandError, type Io, parse, print, UsageError, withDatabase } from './command.ts'
import { lines } from './json-lines.ts'

export const usage = `FILE [--force]
Reads a backup into the configured database (DATABASE_URL), whichever kind the backup was made from. Stop the assistant
first. All or nothing: a damaged file changes nothing.
  --force   replace what the database holds; otherwise it must be empty`

const BATCH = 100

const Line = z.union([
  z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) }),
  z.object({ file: z.string(), data: z.base64(), last: z.boolean() }),
  z.object({ end: z.literal(true), counts: z.record(z.string(), z.number()), files: z.number() }),
])

const Header = z.object({
  format: z.literal(BACKUP_FORMAT),
  version: z.number(),
  createdAt: z.string(),
  migrations: z.array(z.string()),
})

/** Restores a backup. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, { options: { force: { type: 'boolean' } }, allowPositionals: true })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) throw new UsageError('name one file')
  const end = await withDatabase(io, (database, config) =>
    readBackup(database, join(config.dataDirectory, ATTACHMENTS), path, values.force ?? false),
  )
  const rows = Object.values(end.counts).reduce((sum, count) => sum + count, 0)
  print(io.stdout, `${rows} rows, ${end.files} attachments restored`)
  return 0
}

/**
 * Reads a backup into a database, all in one transaction, and its attachments into a directory.
 * Throws CommandError, with the database as it was, when the file is damaged, from a newer program or, without
 * `force`, the database is not empty.
 */
export async function readBackup(
  database: Database,
  attachments: string,
  path: string,
  force: boolean,
): Promise<BackupEnd> {
  return database.db.$transaction(
    async (tx) => {
      await prepare(tx, force)
      const end = await readLines(tx, attachments, path)
      if (database.provider === 'postgresql') await resetSequences(tx)
      return end
    },
    { maxWait: 20_000, timeout: 60 * 60_000 },
  )
}

async function prepare(tx: Db, force: boolean): Promise<void> {
  for (const name of [...TABLES].reverse()) {
    const table = tableOf(tx, name)
    if (force) await table.clear()
    else if ((await table.count()) > 0) {
      throw new CommandError('The database is not empty. To replace what it holds, repeat with --force.')
    }
  }
}

async function readLines(tx: Db, attachments: string, path: string): Promise<BackupEnd> {
  const counts: Record<string, number> = {}
  let files = 0
  let header = false
  let end: BackupEnd | null = null
  let table: Table | null = null
  let batch: Record<string, unknown>[] = []
  const writer = createFileWriter(attachments)
  const flush = async () => {
    await table?.insert(batch)
    batch = []
  }
  try {
    for await (const text of unzippedLines(path)) {
      if (!header) {
        await checkHeader(tx, text, path)
        header = true
        continue
      }
      if (end) throw damaged(path, 'something follows its end')
      const line = parseLine(text, path)
      if ('row' in line) {
        if (table?.name !== line.table) {
          await flush()
          if (!TABLES.includes(line.table)) throw damaged(path, `it has an unknown table ${line.table}`)
          table = tableOf(tx, line.table)
        }
        batch.push(toRow(table, line.row, path))
        counts[line.table] = (counts[line.table] ?? 0) + 1
        if (batch.length >= BATCH) await flush()
      } else if ('file' in line) {
        await writer.write(line.file, Buffer.from(line.data, 'base64'), line.last)
        if (line.last) files += 1
      } else end = line
    }
    await flush()
  } finally {
    await writer.close()
  }
  if (!header || !end) throw damaged(path, 'its end is missing')
  for (const [name, count] of Object.entries(end.counts)) {
    if ((counts[name] ?? 0) !== count) {
      throw damaged(path, `it says ${count} rows of ${name} and has ${counts[name] ?? 0}`)
    }
  }
  if (files !== end.files) throw damaged(path, `it says ${end.files} attachments and has ${files}`)
  return end
}

async function* unzippedLines(path: string): AsyncGenerator<string> {
  const gunzip = createGunzip()
  const reading = pipeline(createReadStream(path), gunzip).catch(() => {}) // the reader below sees the same error
  try {
    yield* lines(gunzip)
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') throw new CommandError(`There is no file ${path}`)
    if (code.startsWith('Z_')) throw damaged(path, 'it is cut off or not gzip')
    throw error
  } finally {
    gunzip.destroy()
    await reading
  }
}

async function checkHeader(tx: Db, text: string, path: string): Promise<void> {
  const header = Header.safeParse(parseJson(text, path))
  if (!header.success) throw new CommandError(`${path} is not a backup of xiaoge`)
  const { version, migrations } = header.data
  const known = await appliedMigrations(tx)
  const unknown = migrations.find((name) => !known.includes(name))
  if (version > BACKUP_VERSION || unknown) {
    throw new CommandError(`${path} was made by a newer xiaoge. Update the program, then restore.`)
  }
}

function parseLine(text: string, path: string): z.output<typeof Line> {
  const line = Line.safeParse(parseJson(text, path))
  if (!line.success) throw damaged(path, 'a line has an unknown form')
  return line.data
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damaged(path, 'a line is not JSON')
  }
}

/** A row as the database client takes it. */
function toRow(table: Table, row: Record<string, unknown>, path: string): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    const column = table.columns.find((one) => one.name === name)
    if (!column) throw damaged(path, `${table.name} has an unknown column ${name}`)
    // A Json column tells "no value" from JSON's null; leaving it out is the former.
    if (value === null && column.type === 'Json') continue
    result[name] = column.type === 'DateTime' && typeof value === 'string' ? new Date(value) : value
  }
  return result
}

/** Lets PostgreSQL give the next row an id beyond the restored ones; SQLite does so by itself. */
async function resetSequences(tx: Db): Promise<void> {
  for (const name of TABLES) {
    await tx.$queryRawUnsafe(
      `SELECT setval(pg_get_serial_sequence('"${name}"', 'id'), COALESCE(MAX("id"), 1), MAX("id") IS NOT NULL)::text FROM "${name}"`,
    )
  }
}

/** Puts attachments together from their lines; one appears under its name only when it is whole. */
function createFileWriter(directory: string) {
  let current: { name: string; file: FileHandle; part: string } | null = null
  return {
    async write(name: string, bytes: Uint8Array, last: boolean): Promise<void> {
      if (name.split('/').some((part) => !/^[\p{L}\p{N}_.@ -]+$/u.test(part) || /^\.+$/.test(part))) {
        throw new CommandError(`The backup names a file that is not one: ${JSON.stringify(name)}`)
      }
      if (current && current.name !== name) throw new CommandError(`The backup's file ${current.name} is cut off`)
      if (!current) {
        const part = join(directory, `${name}.part`)
        await mkdir(dirname(part), { recursive: true })
        current = { name, part, file: await open(part, 'w', 0o600) }
      }
      await current.file.write(bytes)
      if (!last) return
      await current.file.sync()
      await current.file.close()
      await rename(current.part, join(directory, name))
      current = null
    },
    async close(): Promise<void> {
      if (!current) return
      await current.file.close().catch(() => {})
      await rm(current.part, { force: true })
    },
  }
}

function damaged(path: string, how: string): CommandError {
  return new CommandError(`${path} is damaged: ${how}. Nothing was changed.`)
}
