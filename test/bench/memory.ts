import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDesk, databaseUrl, drive, line, startBench } from './village.ts'

const MESSAGES = 100_000
const MOST_SECONDS = 150
const IDLE_SECONDS = 15

/** Resident memory of another process, MB; null where the system does not tell. */
function residentOf(pid: number): number | null {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found?.[1] ? Number(found[1]) / 1024 : null
  } catch {
    return null
  }
}

/** The processes a process has started and that still run. */
function childrenOf(pid: number): number[] {
  try {
    const found = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return found.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

const directory = await mkdtemp(join(tmpdir(), 'xiaoge-memory-'))
const environment = { ...process.env, DATABASE_URL: `file:${directory}/idle.db`, PORT: '0', LOG_LEVEL: 'error' }
const child = spawn(process.execPath, ['scripts/start.mjs'], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
await new Promise((resolve) => child.stdout.once('data', resolve))
await sleep(IDLE_SECONDS * 1000)
const idle = child.pid ? residentOf(child.pid) : null
const helpers = child.pid ? childrenOf(child.pid).map((pid) => residentOf(pid) ?? 0) : []
line(
  'idle',
  idle === null ? 'unknown' : `${idle.toFixed(0)} MB`,
  `resident, ${IDLE_SECONDS} s after npm start is ready; to reach: 180 MB`,
)
line(
  'its child processes',
  `${helpers.reduce((sum, mb) => sum + mb, 0).toFixed(0)} MB`,
  `${helpers.length} left; the compiler is ended when it is no longer needed`,
)
child.kill('SIGTERM')
await new Promise((resolve) => child.once('exit', resolve))
await rm(directory, { recursive: true, force: true })

const bench = await startBench(databaseUrl)
const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MB`
const desk = createDesk()
await drive(bench, 0, 2000, { desk, quiet: true })
collect()
const before = process.memoryUsage()
const started = performance.now()
let done = 2000
while (done < MESSAGES && performance.now() - started < MOST_SECONDS * 1000) {
  await drive(bench, done, 2000, { desk, quiet: true })
  bench.channel.sent.length = 0
  done += 2000
}
const rss = process.memoryUsage().rss
collect()
line('after 2,000 messages', megabytes(before.rss), `resident; heap in use ${megabytes(before.heapUsed)}`)
line(
  `after ${done.toLocaleString('en')} messages`,
  megabytes(rss),
  `the same process; heap in use ${megabytes(process.memoryUsage().heapUsed)}; at most ${MOST_SECONDS} s`,
)
await bench.stop()
