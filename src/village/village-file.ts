import { z } from 'zod'
import { readNumeral } from '../numerals.ts'
import { ROLES } from './roles.ts'

export const ROOM_KINDS = ['villagers', 'grid', 'party'] as const
export type RoomKind = (typeof ROOM_KINDS)[number]

const DEFAULT_TIMEZONE = 'Asia/Shanghai'

/** What is said about a wrong value, by the last name of its path. */
const EXAMPLES: Record<string, string> = {
  name: '"name":"东升村"',
  timezone: '"timezone":"Asia/Shanghai"',
  groups: '"groups":["1","2","3"]',
  grids: '"grids":[{"name":"一网格","groups":["1","2"]}]',
  places: '"places":["三组村口",{"name":"晒谷场","group":"4"}]',
  rooms: '"rooms":[{"id":"villagers","kind":"villagers"},{"id":"grid","kind":"grid"}]',
  people: '"people":[{"name":"老周","role":"grid-worker","grid":"一网格","group":"3","duty":true}]',
  party: '"party":{"branches":[{"name":"第一党支部","members":37,"groups":[{"name":"第一党小组","members":8}]}]}',
  figures: '"figures":{"groups":{"1":{"households":81,"residents":249}},"party":{"members":71}}',
}

const name = z.string().trim().min(1, 'must not be empty').max(60, 'must have at most 60 characters')
const count = z.int().min(0)

const Place = z.union([
  name.transform((value) => ({ name: value, group: undefined })),
  /** `group` null: it lies in none, whatever its name says. */
  z.object({ name, group: name.nullable().optional() }),
])

const Figures = z.object({
  groups: z.record(z.string(), z.object({ households: count.optional(), residents: count.optional() })).optional(),
  /** Figures of the Party organisation, by name: members, membersUnder60, branches, … */
  party: z.record(z.string(), count).optional(),
})

const PartyGroup = z.object({ name, members: count.optional(), leader: name.optional() })

const PartyBranch = z.object({
  name,
  members: count.optional(),
  /** Who keeps the branch's records; one of `people`. */
  secretary: name.optional(),
  groups: z.array(PartyGroup).default([]),
})

const Shape = z.object({
  name,
  timezone: z
    .string()
    .refine((value) => isTimezone(value), 'must be the name of a time zone')
    .default(DEFAULT_TIMEZONE),
  groups: z.array(name).default([]),
  grids: z.array(z.object({ name, groups: z.array(name).default([]) })).default([]),
  places: z.array(Place).default([]),
  rooms: z.array(z.object({ id: name, kind: z.enum(ROOM_KINDS), grid: name.optional() })).default([]),
  people: z
    .array(
      z.object({
        name,
        role: z.enum(ROLES),
        grid: name.optional(),
        group: name.optional(),
        duty: z.boolean().optional(),
      }),
    )
    .default([]),
  /** Branches and Party groups, with their members, where the village wants its meetings kept. */
  party: z.object({ branches: z.array(PartyBranch).default([]) }).optional(),
  figures: Figures.optional(),
})

