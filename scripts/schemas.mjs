// Puts a datasource and a generator in front of prisma/models.prisma, once for each database.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
export const PROVIDERS = ['sqlite', 'postgresql']

/** The whole schema of one provider; `models` defaults to prisma/models.prisma. */
export function schemaOf(provider, models = readFileSync(`${root}/prisma/models.prisma`, 'utf8')) {
  return `datasource db {
  provider = "${provider}"
}

generator client {
  provider            = "prisma-client"
  output              = "../src/db/generated/${provider}"
  importFileExtension = "ts"
  compilerBuild       = "small"
}

${models}`
}
