import { readFile } from 'node:fs/promises'
import { createCode } from '../village/binding.ts'
import { exportVillage } from '../village/export-village.ts'
import { checkGridRule } from '../village/grid-rule.ts'
import { importVillage } from '../village/import-village.ts'
import { GRID_RULE, gridVerdict, NO_GRIDS } from '../village/replies.ts'
import { parseVillageFile, type VillageFile, VillageFileError } from '../village/village-file.ts'
import { CommandError, chooseVillage, type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `import FILE | export [NAME] | check [FILE] | code --room ROOM-ID|--person NAME [--village NAME]
  import   create a village or bring it in line with its file
  export   write the village's file to standard output
  check    check a file, or the villages of the database, against the rule for grids
  code     print a one-time code, alone on the last line: /绑定 CODE in a chat room binds that room, sent as a
           direct message that person. It is valid for 24 hours, once, and replaces an earlier one.`

/** Looks after the villages of the database. */
export async function run(args: string[], io: Io): Promise<number> {
  const [action, ...rest] = args
  switch (action) {
    case 'import':
      return importFile(rest, io)
    case 'export':
      return exportFile(rest, io)
    case 'check':
      return check(rest, io)
    case 'code':
      return code(rest, io)
    default:
      throw new UsageError(action === undefined ? 'say what to do' : `there is no village ${action}`)
  }
}

/** Reads and checks a village file. Throws CommandError that says what is wrong with it. */
export async function readVillageFile(path: string): Promise<VillageFile> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new CommandError(`${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  try {
    return parseVillageFile(json)
  } catch (error) {
    if (error instanceof VillageFileError) throw new CommandError(`${path} is not a village file:\n${error.message}`)
    throw error
  }
}

async function importFile(args: string[], io: Io): Promise<number> {
  const { positionals } = parse(args, { options: {}, allowPositionals: true })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0)
    throw new UsageError('name one file, for example: village import my-village.json')
  const file = await readVillageFile(path)
  await withDatabase(io, (database) => database.transaction((tx) => importVillage(tx, file, { now: io.clock.now() })))
  const counts = [
    `${file.groups.length} groups`,
    `${file.grids.length} grids`,
    `${file.places.length} places`,
    `${file.rooms.length} rooms`,
    `${file.people.length} people`,
  ]
  print(io.stdout, `${file.name}: ${counts.join(', ')}`)
  return 0
}

async function exportFile(args: string[], io: Io): Promise<number> {
  const { positionals } = parse(args, { options: {}, allowPositionals: true })
  if (positionals.length > 1) throw new UsageError('name at most one village')
  await withDatabase(io, async (database) => {
    const village = await chooseVillage(database, positionals[0])
    print(io.stdout, JSON.stringify(await exportVillage(database.db, village.name), null, 2))
  })
  return 0
}

async function check(args: string[], io: Io): Promise<number> {
  const { positionals } = parse(args, { options: {}, allowPositionals: true })
  const [path, ...more] = positionals
  if (more.length > 0) throw new UsageError('name at most one file')
  const files = path === undefined ? await storedVillages(io) : [await readVillageFile(path)]
  let failed = false
  print(io.stdout, GRID_RULE)
  for (const file of files) {
    const { average, grids } = checkGridRule(file)
    print(io.stdout, `\n${file.name}`)
    if (!average) print(io.stdout, NO_GRIDS)
    for (const one of [...(average ? [average] : []), ...grids]) {
      print(io.stdout, gridVerdict(one))
      if (one.grid !== null && one.verdict === 'fails') failed = true
    }
  }
  return failed ? 1 : 0
}

async function storedVillages(io: Io): Promise<VillageFile[]> {
  return withDatabase(io, async ({ db }) => {
    const files = []
    for (const { name } of await db.village.findMany({ orderBy: { id: 'asc' } })) {
      files.push(parseVillageFile(await exportVillage(db, name)))
    }
    return files
  })
}

async function code(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, {
    options: { room: { type: 'string' }, person: { type: 'string' }, village: { type: 'string' } },
  })
  const { room, person } = values
  if ((room === undefined) === (person === undefined)) throw new UsageError('give either --room or --person')
  await withDatabase(io, async (database) => {
    const village = await chooseVillage(database, values.village)
    const where = { villageId: village.id }
    const target =
      room === undefined
        ? personTarget(await database.db.person.findMany({ where: { ...where, listed: true } }), person ?? '')
        : roomTarget(await database.db.room.findMany({ where }), room)
    const made = await createCode(database.db, { villageId: village.id, now: io.clock.now(), ...target })
    print(io.stdout, `${village.name}, ${room ?? person ?? ''}: valid for 24 hours, once.`)
    print(
      io.stdout,
      room === undefined ? 'The person sends /绑定 CODE to the assistant directly.' : 'Send /绑定 CODE in the room.',
    )
    print(io.stdout, made)
  })
  return 0
}

function roomTarget(rooms: readonly { id: number; key: string }[], key: string): { roomId: number } {
  const found = rooms.find((room) => room.key === key)
  if (found) return { roomId: found.id }
  throw new CommandError(`There is no room ${key}. There are: ${rooms.map((room) => room.key).join(', ') || 'none'}`)
}

function personTarget(people: readonly { id: number; name: string }[], name: string): { personId: number } {
  const found = people.find((person) => person.name === name)
  if (found) return { personId: found.id }
  const names = people.map((person) => person.name).join(', ')
  throw new CommandError(`Nobody named ${name} is listed in the village file. Listed are: ${names || 'nobody'}`)
}
