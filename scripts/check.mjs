// npm run check: every check that needs no test run, one line each. It runs them all and fails if any failed.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { prepare } from './prepare.mjs'
import { root } from './schemas.mjs'

await prepare({ dev: true })
const { checkMigrations, checkSchemas } = await import('./check-models.mjs')

/** Each returns what is wrong, as text; nothing where all is well. */
const CHECKS = {
  lint: () => run('oxlint/bin/oxlint', ['src', 'test', 'scripts']),
  types: () => run('typescript/bin/tsc', ['--noEmit', '-p', '.']),
  format: () => run('@biomejs/biome/bin/biome', ['check', '--colors=off', '.']),
  'dead code': () => run('knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
  schemas: checkSchemas,
  migrations: checkMigrations,
}

async function run(program, parameters) {
  try {
    await promisify(execFile)(process.execPath, [`${root}/node_modules/${program}`, ...parameters], {
      maxBuffer: 2 ** 26,
    })
    return ''
  } catch (error) {
    return `${error.stdout}${error.stderr}` || String(error)
  }
}

for (const [name, check] of Object.entries(CHECKS)) {
  const started = performance.now()
  const wrong = await check().catch((error) => String(error.stack))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${wrong ? 'FAILED' : 'ok    '} ${name} (${seconds} s)${wrong ? `\n${wrong}` : ''}`)
  if (wrong) process.exitCode = 1
}