/** A village as a file. Everything but the name may be left out; people who are not listed are villagers. */
export const VillageFile = Shape.superRefine((file, context) => {
  const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  const unique = (path: string, key: string | null, values: readonly string[]) => {
    const first = new Map<string, number>()
    for (const [index, value] of values.entries()) {
      const earlier = first.get(value)
      if (earlier === undefined) first.set(value, index)
      else {
        problem(
          key ? [path, index, key] : [path, index],
          `${quoted(value)} is also ${path}[${earlier}]; make them different, for example ${quoted(`${value}2`)}`,
        )
      }
    }
  }
  const groups = new Set(file.groups)
  const grids = new Set(file.grids.map((grid) => grid.name))
  const known = (path: (string | number)[], value: string | null | undefined, of: Set<string>, where: string) => {
    if (value && !of.has(value)) problem(path, `${quoted(value)} is not one of ${where} (${list(of)})`)
  }
  unique('groups', null, file.groups)
  for (const key of ['grids', 'places', 'people'] as const)
    unique(
      key,
      'name',
      file[key].map((entry) => entry.name),
    )
  unique(
    'rooms',
    'id',
    file.rooms.map((room) => room.id),
  )
  const gridOf = new Map<string, string>()
  for (const [index, grid] of file.grids.entries()) {
    for (const [position, group] of grid.groups.entries()) {
      const path = ['grids', index, 'groups', position]
      known(path, group, groups, 'groups')
      const other = gridOf.get(group)
      if (other) problem(path, `group ${quoted(group)} already belongs to grid ${quoted(other)}`)
      gridOf.set(group, grid.name)
    }
  }
  for (const [index, place] of file.places.entries()) known(['places', index, 'group'], place.group, groups, 'groups')
  for (const [index, room] of file.rooms.entries()) known(['rooms', index, 'grid'], room.grid, grids, 'grids')
  for (const [index, person] of file.people.entries()) {
    known(['people', index, 'grid'], person.grid, grids, 'grids')
    known(['people', index, 'group'], person.group, groups, 'groups')
  }
  for (const group of Object.keys(file.figures?.groups ?? {})) {
    known(['figures', 'groups', group], group, groups, 'groups')
  }
  checkParty(file.party?.branches ?? [], new Set(file.people.map((person) => person.name)), problem)
})

type Problem = (path: (string | number)[], message: string) => void

/** Names are unique, offices are held by listed people, and groups have no more members than their branch. */
function checkParty(branches: readonly z.output<typeof PartyBranch>[], people: Set<string>, problem: Problem): void {
  const seen = new Set<string>()
  const once = (path: (string | number)[], value: string) => {
    if (seen.has(value)) problem(path, `${quoted(value)} is named twice; make them different`)
    seen.add(value)
  }
  const listed = (path: (string | number)[], value: string | undefined) => {
    if (value !== undefined && !people.has(value)) problem(path, `${quoted(value)} is not one of people`)
  }
  for (const [index, branch] of branches.entries()) {
    const path = ['party', 'branches', index]
    once([...path, 'name'], branch.name)
    listed([...path, 'secretary'], branch.secretary)
    for (const [position, group] of branch.groups.entries()) {
      once([...path, 'groups', position, 'name'], group.name)
      listed([...path, 'groups', position, 'leader'], group.leader)
    }
    const inGroups = branch.groups.reduce((sum, group) => sum + (group.members ?? 0), 0)
    if (branch.members !== undefined && inGroups > branch.members) {
      problem([...path, 'members'], `is ${branch.members}, but its groups have ${inGroups} members together`)
    }
  }
}

/** A checked village file. */
export type VillageFile = z.output<typeof VillageFile>
/** A village file as it is written down. */
export type VillageFileInput = z.input<typeof VillageFile>

export class VillageFileError extends Error {
  override name = 'VillageFileError'
}

/** Checks what was read from a village file. Throws VillageFileError with one line for each problem: path, what is wrong, example. */
export function parseVillageFile(json: unknown): VillageFile {
  const parsed = VillageFile.safeParse(json)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => {
    const path = issue.path.reduce<string>(
      (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
      '',
    )
    const example = EXAMPLES[String(issue.path[0] ?? 'name')]
    return `${path || 'the file'}: ${issue.message}${example ? `. For example ${example}` : ''}`
  })
  throw new VillageFileError(lines.join('\n'))
}

/** Number of the group that a place's name starts with (三组村口, 3社晒坝); null when it starts with none of them. */
export function groupOfPlaceName(place: string, groups: readonly string[]): string | null {
  const match = /^(?:第)?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:村民小组|小组|组|社|队)/.exec(place.normalize('NFKC'))
  const number = match?.[1]
  if (!number) return null
  const group = String(readNumeral(number))
  return groups.includes(group) ? group : null
}

function isTimezone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    return true
  } catch {
    return false
  }
}

function quoted(value: string): string {
  return `"${value}"`
}

function list(values: Set<string>): string {
  return values.size === 0 ? 'there are none yet' : [...values].map(quoted).join(', ')
}
