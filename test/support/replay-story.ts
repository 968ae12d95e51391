import { readFileSync } from 'node:fs'
import { createTimeline, type Said, TimelineLine, type TimelineState } from '../../src/cli/timeline.ts'
import type { TicketState } from '../../src/features/tickets/state.ts'
import { createLogger } from '../../src/logger.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'

type OneOrMore<T> = T | T[]

interface SaidCheck {
  room?: string
  dm?: string
  kind?: OneOrMore<string>
  about?: string
  after?: string
  before?: string
  contains?: string[]
  excludes?: string[]
  mentions?: string[]
  count?: number
  min?: number
  max?: number
}

interface TicketCheck {
  source: string
  exists?: boolean
  status?: OneOrMore<string>
  category?: OneOrMore<string>
  urgency?: OneOrMore<string>
  group?: string
  placeContains?: string
  reporters?: string[]
  reportersInclude?: string[]
  assignee?: string
  sensitive?: boolean
  attachments?: number
  resultContains?: string
  dueDate?: string
}

export interface Check {
  said?: SaidCheck
  ticket?: TicketCheck
  tickets?: { count: number; status?: string; notStatus?: string }
  silence?: { room: string; after?: string; before?: string }
}

export interface Story {
  story: string
  village: string
  /** A part of the assistant that is not built yet; the story is listed as still to be done. */
  needs: string | null
  lines: TimelineLine[]
  checks: Check[]
}

/** Reads a story: its header, its lines, its expectations. */
export function readStory(path: string): Story {
  const [header, ...rest] = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const isCheck = (line: Record<string, unknown>) => 'expect' in line
  return {
    story: String(header?.['story']),
    village: String(header?.['village']),
    needs: typeof header?.['needs'] === 'string' ? header['needs'] : null,
    lines: rest.filter((line) => !isCheck(line)).map((line) => TimelineLine.parse(line)),
    checks: rest.filter(isCheck).map((line) => line['expect'] as Check),
  }
}

export interface Played {
  said: Said[]
  state: TimelineState
}

/** Plays a story on a database of its own (or on the given empty one). */
export async function playStory(story: Story, villageFile: string, databaseUrl?: string): Promise<Played> {
  const said: Said[] = []
  const village = parseVillageFile(JSON.parse(readFileSync(villageFile, 'utf8')))
  const logger = createLogger('error')
  const onSaid = (message: Said) => said.push(message)
  const timeline = await createTimeline({ village, logger, onSaid, ...(databaseUrl !== undefined && { databaseUrl }) })
  try {
    for (const line of story.lines) await timeline.play(line)
    return { said, state: await timeline.state() }
  } finally {
    await timeline.close()
  }
}

/** What does not hold, each as one sentence; empty when all is well. */
export function failuresOf(check: Check, played: Played): string[] {
  const failures: string[] = []
  if (check.said) failures.push(...checkSaid(check.said, played.said))
  if (check.silence) {
    const { room, after, before } = check.silence
    const heard = select({ room, ...(after && { after }), ...(before && { before }) }, played.said)
    if (heard.length > 0)
      failures.push(`the room ${room} should have heard nothing but heard: ${heard.map(show).join(' | ')}`)
  }
  if (check.tickets) {
    const { count, status, notStatus } = check.tickets
    const found = played.state.tickets.filter(
      (ticket) => (!status || ticket.status === status) && (!notStatus || ticket.status !== notStatus),
    )
    if (found.length !== count) failures.push(`expected ${count} tickets, found ${found.length}`)
  }
  if (check.ticket) failures.push(...checkTicket(check.ticket, played.state.tickets))
  return failures
}

function show(message: Said): string {
  return `[${message.kind}] ${message.text}`
}

function includes(allowed: OneOrMore<string>, value: string | undefined): boolean {
  return Array.isArray(allowed) ? value !== undefined && allowed.includes(value) : allowed === value
}

