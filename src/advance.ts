import type { App } from './app.ts'
import type { Clock } from './clock.ts'

/** More rounds at one moment than this mean that something falls due again and again. */
const MOST_ROUNDS = 50

/** Lets time pass until `target`: stops at each moment at which something falls due and does it then. */
export async function advance(app: App, clock: Clock & { set(at: Date): void }, target: Date): Promise<void> {
  let rounds = 0
  await app.settle()
  for (;;) {
    const due = await app.nextDue()
    if (due === null || due > target) break
    if (due > clock.now()) {
      clock.set(due)
      rounds = 0
    } else if (++rounds > MOST_ROUNDS) {
      break
    }
    await app.settle()
  }
  if (target > clock.now()) clock.set(target)
  await app.settle()
}
