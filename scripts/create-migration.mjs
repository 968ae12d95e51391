// Writes the next migration for both databases from a changed prisma/models.prisma:
//   node scripts/create-migration.mjs NAME
// It compares with prisma/migrations/models.prisma, the models as of the last migration, and needs no database.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { PROVIDERS, root, schemaOf } from './schemas.mjs'

/** Loaded once: the glue module keeps views of one instance's memory. */
let glue

async function createEngine(schema) {
  if (!glue) {
    const directory = `${root}/node_modules/@prisma/schema-engine-wasm`
    glue = await import(`${directory}/schema_engine_bg.js`)
    const bytes = readFileSync(`${directory}/schema_engine_bg.wasm`)
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue })
    glue.__wbg_set_wasm(instance.exports)
    instance.exports.__wbindgen_start()
  }
  return glue.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, await unusedAdapter(schema))
}

/** A diff of two schemas asks the adapter only for its provider. */
async function unusedAdapter(schema) {
  const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils')
  if (schema.includes('provider = "sqlite"')) {
    const { PrismaLibSql } = await import('@prisma/adapter-libsql')
    return bindMigrationAwareSqlAdapterFactory(new PrismaLibSql({ url: 'file::memory:' }))
  }
  const { PrismaPg } = await import('@prisma/adapter-pg')
  return bindMigrationAwareSqlAdapterFactory(
    new PrismaPg({ connectionString: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres' }),
  )
}

/** The SQL that leads from one set of models to another; `before` may be empty. */
export async function migrationSql(provider, before, after) {
  const side = (models) =>
    models === ''
      ? { tag: 'empty' }
      : { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schemaOf(provider, models) }] }
  const engine = await createEngine(schemaOf(provider, after))
  const { stdout } = await engine.diff({
    from: side(before),
    to: side(after),
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  return stdout ?? ''
}

if (process.argv[1]?.endsWith('create-migration.mjs')) {
  const name = process.argv[2]
  if (!name || !/^[a-z0-9_]+$/.test(name))
    throw new Error('usage: node scripts/create-migration.mjs NAME (a-z, 0-9, _)')
  const snapshot = `${root}/prisma/migrations/models.prisma`
  const before = existsSync(snapshot) ? readFileSync(snapshot, 'utf8') : ''
  const after = readFileSync(`${root}/prisma/models.prisma`, 'utf8')
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  for (const provider of PROVIDERS) {
    const directory = `${root}/prisma/migrations/${provider}/${stamp}_${name}`
    mkdirSync(directory, { recursive: true })
    writeFileSync(`${directory}/migration.sql`, await migrationSql(provider, before, after))
  }
  writeFileSync(snapshot, after)
  process.exit()
}