function select(check: SaidCheck, said: readonly Said[]): Said[] {
  const time = (text: string) => new Date(text).getTime()
  return said.filter(
    (message) =>
      (check.room === undefined || message.room === check.room) &&
      (check.dm === undefined || message.dm === check.dm) &&
      (check.kind === undefined || includes(check.kind, message.kind)) &&
      (check.about === undefined || message.about.includes(check.about)) &&
      (check.after === undefined || time(message.at) >= time(check.after)) &&
      (check.before === undefined || time(message.at) <= time(check.before)),
  )
}

function checkSaid(check: SaidCheck, said: readonly Said[]): string[] {
  const failures: string[] = []
  const where = JSON.stringify({ ...check, contains: undefined, excludes: undefined })
  const found = select(check, said)
  const counted = check.count !== undefined || check.min !== undefined || check.max !== undefined
  const n = found.length
  if (check.count !== undefined && n !== check.count)
    failures.push(`${where}: ${n} messages: ${found.map(show).join(' | ')}`)
  if (check.min !== undefined && n < check.min) failures.push(`${where}: only ${n}`)
  if (check.max !== undefined && n > check.max) failures.push(`${where}: ${n}: ${found.map(show).join(' | ')}`)
  if (!counted && (check.contains || check.mentions) && n === 0) failures.push(`${where}: nothing was said`)
  if (
    check.contains &&
    n > 0 &&
    !found.some((message) => check.contains?.every((words) => message.text.includes(words)))
  ) {
    failures.push(`${where}: none contains ${check.contains.join(', ')}: ${found.map(show).join(' | ')}`)
  }
  if (
    check.mentions &&
    n > 0 &&
    !found.some((message) => check.mentions?.every((name) => message.mentions?.includes(name)))
  ) {
    failures.push(`${where}: none mentions ${check.mentions.join(', ')}`)
  }
  for (const words of check.excludes ?? []) {
    const bad = found.filter((message) => message.text.includes(words))
    if (bad.length > 0) failures.push(`${where}: must not contain ${words}: ${bad.map(show).join(' | ')}`)
  }
  return failures
}

function checkTicket(check: TicketCheck, tickets: readonly TicketState[]): string[] {
  const holders = tickets.filter((ticket) => ticket.sources.includes(check.source))
  const ticket = holders.find((holder) => holder.status !== 'merged') ?? holders[0]
  if (check.exists === false) return ticket ? [`a ticket rests on ${check.source}: ${JSON.stringify(ticket)}`] : []
  if (!ticket) return [`no ticket rests on ${check.source}`]
  const failures: string[] = []
  const fail = (field: string, wanted: unknown, got: unknown) =>
    failures.push(
      `ticket of ${check.source}: ${field} should be ${JSON.stringify(wanted)} but is ${JSON.stringify(got)}`,
    )
  for (const field of ['status', 'category', 'urgency'] as const) {
    const allowed = check[field]
    if (allowed !== undefined && !includes(allowed, ticket[field])) fail(field, allowed, ticket[field])
  }
  for (const field of ['group', 'assignee', 'sensitive', 'attachments'] as const) {
    if (check[field] !== undefined && ticket[field] !== check[field]) fail(field, check[field], ticket[field])
  }
  if (check.placeContains !== undefined && !ticket.place?.includes(check.placeContains)) {
    fail('place', `…${check.placeContains}…`, ticket.place)
  }
  if (check.reporters !== undefined && [...check.reporters].sort().join() !== [...ticket.reporters].sort().join()) {
    fail('reporters', check.reporters, ticket.reporters)
  }
  if (check.reportersInclude?.some((name) => !ticket.reporters.includes(name))) {
    fail('reporters', check.reportersInclude, ticket.reporters)
  }
  if (check.resultContains !== undefined && !ticket.result?.includes(check.resultContains)) {
    fail('result', check.resultContains, ticket.result)
  }
  if (check.dueDate !== undefined && ticket.dueAt?.slice(0, 10) !== check.dueDate)
    fail('dueAt', check.dueDate, ticket.dueAt)
  return failures
}
