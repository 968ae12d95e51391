import type { Database, Label, Village } from '../db/database.ts'
import { refit } from '../understanding/learned/refit.ts'
import { type CompiledGazetteer, compileGazetteer, understand } from '../understanding/understand.ts'
import { loadGazetteer } from '../village/gazetteer.ts'
import { lessonsOf } from '../village/lessons.ts'
import { modelPath, readVillageModel, removeVillageModel, writeVillageModel } from '../village/village-model.ts'
import { chooseVillage, type Io, parse, print, withDatabase } from './command.ts'
import { learn as replies } from './replies.ts'

export const usage = `[--village NAME] [--forget]
Fits the small model anew to what grid workers have said of messages: candidates taken or dropped, 不属实, corrections.
The new one is kept beside the database if it reads the shipped lines no worse, and used from the next start.
Takes about a minute; the assistant may go on running.
  --forget         removes what was learned; the labels stay`

/** Newest labels that are learned from: more would take more than some minutes. */
const MOST_LABELS = 5000

/** Learns from a village's labels, or forgets. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, { options: { village: { type: 'string' }, forget: { type: 'boolean' } } })
  return withDatabase(io, async (database, config) => {
    const village = await chooseVillage(database, values.village)
    const path = modelPath(config.databaseUrl, config.dataDirectory, village.id)
    if (values.forget) {
      const known = await removeVillageModel(path)
      print(io.stdout, known ? replies.forgotten(village.name) : replies.nothingToForget(village.name))
      return 0
    }
    await learn(database, village, path, io)
    return 0
  })
}

async function learn({ db }: Database, village: Village, path: string, io: Io): Promise<void> {
  const newest = await db.label.findMany({
    where: { villageId: village.id },
    orderBy: { id: 'desc' },
    take: MOST_LABELS,
  })
  const labels = newest.reverse()
  const last = labels.at(-1)
  if (!last) {
    const known = await removeVillageModel(path)
    return print(io.stdout, known ? replies.nothingLeft(village.name) : replies.nothing(village.name))
  }
  const gazetteer = compileGazetteer(await loadGazetteer(db, village.id))
  print(io.stdout, replies.taught(village.name, countKinds(labels)))
  print(io.stderr, replies.wait)
  const result = refit(lessonsOf(labels), gazetteer)
  print(io.stdout, replies.suite(result))
  if (result.objection === null) {
    await writeVillageModel(path, result.model, {
      village: village.name,
      labels: labels.length,
      lastLabel: last.id,
    })
    print(io.stdout, replies.kept(result.model.version))
  } else {
    const { state } = await readVillageModel(path, village.name)
    print(io.stdout, replies.notKept(result.objection, state === 'ready'))
  }
  const unknown = unknownPlaces(labels, gazetteer)
  if (unknown.length > 0) print(io.stdout, replies.places(unknown))
}

function countKinds(labels: readonly Label[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { kind } of labels) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

/** Places that workers have named and the village file does not, newest last. The model does not learn them; people can. */
function unknownPlaces(labels: readonly Label[], gazetteer: CompiledGazetteer): string[] {
  const named = labels.flatMap(({ place }) => place ?? [])
  const unknown = named.filter((place) => {
    const key = understand(place, gazetteer).placeKey.split('|')[1] ?? place
    return key !== '' && !gazetteer.places.some(({ name }) => key.includes(name))
  })
  return [...new Set(unknown)].slice(-20)
}
