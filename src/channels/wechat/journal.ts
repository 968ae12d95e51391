import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Payload } from './incoming.ts'

/**
 * What has come in and is not yet stored. A gateway tells everything once and never again, so it is written down at
 * once, and is gone as soon as the program has it: whatever dies in between, nothing of it is lost.
 */
export interface Journal {
  /** Writes down. Returns the name of the entry. */
  keep(payload: Payload): string
  done(entry: string): void
  /** What an earlier process has left, oldest first. */
  left(): { entry: string; payload: Payload }[]
}

export function createJournal(directory: string): Journal {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const names = () =>
    readdirSync(directory)
      .filter((name) => /^\d+\.json$/.test(name))
      .sort()
  let next = Number.parseInt(names().at(-1) ?? '0', 10)
  return {
    keep(payload) {
      const entry = `${String(++next).padStart(12, '0')}.json`
      const path = join(directory, entry)
      writeFileSync(`${path}.part`, JSON.stringify(payload), { mode: 0o600, flush: true })
      renameSync(`${path}.part`, path)
      return entry
    },
    done(entry) {
      rmSync(join(directory, entry), { force: true })
    },
    left: () =>
      names().flatMap((entry) => {
        const payload = read(join(directory, entry))
        if (!payload) rmSync(join(directory, entry), { force: true })
        return payload ? [{ entry, payload }] : []
      }),
  }
}

/** Null for what the power failed in the middle of. */
function read(path: string): Payload | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Payload
  } catch {
    return null
  }
}
