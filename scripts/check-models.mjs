// Whether prisma/models.prisma is sound, and whether the migrations lead to just these models.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { migrationSql } from './create-migration.mjs'
import { PROVIDERS, root, schemaOf } from './schemas.mjs'

const require = createRequire(import.meta.url)
const models = readFileSync(`${root}/prisma/models.prisma`, 'utf8')

/** What `prisma validate` says, for both databases. */
export async function checkSchemas() {
  const { validate } = require('@prisma/internals')
  const wrong = []
  for (const provider of PROVIDERS) {
    try {
      validate({ schemas: [[`${provider}.prisma`, schemaOf(provider)]] })
    } catch (error) {
      wrong.push(error.message)
    }
  }
  return wrong.join('\n')
}

export async function checkMigrations() {
  const wrong = []
  if (readFileSync(`${root}/prisma/migrations/models.prisma`, 'utf8') !== models) {
    wrong.push('prisma/models.prisma has changed since the last migration: node scripts/create-migration.mjs NAME')
  }
  const [sqlite, postgresql] = PROVIDERS.map((provider) => readdirSync(`${root}/prisma/migrations/${provider}`))
  if (sqlite.join() !== postgresql.join()) wrong.push('The two databases have migrations of different names.')
  wrong.push(...difference('sqlite', await sqliteShape(migrated('sqlite')), await sqliteShape(await direct('sqlite'))))
  const url = process.env.TEST_POSTGRES_URL
  if (url) {
    const shapes = await postgresqlShapes(url, [migrated('postgresql'), await direct('postgresql')])
    wrong.push(...difference('postgresql', ...shapes))
  }
  return wrong.join('\n')
}

/** The SQL of all migrations, and the SQL that makes the models in one go. */
function migrated(provider) {
  const directory = `${root}/prisma/migrations/${provider}`
  return readdirSync(directory)
    .sort()
    .map((name) => readFileSync(`${directory}/${name}/migration.sql`, 'utf8'))
    .join('\n')
}

function direct(provider) {
  return migrationSql(provider, '', models)
}

function difference(provider, byMigrations, byModels) {
  return [
    ...byModels.filter((line) => !byMigrations.includes(line)).map((line) => `${provider}: migrations lack ${line}`),
    ...byMigrations.filter((line) => !byModels.includes(line)).map((line) => `${provider}: models lack ${line}`),
  ]
}

/** Tables, columns, keys and indexes that some SQL makes, one line each. */
async function sqliteShape(sql) {
  const { default: Libsql } = await import('libsql')
  const database = new Libsql(':memory:')
  database.exec(sql)
  const lines = []
  for (const { name: table } of database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()) {
    for (const { cid, ...column } of database.prepare(`PRAGMA table_info("${table}")`).all()) {
      lines.push(`${table}: ${JSON.stringify(column)}`)
    }
    for (const { id, seq, ...key } of database.prepare(`PRAGMA foreign_key_list("${table}")`).all()) {
      lines.push(`${table}: ${JSON.stringify(key)}`)
    }
    for (const index of database.prepare(`PRAGMA index_list("${table}")`).all()) {
      const columns = database.prepare(`PRAGMA index_info("${index.name}")`).all()
      lines.push(`${table}: ${index.name} unique=${index.unique} (${columns.map((column) => column.name).join()})`)
    }
  }
  database.close()
  return lines
}

/** The same on PostgreSQL, in schemas that are rolled back. */
async function postgresqlShapes(connectionString, scripts) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const shapes = []
    for (const sql of scripts) {
      await client.query('BEGIN; CREATE SCHEMA xiaoge_check; SET LOCAL search_path TO xiaoge_check')
      await client.query(sql.replace(/CREATE SCHEMA IF NOT EXISTS "public";/, ''))
      const { rows } = await client.query(POSTGRESQL_SHAPE)
      shapes.push(rows.map((row) => row.line))
      await client.query('ROLLBACK')
    }
    return shapes
  } finally {
    await client.end()
  }
}

const POSTGRESQL_SHAPE = `
  SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS line
    FROM information_schema.columns WHERE table_schema = 'xiaoge_check'
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'xiaoge_check'
  UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'xiaoge_check'::regnamespace`
