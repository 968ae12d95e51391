import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { type Config, parseConfig } from '../../src/config.ts'

export const NOW = new Date('2026-03-02T00:00:00Z')

export interface Outcome {
  status: number
  stdout: string
  stderr: string
}

/** A directory that goes away after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-cli-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Runs a command line within this process. */
export async function xiaoge(
  argv: string[],
  settings: { config?: () => Config; url?: string; data?: string; stdin?: string; now?: Date } = {},
): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const output = Promise.all([text(stdout), text(stderr)])
  const config = () => ({
    ...parseConfig(settings.url ? { DATABASE_URL: settings.url } : {}),
    dataDirectory: settings.data ?? temporaryDirectory(),
  })
  const status = await runCommand(argv, {
    stdin: Readable.from([Buffer.from(settings.stdin ?? '')]),
    stdout,
    stderr,
    config: settings.config ?? config,
    clock: { now: () => settings.now ?? NOW },
  })
  stdout.end()
  stderr.end()
  const [out, err] = await output
  return { status, stdout: out, stderr: err }
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

/** Starts the program as a process of its own, in a directory of its own. */
export function startProcess(argv: string[], directory: string, environment: Record<string, string> = {}) {
  return spawn(process.execPath, ['--import', TSX, MAIN, ...argv], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', ...environment },
  })
}
