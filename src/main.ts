import { runCommand } from './cli/commands.ts'
import { systemClock } from './clock.ts'
import { readConfig } from './config.ts'

// Whoever reads our output may leave early (xiaoge … | head): that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCommand(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  config: readConfig,
  clock: systemClock,
})
