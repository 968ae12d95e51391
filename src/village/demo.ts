import { readFile } from 'node:fs/promises'
import type { Database, Village } from '../db/database.ts'
import { importVillage } from './import-village.ts'
import { ensurePerson } from './people.ts'
import { parseVillageFile, type VillageFile } from './village-file.ts'

const DEMO_FILE = new URL('../../prisma/seed/dongsheng.json', import.meta.url)

/** The channel the demo village lives on. */
const DEMO_CHANNEL = 'simulator'

/** Invented people of the demo village who hold no office, by the names they write under. */
export const DEMO_VILLAGERS = ['刘嫂', '李大爷', '张婶', '小陈', '王二哥', '赵姐', '何幺妹', '秀英'] as const

/** The demo village as a file. Throws when the file is damaged. */
export async function readDemoVillage(): Promise<VillageFile> {
  return parseVillageFile(JSON.parse(await readFile(DEMO_FILE, 'utf8')))
}

/** Makes the demo village where there is no village at all; returns null, with nothing changed, where there is one. */
export async function seedDemoVillage(database: Database, now: Date): Promise<Village | null> {
  const file = await readDemoVillage()
  return database.transaction(async (tx) => {
    if ((await tx.village.count()) > 0) return null
    const village = await importVillage(tx, file, { now, demo: true, bindTo: DEMO_CHANNEL })
    for (const name of DEMO_VILLAGERS) {
      await ensurePerson(tx, { villageId: village.id, channel: DEMO_CHANNEL, externalId: name, name }, now)
    }
    return village
  })
}
