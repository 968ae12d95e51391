import type { Db } from '../db/database.ts'
import { Prisma } from '../db/generated/sqlite/browser.ts'

/** Every table, those that others refer to first. */
export const TABLES: readonly string[] = Object.values(Prisma.ModelName)

export type Row = { id: number } & Record<string, unknown>

export interface Column {
  name: string
  type: 'Int' | 'String' | 'Boolean' | 'DateTime' | 'Json'
}

/** A table as such, for what concerns all of them: a backup, an erasure. Everybody else uses the typed client. */
export interface Table {
  name: string
  columns: readonly Column[]
  /** Rows in the order of their ids, read page by page. */
  rows(where?: Record<string, unknown>): AsyncGenerator<Row>
  count(where?: Record<string, unknown>): Promise<number>
  insert(rows: readonly Record<string, unknown>[]): Promise<void>
  update(id: number, data: Record<string, unknown>): Promise<void>
  clear(): Promise<void>
}

interface Delegate {
  fields: Record<string, { name: string; typeName: string }>
  findMany(query: object): Promise<Row[]>
  count(query: object): Promise<number>
  createMany(query: object): Promise<unknown>
  update(query: object): Promise<unknown>
  deleteMany(query: object): Promise<unknown>
}

const PAGE = 200
const TYPES: readonly string[] = ['Int', 'String', 'Boolean', 'DateTime', 'Json'] satisfies Column['type'][]

/** The table of that name. Throws when there is none, or when it has a column of a type not known here. */
export function tableOf(db: Db, name: string): Table {
  if (!TABLES.includes(name)) throw new Error(`there is no table ${name}`)
  const delegate = (db as unknown as Record<string, Delegate>)[name.charAt(0).toLowerCase() + name.slice(1)]
  if (!delegate) throw new Error(`the database client has no table ${name}`)
  const columns = Object.keys(delegate.fields).map((column) => {
    const type = delegate.fields[column]?.typeName ?? ''
    if (!TYPES.includes(type)) throw new Error(`column ${name}.${column} has type ${type}, which a backup cannot hold`)
    return { name: column, type: type as Column['type'] }
  })
  return {
    name,
    columns,
    async *rows(where = {}) {
      let last = 0
      for (;;) {
        const page = await delegate.findMany({
          where: { AND: [where, { id: { gt: last } }] },
          orderBy: { id: 'asc' },
          take: PAGE,
        })
        yield* page
        last = page.at(-1)?.id ?? last
        if (page.length < PAGE) return
      }
    },
    count: (where = {}) => delegate.count({ where }),
    insert: async (rows) => {
      if (rows.length > 0) await delegate.createMany({ data: rows })
    },
    update: async (id, data) => {
      await delegate.update({ where: { id }, data })
    },
    clear: async () => {
      await delegate.deleteMany({})
    },
  }
}
