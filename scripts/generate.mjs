// Generates the database clients with Prisma's own generator packages. The `prisma` command line would do the same,
// but it downloads a schema engine at its first start, which fails on closed networks, and weighs 170 MB.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PROVIDERS, root, schemaOf } from './schemas.mjs'

const require = createRequire(import.meta.url)
const generated = `${root}/src/db/generated`
const stamp = `${generated}/models.sha256`

function generatorVersion() {
  return JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).dependencies['@prisma/client']
}

/** What the clients depend on: the models and the generator. */
function fingerprint() {
  const schemas = PROVIDERS.map((provider) => schemaOf(provider)).join()
  return createHash('sha256')
    .update(generatorVersion() + schemas)
    .digest('hex')
}

/** Whether the clients are those of the present models. */
export function isGenerated() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

/** Generates both clients. */
export async function generate() {
  // Their ES module builds import paths without endings, which Node refuses; the CommonJS builds work.
  const { getConfig, getDMMF } = require('@prisma/internals')
  const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts')
  rmSync(generated, { recursive: true, force: true })
  for (const provider of PROVIDERS) {
    const schemaPath = `${root}/prisma/schema.${provider}.prisma`
    const datamodel = schemaOf(provider)
    const { generators, datasources } = await getConfig({ datamodel: [[schemaPath, datamodel]] })
    await new PrismaClientTsGenerator().generate({
      generator: { ...generators[0], output: { value: `${generated}/${provider}`, fromEnvVar: null } },
      otherGenerators: [],
      schemaPath,
      datamodel,
      dmmf: await getDMMF({ datamodel: [[schemaPath, datamodel]] }),
      datasources,
      binaryPaths: {},
      version: generatorVersion(),
      noHints: true,
    })
  }
  mkdirSync(generated, { recursive: true })
  writeFileSync(stamp, fingerprint())
}

if (process.argv[1]?.endsWith('generate.mjs')) await generate()
