import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import {
  decodeModel,
  encodeModel,
  type Header,
  type Model,
  nameOf,
  shippedModel,
} from '../understanding/learned/model.ts'
import { versionWith } from '../understanding/understand.ts'

const FORMAT = 'xiaoge-model'

/** First line of a model's file; the weights follow. */
interface FileHeader extends Header {
  format: typeof FORMAT
  /** The rules and the shipped model it was fitted with: facts of other rules would mean something else to it. */
  base: string
  /** Name of the village: a new database may give its number to another one. */
  village: string
  /** How many labels it was fitted to, and the last of them. */
  labels: number
  lastLabel: number
}

/** A village's own model, or why there is none that could be used. */
export type VillageModel =
  | { state: 'none' | 'outdated' | 'broken' }
  | { state: 'ready'; model: Model; labels: number; lastLabel: number }

/** Where the model of a village stands: beside its database's file, else in the data directory. */
export function modelPath(databaseUrl: string, dataDirectory: string, villageId: number): string {
  const name = `village-${villageId}.model`
  if (databaseUrl.startsWith('file:')) {
    const path = databaseUrl.slice('file:'.length)
    return join(dirname(path), `${basename(path).replace(/\.db$/, '')}.${name}`)
  }
  const database = new URL(databaseUrl).pathname.slice(1).replace(/[^\w-]/g, '_')
  return join(dataDirectory, `${database}.${name}`)
}

/**
 * Reads a village's model. Says `outdated` where it was made for another program or village, `broken` where the file is
 * damaged.
 */
export async function readVillageModel(path: string, village: string): Promise<VillageModel> {
  if (!existsSync(path)) return { state: 'none' }
  try {
    const bytes = await readFile(path)
    const end = bytes.indexOf('\n')
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as FileHeader
    if (end < 0 || header.format !== FORMAT) return { state: 'broken' }
    if (header.base !== versionWith(shippedModel()) || header.village !== village) return { state: 'outdated' }
    const weights = bytes.subarray(end + 1)
    if (!header.version.endsWith(nameOf(weights))) return { state: 'broken' }
    const model = decodeModel(header, weights)
    return { state: 'ready', model, labels: header.labels, lastLabel: header.lastLabel }
  } catch {
    return { state: 'broken' }
  }
}

/** Keeps a village's model. The file appears only when it is whole; the same model gives the same bytes. */
export async function writeVillageModel(
  path: string,
  model: Model,
  of: { village: string; labels: number; lastLabel: number },
): Promise<void> {
  const { header, weights } = encodeModel(model)
  const first: FileHeader = {
    format: FORMAT,
    base: versionWith(shippedModel()),
    ...of,
    version: model.version,
    ...header,
  }
  await mkdir(dirname(resolve(path)), { recursive: true })
  const part = `${path}.part`
  const file = await open(part, 'w', 0o600)
  try {
    await file.write(`${JSON.stringify(first)}\n`)
    await file.write(weights)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, path)
}

/** Removes a village's model; false when there was none. */
export async function removeVillageModel(path: string): Promise<boolean> {
  const known = existsSync(path)
  await rm(path, { force: true })
  return known
}
