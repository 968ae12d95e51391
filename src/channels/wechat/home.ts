import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { talkerOf } from './incoming.ts'
import { createJournal } from './journal.ts'

/**
 * Where the packages of WeChat keep what they know of people. Only for its owner. Whoever removes it ends the process
 * that uses it, and a new one begins with an empty one.
 */
export function homeIn(dataDirectory: string): string {
  return join(resolve(dataDirectory), 'wechat', 'home')
}

/** Where what has come in stands until it is stored. */
export function journalIn(dataDirectory: string): string {
  return join(resolve(dataDirectory), 'wechat', 'journal')
}

/** Removes what is remembered of everybody, which comes again from the gateway, and what of these accounts is not yet stored. */
export async function forget(dataDirectory: string, accounts: readonly string[]): Promise<void> {
  await rm(homeIn(dataDirectory), { recursive: true, force: true })
  const journal = createJournal(journalIn(dataDirectory))
  for (const { entry, payload } of journal.left()) if (accounts.includes(talkerOf(payload))) journal.done(entry)
}
