import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Logger } from '../../logger.ts'
import type { FromLink, ToLink } from './protocol.ts'
import { WECHAT } from './protocol.ts'

const PROGRAM = fileURLToPath(new URL('./link-process.ts', import.meta.url))
/** Waiting times of the supervisor. Milliseconds. */
const TIMES = { ping: 10_000, pong: 30_000, firstPause: 250, longestPause: 30_000, settled: 60_000 }

/** What concerns the channel; the rest is between the processes. */
export type Heard = Exclude<FromLink, { type: 'ready' | 'pong' }>

export interface Supervised {
  /** Says whether there was a process to tell. */
  tell(message: ToLink): boolean
  /** The number of the process that holds the connection; null while there is none. */
  pid(): number | null
  stop(): Promise<void>
}

/** Keeps the process that holds the connection running: one that ends or hangs is replaced. */
export function superviseLink(parts: {
  home: string
  logger: Logger
  begin: Extract<ToLink, { type: 'begin' }>
  hear(message: Heard): void
  /** The process has ended; what it was asked and has not answered it will never answer. */
  ended(reason: string): void
}): Supervised {
  const { home, logger } = parts
  let child: ChildProcess | null = null
  let stopped = false
  let failures = 0
  let again: NodeJS.Timeout | undefined

  function launch(): void {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    const started = fork(PROGRAM, {
      execArgv: loader(),
      serialization: 'advanced',
      // Wechaty prints names and what people write; only why it could not start is of interest.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: environment(home),
    })
    child = started
    const startedAt = performance.now()
    let lastSign = startedAt
    let ready = false
    let complaint = ''
    started.stderr?.on('data', (bytes: Buffer) => {
      if (!ready && complaint.length < 4000) complaint += String(bytes)
    })
    const watch = setInterval(() => {
      if (performance.now() - lastSign > TIMES.pong) started.kill('SIGKILL')
      else if (started.connected) started.send({ type: 'ping' } satisfies ToLink, () => {})
    }, TIMES.ping)
    started.on('message', (message: FromLink) => {
      lastSign = performance.now()
      if (message.type === 'pong') return
      if (message.type !== 'ready') return parts.hear(message)
      ready = true
      started.send(parts.begin, () => {})
    })
    started.on('error', (error) =>
      logger.error({ channel: WECHAT, fault: error.name }, 'a process could not be started'),
    )
    started.once('exit', (code, signal) => {
      clearInterval(watch)
      child = null
      if (stopped) return
      failures = performance.now() - startedAt > TIMES.settled ? 0 : failures + 1
      const reason = ready ? `its process ended (${signal ?? code})` : whyNotStarted(complaint)
      logger.warn({ channel: WECHAT, reason }, 'the process of the connection ended and is begun anew')
      parts.ended(reason)
      // The first time at once: it was working, and people are waiting.
      const pause = failures <= 1 ? 0 : Math.min(TIMES.longestPause, TIMES.firstPause * 2 ** Math.min(failures, 16))
      again = setTimeout(launch, pause)
    })
  }

  launch()
  return {
    tell(message) {
      if (!child?.connected) return false
      child.send(message, () => {})
      return true
    },
    pid: () => child?.pid ?? null,
    async stop() {
      stopped = true
      clearTimeout(again)
      const last = child
      if (!last) return
      const ended = new Promise((resolve) => last.once('exit', resolve))
      // It ends by itself when the pipe closes; what hangs is ended.
      if (last.connected) last.disconnect()
      const kill = setTimeout(() => last.kill('SIGKILL'), 3000)
      await ended
      clearTimeout(kill)
    },
  }
}

/** How Node is to read TypeScript: by itself where it can, else with the compiler that this program runs on. */
function loader(): string[] {
  const reads = (process.features as { typescript?: string | false }).typescript
  if (reads) return ['--disable-warning=ExperimentalWarning']
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
}

/** Nothing of the program's own environment: neither its settings nor its secrets are the business of those packages. */
function environment(home: string): NodeJS.ProcessEnv {
  return { HOME: home, USERPROFILE: home, WECHATY_LOG: 'silent', NODE_ENV: 'production' }
}

function whyNotStarted(complaint: string): string {
  if (/ERR_MODULE_NOT_FOUND|Cannot find (package|module)/.test(complaint)) {
    return 'its packages are not installed: npm start does that, with WECHATY_PUPPET_SERVICE_TOKEN set'
  }
  const [line = 'it did not start'] = /^\w*Error.*$/m.exec(complaint) ?? []
  return line.slice(0, 200)
}
