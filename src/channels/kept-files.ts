import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const KEY = /^[0-9a-f]{64}$/

/** Keeps bytes in a directory under their hash. Returns the key. */
export async function keepFile(directory: string, bytes: Uint8Array): Promise<string> {
  const key = createHash('sha256').update(bytes).digest('hex')
  const path = join(directory, key)
  await mkdir(directory, { recursive: true })
  if (!existsSync(path)) {
    await writeFile(`${path}.part`, bytes)
    await rename(`${path}.part`, path)
  }
  return key
}

/** The bytes behind a key. Throws where there are none. */
export async function readKept(directory: string, key: string): Promise<Uint8Array> {
  if (!KEY.test(key)) throw new Error('no file is kept under this key')
  return readFile(join(directory, key))
}
