import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseUrl, drive, line, startBench } from './village.ts'

const MESSAGES = 100_000
const MOST_SECONDS = 90

/** Resident memory of another process, MB; null where the system does not tell. */
function residentOf(pid: number): number | null {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found?.[1] ? Number(found[1]) / 1024 : null
  } catch {
    return null
  }
}

const directory = await mkdtemp(join(tmpdir(), 'xiaoge-memory-'))
const environment = { ...process.env, DATABASE_URL: `file:${directory}/idle.db`, PORT: '0', LOG_LEVEL: 'error' }
const child = spawn(process.execPath, ['scripts/start.mjs'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
await new Promise((resolve) => child.stdout.once('data', resolve))
await sleep(18_000)
const idle = child.pid ? residentOf(child.pid) : null
line(
  'idle',
  idle === null ? 'unknown' : `${idle.toFixed(0)} MB`,
  'resident, 18 s after npm start is ready; to reach: 180 MB',
)
child.kill('SIGTERM')
await new Promise((resolve) => child.once('exit', resolve))
await rm(directory, { recursive: true, force: true })

const bench = await startBench(databaseUrl)
const before = process.memoryUsage().rss / 1024 ** 2
const started = performance.now()
let done = 0
while (done < MESSAGES && performance.now() - started < MOST_SECONDS * 1000) {
  await drive(bench, done, 2000)
  bench.channel.sent.length = 0
  done += 2000
}
line('before the messages', `${before.toFixed(0)} MB`, 'this bench process, everything loaded')
line(
  `after ${done.toLocaleString('en')} messages`,
  `${(process.memoryUsage().rss / 1024 ** 2).toFixed(0)} MB`,
  `the same process; ${MESSAGES.toLocaleString('en')} or ${MOST_SECONDS} s`,
)
await bench.stop()
