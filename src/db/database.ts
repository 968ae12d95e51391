import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ALONE, createExclusive, type Exclusive } from './exclusive.ts'
import type { Prisma, PrismaClient } from './generated/sqlite/client.ts'
import { migrate } from './migrate.ts'

export type {
  Broadcast,
  Campaign,
  Connection,
  Grid,
  InboxEvent,
  Inquiry,
  Label,
  Meeting,
  Occurrence,
  OutboxMessage,
  Person,
  Prisma,
  Question,
  Reminder,
  Room,
  Schedule,
  Ticket,
  TicketReporter,
  Timer,
  Village,
  VillageCard,
} from './generated/sqlite/client.ts'

/** What functions read from and write to: the database itself or a transaction on it. */
export type Db = Prisma.TransactionClient

export type Provider = 'sqlite' | 'postgresql'

export interface Database {
  provider: Provider
  url: string
  db: PrismaClient
  /** Runs `work` in one short transaction. Rejects, with nothing written, when `work` rejects. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>
  /** What only one of several processes on this database may do. */
  exclusive: Exclusive
  close(): Promise<void>
}

export function providerOf(url: string): Provider {
  return /^postgres(ql)?:/.test(url) ? 'postgresql' : 'sqlite'
}

/**
 * Both clients come from the same models, so their types are the same but for their names.
 * Only the one in use is loaded: each takes some 40 MB.
 */
async function createClient(url: string): Promise<PrismaClient> {
  if (providerOf(url) === 'postgresql') {
    const { PrismaPg } = await import('@prisma/adapter-pg')
    const postgresql = await import('./generated/postgresql/client.ts')
    return new postgresql.PrismaClient({ adapter: new PrismaPg({ connectionString: url }) }) as unknown as PrismaClient
  }
  const { SqliteAdapter } = await import('./sqlite-connection.ts')
  const sqlite = await import('./generated/sqlite/client.ts')
  mkdirSync(dirname(url.replace(/^file:/, '')), { recursive: true })
  return new sqlite.PrismaClient({ adapter: new SqliteAdapter({ url }) })
}

/** Opens the database at `url` (`file:…` or `postgresql://…`), creates it where it is a file, and applies migrations. */
export async function openDatabase(url: string): Promise<Database> {
  const db = await createClient(url)
  const provider = providerOf(url)
  const transaction: Database['transaction'] = (work) => db.$transaction(work, { maxWait: 20_000, timeout: 30_000 })
  await migrate(transaction, provider)
  const exclusive = provider === 'postgresql' ? createExclusive(url) : ALONE
  const close = async () => {
    await exclusive.close()
    await db.$disconnect()
  }
  return { provider, url, db, transaction, exclusive, close }
}

/** Whether an error says that a unique index already holds this row. */
export function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'
}
