// npm test: installs what tests need and runs them in this process; arguments go on to vitest.
import { pathToFileURL } from 'node:url'
import { prepare } from './prepare.mjs'
import { root } from './schemas.mjs'

await prepare({ dev: true })
process.argv = [process.argv[0], 'vitest', 'run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)]
await import(pathToFileURL(`${root}/node_modules/vitest/vitest.mjs`).href)
