import type { Readable, Writable } from 'node:stream'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { type Database, openDatabase, type Village } from '../db/database.ts'

/** What a command works with, so that a test can run one without a process. */
export interface Io {
  stdin: Readable
  stdout: Writable
  stderr: Writable
  /** Reads the configuration. Throws ConfigError. */
  config(): Config
  clock: Clock
}

/** What a command's file exports. */
export interface Command {
  /** What stands behind `xiaoge NAME`, and what each flag does. */
  usage: string
  /** Resolves to the exit status. Throws UsageError for wrong arguments, CommandError for what cannot be done. */
  run(args: string[], io: Io): Promise<number>
}

/** Wrong arguments: the program says what is right and ends with status 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Something that cannot be done, in words for the operator: the program says them and ends with status 1. */
export class CommandError extends Error {
  override name = 'CommandError'
}

/** Parses arguments. Throws UsageError that names the unknown flag or the missing value. */
export function parse<T extends ParseArgsConfig>(args: string[], config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs({ ...config, args, strict: true }) as unknown as ReturnType<typeof parseArgs<T>>
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error))
  }
}

/** Writes one line. */
export function print(stream: Writable, line: string): void {
  stream.write(`${line}\n`)
}

/** Runs `work` on the configured database and closes it afterwards, whatever happens. */
export async function withDatabase<T>(io: Io, work: (database: Database, config: Config) => Promise<T>): Promise<T> {
  const config = io.config()
  const database = await openDatabase(config.databaseUrl)
  try {
    return await work(database, config)
  } finally {
    await database.close()
  }
}

/** The village of that name, or the only one. Throws CommandError that lists the names to choose from. */
export async function chooseVillage({ db }: Database, name: string | undefined): Promise<Village> {
  const villages = await db.village.findMany({ orderBy: { id: 'asc' } })
  const names = villages.map((village) => village.name).join(', ')
  if (villages.length === 0) {
    throw new CommandError('There is no village yet. Import one with: xiaoge village import FILE')
  }
  if (name !== undefined) {
    const found = villages.find((village) => village.name === name)
    if (!found) throw new CommandError(`There is no village ${name}. There are: ${names}`)
    return found
  }
  const [only, second] = villages
  if (!only || second) throw new CommandError(`There are several villages: ${names}. Choose one with --village NAME`)
  return only
}
