import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [process.env.CHROMIUM_PATH, '/usr/bin/chromium', ...onPath].find((path) => path && existsSync(path))
}

const executablePath = findChromium()
if (!executablePath) console.log('No Chromium found (CHROMIUM_PATH, PATH): the browser tests are skipped.')

/** On CI a missing browser is a fault of the set-up and must not pass as success. */
export const withoutBrowser = !executablePath && process.env.CI !== 'true'

/** Starts a headless Chromium. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath ?? 'chromium', args: ARGUMENTS })
}
