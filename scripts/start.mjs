// npm start: makes the checkout ready, then runs `xiaoge start` in this process.
import { setFlagsFromString } from 'node:v8'
import { prepare } from './prepare.mjs'

/**
 * A signal to npm ends the shell between npm and this process, and nobody passes it on to us: being an orphan is how
 * we learn of it.
 */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

// A village's computer is small and idle most of the day: V8 is to keep its heap small rather than ready for a rush.
for (const flag of ['--optimize-for-size', '--max-semi-space-size=1']) setFlagsFromString(flag)
stopWithNpm()
await prepare()
const { runTypeScript, stopCompilerSoon } = await import('./run-typescript.mjs')
stopCompilerSoon()
await runTypeScript(['start', ...process.argv.slice(2)])
