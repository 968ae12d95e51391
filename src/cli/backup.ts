import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Database, type Db, openDatabase } from '../db/database.ts'
import { TABLES, tableOf } from '../village/tables.ts'
import { type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `[FILE]
Writes the whole database and the kept attachments into one file (gzip, JSON Lines) that \`restore\` reads into a
database of either kind. The assistant may go on running. The default file stands in data/backups/.`

export const BACKUP_FORMAT = 'xiaoge-backup'
export const BACKUP_VERSION = 1

/** Directory of kept attachments, below the data directory. */
export const ATTACHMENTS = 'attachments'

/** Bytes of an attachment on one line. */
const CHUNK = 192 * 1024

const LONG = 60 * 60_000

/** First line of a backup. */
export interface BackupHeader {
  format: typeof BACKUP_FORMAT
  version: number
  createdAt: string
  migrations: string[]
}

/** Every other line of a backup but the last. */
export type BackupLine = { table: string; row: Record<string, unknown> } | { file: string; data: string; last: boolean }

/** Last line of a backup: without it the file is not whole. */
export interface BackupEnd {
  end: true
  counts: Record<string, number>
  files: number
}

/** Writes a backup. */
export async function run(args: string[], io: Io): Promise<number> {
  const { positionals } = parse(args, { options: {}, allowPositionals: true })
  if (positionals.length > 1) throw new UsageError('name at most one file')
  const now = io.clock.now()
  const end = await withDatabase(io, async (database, config) => {
    const stamp = now.toISOString().replace(/[-:]/g, '').slice(0, 15)
    const path = positionals[0] ?? join(config.dataDirectory, 'backups', `xiaoge-${stamp}.jsonl.gz`)
    const written = await writeBackup(database, join(config.dataDirectory, ATTACHMENTS), path, now)
    print(io.stdout, path)
    return written
  })
  const rows = Object.values(end.counts).reduce((sum, count) => sum + count, 0)
  print(io.stderr, `${rows} rows, ${end.files} attachments`)
  return 0
}

/**
 * Writes everything as of one moment to `path`, which appears only when it is whole. Blocks no writer.
 * Throws when the file cannot be written.
 */
export async function writeBackup(
  database: Database,
  attachments: string,
  path: string,
  now: Date,
): Promise<BackupEnd> {
  const end: BackupEnd = { end: true, counts: {}, files: 0 }
  const part = `${path}.${process.pid}.part`
  await mkdir(dirname(resolve(path)), { recursive: true })
  await removeRemains(dirname(resolve(path)))
  try {
    await snapshot(database, part, (db) =>
      pipeline(
        Readable.from(backupLines(db, attachments, now, end)),
        createGzip(),
        createWriteStream(part, { mode: 0o600, flush: true }),
      ),
    )
    await rename(part, path)
  } finally {
    await rm(part, { force: true })
  }
  return end
}

/** Removes what backups that were killed have left in a directory. */
async function removeRemains(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = /\.(\d+)\.part(?:\.db(?:-wal|-shm|-journal)?)?$/.exec(name)?.[1]
    if (pid && !isRunning(Number(pid))) await rm(join(directory, name), { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Gives `work` the database as it is at one moment, while others go on writing. */
async function snapshot(database: Database, beside: string, work: (db: Db) => Promise<void>): Promise<void> {
  if (database.provider === 'postgresql') {
    // The type comes from SQLite's client, which knows only Serializable.
    const options = { isolationLevel: 'RepeatableRead' as 'Serializable', maxWait: 20_000, timeout: LONG }
    await database.db.$transaction(work, options)
    return
  }
  // Prisma's transactions on SQLite hold the write lock; a copy is consistent and holds none.
  const copy = `${beside}.db`
  try {
    await rm(copy, { force: true })
    await database.db.$executeRawUnsafe(`VACUUM INTO '${copy.replaceAll("'", "''")}'`)
    const { db, close } = await openDatabase(`file:${copy}`)
    try {
      await work(db)
    } finally {
      await close()
    }
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(copy + suffix, { force: true })
  }
}

async function* backupLines(db: Db, attachments: string, now: Date, end: BackupEnd): AsyncGenerator<string> {
  const header: BackupHeader = {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    createdAt: now.toISOString(),
    migrations: await appliedMigrations(db),
  }
  yield line(header)
  for (const name of TABLES) {
    let count = 0
    for await (const row of tableOf(db, name).rows()) {
      count += 1
      yield line({ table: name, row })
    }
    end.counts[name] = count
  }
  // After the rows: an attachment is kept before the message that has it is stored.
  for await (const name of filesBelow(attachments)) {
    yield* fileLines(attachments, name)
    end.files += 1
  }
  yield line(end)
}

/** Names of the migrations a database has, in order. */
export async function appliedMigrations(db: Db): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ migration_name: string }[]>(
    'SELECT "migration_name" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL ORDER BY "migration_name"',
  )
  return rows.map((row) => row.migration_name)
}

function line(value: BackupHeader | BackupLine | BackupEnd): string {
  return `${JSON.stringify(value)}\n`
}

/** Paths of the files below a directory, with `/` between their parts; half-written ones are left out. */
async function* filesBelow(directory: string): AsyncGenerator<string> {
  if (!existsSync(directory)) return
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.part')) continue
    yield relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/')
  }
}

async function* fileLines(directory: string, name: string): AsyncGenerator<string> {
  const path = join(directory, name)
  const size = (await stat(path)).size
  let read = 0
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    read += chunk.length
    yield line({ file: name, data: chunk.toString('base64'), last: read >= size })
  }
  if (read < size || size === 0) yield line({ file: name, data: '', last: true })
}
