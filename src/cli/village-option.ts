import { readFile } from 'node:fs/promises'
import { readDemoVillage } from '../village/demo.ts'
import { parseVillageFile, type VillageFile, VillageFileError } from '../village/village-file.ts'
import { CommandError } from './command.ts'

/** The village of `--village FILE`, or the demo village. Throws CommandError that says what is wrong with the file. */
export async function readVillage(path: string | undefined): Promise<VillageFile> {
  if (path === undefined) return readDemoVillage()
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    throw new CommandError(`There is no readable village file ${path}`)
  }
  try {
    return parseVillageFile(JSON.parse(text))
  } catch (error) {
    if (error instanceof VillageFileError) throw new CommandError(`${path}: ${error.message}`)
    throw new CommandError(`${path} is not valid JSON`)
  }
}
