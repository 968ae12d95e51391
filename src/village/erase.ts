import { audit } from '../db/audit.ts'
import type { Db, Person } from '../db/database.ts'
import { Prisma } from '../db/generated/sqlite/browser.ts'
import { forgetGazetteer } from './gazetteer.ts'
import { ERASED } from './replies.ts'
import { type Row, TABLES, type Table, tableOf } from './tables.ts'

export interface Erasure {
  messages: number
  tickets: number
  /** What was kept to learn from. */
  labels: number
  /** Keys of attachments that nothing refers to any more; whoever keeps the files removes them. */
  attachmentKeys: string[]
}

/** The village itself, and what only counts and points, is not searched. */
const UNTOUCHED: readonly string[] = [
  'Connection',
  'Village',
  'Grid',
  'Group',
  'Place',
  'PartyBranch',
  'PartyGroup',
  'Identity',
  'Room',
  'BindingCode',
  'TicketSource',
  'LlmCall',
  'Occurrence',
  'Reminder',
  'Acknowledgement',
]

/** Columns in which others find a row again: they stay unique, so what is erased there gets the person's number. */
const KEYS: readonly string[] = ['key', 'conversation', 'messageId', 'revision', 'externalId', 'replyTo']

/** Shorter words are anybody's; to look for them elsewhere would eat into what others said. In UTF-16 units. */
const MIN_PHRASE = 4

/**
 * Removes a person's name, words and numbers from a village; tickets keep their number, kind, place and dates, and the
 * counts stay right. Account rows go, so whoever writes again is somebody new. What is waiting to be said to them or
 * about their tickets is not said any more. May be repeated. Throws when the village has no such person.
 */
export async function erasePerson(tx: Db, villageId: number, personId: number, now: Date): Promise<Erasure> {
  const person = await tx.person.findFirst({ where: { id: personId, villageId } })
  if (!person) throw new Error(`the village has no person ${personId}`)
  const traces = await findTraces(tx, person)
  // Labels hold the words of tickets; a village learns without this person's.
  const { count: labels } = await tx.label.deleteMany({ where: { ticketId: { in: [...traces.ticketIds] } } })
  await tx.llmCall.deleteMany({ where: { villageId, personId } })
  for (const name of TABLES) {
    if (UNTOUCHED.includes(name)) continue
    await eraseIn(tableOf(tx, name), person, traces)
  }
  await tx.partyBranch.updateMany({ where: { secretaryId: personId }, data: { secretaryId: null } })
  await tx.partyGroup.updateMany({ where: { leaderId: personId }, data: { leaderId: null } })
  await tx.identity.deleteMany({ where: { personId } })
  await tx.bindingCode.deleteMany({ where: { personId } })
  await tx.person.update({
    where: { id: personId },
    data: {
      name: ERASED,
      role: 'villager',
      gridId: null,
      group: null,
      duty: false,
      listed: false,
      erasedAt: person.erasedAt ?? now,
    },
  })
  await audit(tx, { villageId, at: now, event: 'person-erased', data: { person: personId } })
  forgetGazetteer(villageId)
  return {
    messages: traces.eventIds.size,
    tickets: traces.ownTicketIds.size,
    labels,
    attachmentKeys: await unreferenced(tx, traces.attachmentKeys),
  }
}

/** Everything by which a person's data are known. */
interface Traces {
  accounts: { channel: string; externalId: string }[]
  /** Their messages. */
  eventIds: Set<number>
  /** The same, as a quote points at them: channel, conversation, message id. */
  messages: Set<string>
  /** Tickets they reported. */
  ownTicketIds: Set<number>
  /** Tickets they reported, joined or wrote about. */
  ticketIds: Set<number>
  /** Every ticket of the village. */
  villageTicketIds: Set<number>
  name: string
  /** The name is replaced in what others wrote, too: it is a person's name and nobody else's. */
  nameEverywhere: boolean
  /** Numbers they gave to be called back on. */
  numbers: string[]
  /** What they wrote, by its first characters, longest first. */
  phrases: ReadonlyMap<string, readonly string[]>
  attachmentKeys: Set<string>
}

async function findTraces(tx: Db, person: Person): Promise<Traces> {
  const { villageId } = person
  const accounts = await tx.identity.findMany({ where: { personId: person.id } })
  const events = await tx.inboxEvent.findMany({
    where: {
      OR: [
        { personId: person.id },
        ...accounts.map(({ channel, externalId }) => ({
          channel,
          senderId: externalId,
          OR: [{ villageId }, { villageId: null }],
        })),
      ],
    },
    select: { id: true, channel: true, conversation: true, messageId: true, text: true, attachments: true },
  })
  const eventIds = new Set(events.map((event) => event.id))
  const villageTickets = await tx.ticket.findMany({
    where: { villageId },
    select: { id: true, reporterId: true, text: true, summary: true, contact: true, reporters: true, sources: true },
  })
  const own = villageTickets.filter((ticket) => ticket.reporterId === person.id)
  const linked = villageTickets.filter(
    (ticket) =>
      ticket.reporterId === person.id ||
      ticket.reporters.some((reporter) => reporter.personId === person.id) ||
      ticket.sources.some((source) => eventIds.has(source.inboxEventId)),
  )
  const words = [...events.map((event) => event.text), ...own.flatMap((ticket) => [ticket.text, ticket.summary])]
  const namesakes = await tx.person.count({ where: { villageId, name: person.name, id: { not: person.id } } })
  return {
    accounts,
    eventIds,
    messages: new Set(events.map(messageKey)),
    ownTicketIds: new Set(own.map((ticket) => ticket.id)),
    ticketIds: new Set(linked.map((ticket) => ticket.id)),
    villageTicketIds: new Set(villageTickets.map((ticket) => ticket.id)),
    name: person.name === ERASED ? '' : person.name,
    nameEverywhere: namesakes === 0 && (person.listed || namesAPerson(person.name)),
    numbers: [...new Set([...own.flatMap((ticket) => ticket.contact ?? []), ...words.flatMap(longNumbers)])],
    phrases: indexPhrases(words),
    attachmentKeys: new Set(events.flatMap((event) => keysIn(event.attachments))),
  }
}

/** A long life has thousands of phrases: found by their beginnings, a text is read once for all of them. */
function indexPhrases(words: readonly string[]): Map<string, string[]> {
  const index = new Map<string, string[]>()
  for (const phrase of new Set(words.flatMap((text) => [text, ...text.split('\n')]).map((text) => text.trim()))) {
    if (phrase.length < MIN_PHRASE) continue
    const beginning = phrase.slice(0, MIN_PHRASE)
    index.set(beginning, [...(index.get(beginning) ?? []), phrase])
  }
  for (const phrases of index.values()) phrases.sort((a, b) => b.length - a.length)
  return index
}

function withoutPhrases(text: string, phrases: Traces['phrases']): string {
  let result = ''
  let copied = 0
  for (let at = 0; at + MIN_PHRASE <= text.length; at += 1) {
    const found = phrases.get(text.slice(at, at + MIN_PHRASE))?.find((phrase) => text.startsWith(phrase, at))
    if (!found) continue
    result += text.slice(copied, at) + ERASED
    copied = at + found.length
    at = copied - 1
  }
  return copied === 0 ? text : result + text.slice(copied)
}

/** Phone, identity and account numbers. */
function longNumbers(text: string): string[] {
  return text.match(/\d[\d -]{5,24}[\dXx]/g) ?? []
}

/** 刘嫂, 老周, 王建国: names, unlike a nickname such as 路灯 that others use as a word. */
function namesAPerson(name: string): boolean {
  return (
    /^\p{Script=Han}{1,3}[嫂叔婶哥姐爷奶伯姨公婆妈爸娃孃舅姑]$/u.test(name) ||
    /^[老阿]\p{Script=Han}$/u.test(name) ||
    /^[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严陶魏姜谢邹章潘葛范彭鲁袁柳史唐薛贺倪罗郝汤康伍余顾孟萧尹姚邵汪毛宋庞熊纪舒项祝董梁杜阮蓝席季贾娄江郭梅林徐邱骆高夏蔡田樊胡凌霍卢莫解应丁邓龚程陆叶黎刘龙叶段曾廖谭赖任邢]\p{Script=Han}{2}$/u.test(
      name,
    )
  )
}

/** Rewrites what a table holds of the person. */
async function eraseIn(table: Table, person: Person, traces: Traces): Promise<void> {
  const byVillage = table.columns.some((column) => column.name === 'villageId')
  const byTicket = table.columns.some((column) => column.name === 'ticketId')
  if (!byVillage && !byTicket) return
  // Events and messages of nobody's village may still be the person's: an account that wrote before it was known.
  const where = byVillage ? { OR: [{ villageId: person.villageId }, ...orphans(table)] } : {}
  for await (const row of table.rows(where)) {
    if (!byVillage && !traces.villageTicketIds.has(Number(row.ticketId))) continue
    const changed = changes(table, row, erasedRow(table.name, row, person, traces), person, traces)
    if (Object.keys(changed).length > 0) await table.update(row.id, changed)
  }
}

function orphans(table: Table): object[] {
  return table.name === 'InboxEvent' || table.name === 'OutboxMessage' ? [{ villageId: null }] : []
}

/** What a row of the person's own loses whatever it says; `undefined` for rows that are only searched. */
function erasedRow(table: string, row: Row, person: Person, traces: Traces): Record<string, unknown> | undefined {
  const directConversation = isAccount(traces, row.channel, row.conversation)
  const conversation = directConversation && { conversation: erasedKey(person) }
  switch (table) {
    case 'Person':
      return row.id === person.id ? { name: ERASED } : undefined
    case 'InboxEvent': {
      if (!traces.eventIds.has(row.id)) return undefined
      // What is not handled yet is not going to be.
      const own = {
        state: 'done',
        dueAt: null,
        text: ERASED,
        senderName: ERASED,
        senderId: null,
        attachments: [],
        error: null,
      }
      return { ...own, understanding: Prisma.DbNull, quote: Prisma.DbNull, ...conversation }
    }
    case 'OutboxMessage': {
      const aboutOwn = traces.ownTicketIds.has(Number(row.ticketId)) || repliesToThem(row, traces)
      if (!directConversation && !aboutOwn) return undefined
      return {
        text: ERASED,
        mentions: [],
        attachments: [],
        ...conversation,
        ...(row.state === 'pending' && { state: 'dead', error: 'erased' }),
      }
    }
    case 'Ticket':
      return traces.ownTicketIds.has(row.id)
        ? { text: ERASED, summary: ERASED, affected: null, contact: null }
        : undefined
    case 'TicketReporter':
      return row.personId === person.id ? { name: ERASED, ...conversation } : undefined
    case 'Meeting':
      // That a branch met, when and how many came is the branch's record; the words are the person's.
      return row.personId === person.id ? { by: ERASED, content: '', chair: '' } : undefined
    case 'MeetingPhoto':
    case 'TicketAttachment': {
      if (!traces.eventIds.has(Number(row.inboxEventId))) return undefined
      for (const key of keysIn([row.attachment])) traces.attachmentKeys.add(key)
      return { attachment: { kind: kindOf(row.attachment), key: '' } }
    }
    case 'Broadcast':
      // What rooms were told stays theirs in the messages; the draft and where it was written go.
      return row.personId === person.id
        ? {
            text: ERASED,
            attachments: [],
            ...conversation,
            ...(row.state === 'draft' && { state: 'cancelled' }),
          }
        : undefined
    case 'CampaignPhoto': {
      if (!traces.eventIds.has(Number(row.inboxEventId))) return undefined
      for (const key of keysIn([row.attachment])) traces.attachmentKeys.add(key)
      return { attachment: { kind: kindOf(row.attachment), key: '' } }
    }
    case 'Schedule':
      return row.authorId === person.id
        ? {
            text: ERASED,
            ...conversation,
            ...((row.status === 'asked' || row.status === 'draft') && { status: 'cancelled' }),
          }
        : undefined
    case 'AuditEntry':
      return row.personId === person.id ? { by: ERASED, data: withoutWords(row.data) } : undefined
    case 'Inquiry': {
      if (row.askerId !== person.id) return undefined
      const open = row.status === 'asked-back' || row.status === 'handed-over'
      return { question: ERASED, answer: ERASED, ...conversation, ...(open && { status: 'withdrawn' }) }
    }
    case 'VillageCard':
      return row.authorId === person.id ? { answer: ERASED, status: 'declined' } : undefined
    default:
      return directConversation ? { ...conversation } : undefined
  }
}

/** The row's new values: those it loses whatever they say, and of the rest what still names the person. */
function changes(
  table: Table,
  row: Row,
  erased: Record<string, unknown> | undefined,
  person: Person,
  traces: Traces,
): Record<string, unknown> {
  const linked =
    erased !== undefined ||
    traces.ticketIds.has(Number(table.name === 'Ticket' ? row.id : row.ticketId)) ||
    row.personId === person.id
  const data: Record<string, unknown> = {}
  for (const column of table.columns) {
    if (column.type !== 'String' && column.type !== 'Json') continue
    const before = row[column.name]
    if (before === null) continue
    if (erased && column.name in erased) continue
    // What others said stays theirs, but for the name and numbers in it.
    const ofOthers = table.name === 'Ticket' || table.name === 'Label'
    const phrases = linked || (!ofOthers && !(table.name === 'InboxEvent' && column.name === 'text'))
    const forgotten =
      column.name === 'quote' && quotesThem(row, traces) ? { ...(before as object), text: ERASED } : before
    const redact = (text: string) => redacted(text, traces, { name: linked || traces.nameEverywhere, phrases })
    const after =
      typeof forgotten === 'string'
        ? KEYS.includes(column.name)
          ? redactedKey(forgotten, person, traces)
          : redact(forgotten)
        : mapStrings(forgotten, redact)
    if (JSON.stringify(after) !== JSON.stringify(before)) data[column.name] = after
  }
  for (const [column, value] of Object.entries(erased ?? {})) {
    const before = row[column]
    if (before !== null && JSON.stringify(before) !== JSON.stringify(value)) data[column] = value
  }
  return data
}

function redacted(text: string, traces: Traces, of: { name: boolean; phrases: boolean }): string {
  if (text === traces.name || traces.accounts.some((account) => account.externalId === text)) return ERASED
  let result = of.phrases ? withoutPhrases(text, traces.phrases) : text
  for (const number of traces.numbers) result = result.replaceAll(number, ERASED)
  // A name of one letter is in every word.
  if (of.name && [...traces.name].length > 1) result = result.replaceAll(traces.name, ERASED)
  return result
}

/** Within a key, only what stands between separators is the person's: a Telegram id may be part of a longer number. */
function redactedKey(key: string, person: Person, traces: Traces): string {
  const own = new Set([traces.name, ...traces.accounts.map((account) => account.externalId)])
  own.delete('')
  const whole = own.has(key) ? erasedKey(person) : key
  return whole
    .split(/([:/|,\s])/)
    .map((part) => (own.has(part) && /\D/.test(part) ? erasedKey(person) : part))
    .join('')
}

function erasedKey(person: Person): string {
  return `erased-${person.id}`
}

function isAccount(traces: Traces, channel: unknown, conversation: unknown): boolean {
  return traces.accounts.some((account) => account.channel === channel && account.externalId === conversation)
}

function messageKey(message: { channel: unknown; conversation: unknown; messageId: unknown }): string {
  return JSON.stringify([message.channel, message.conversation, message.messageId])
}

/** An answer to one of their messages, or one about them. */
function repliesToThem(row: Row, traces: Traces): boolean {
  const about = Array.isArray(row.about) ? (row.about as unknown[]) : []
  return [row.replyTo, ...about].some(
    (messageId) =>
      typeof messageId === 'string' &&
      traces.messages.has(messageKey({ channel: row.channel, conversation: row.conversation, messageId })),
  )
}

function quotesThem(row: Row, traces: Traces): boolean {
  const quote = row.quote
  if (typeof quote !== 'object' || quote === null || !('messageId' in quote)) return false
  const { channel, conversation } = row
  return traces.messages.has(messageKey({ channel, conversation, messageId: quote.messageId }))
}

/** Audit data of the person's own steps: states, codes and numbers of tickets stay, words and long numbers go. */
function withoutWords(data: unknown): unknown {
  return mapStrings(data, (text) => (/\p{Script=Han}|\d{7}/u.test(text) ? ERASED : text))
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((inner) => mapStrings(inner, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapStrings(inner, change)]))
}

function keysIn(attachments: unknown): string[] {
  if (!Array.isArray(attachments)) return []
  return attachments.flatMap((attachment: unknown) =>
    typeof attachment === 'object' &&
    attachment !== null &&
    'key' in attachment &&
    typeof attachment.key === 'string' &&
    attachment.key !== ''
      ? [attachment.key]
      : [],
  )
}

function kindOf(attachment: unknown): string {
  return typeof attachment === 'object' && attachment !== null && 'kind' in attachment
    ? String(attachment.kind)
    : 'file'
}

/** Those keys that no message, ticket or waiting delivery of any village holds. */
async function unreferenced(tx: Db, keys: ReadonlySet<string>): Promise<string[]> {
  const left = new Set(keys)
  for (const name of [
    'InboxEvent',
    'OutboxMessage',
    'TicketAttachment',
    'MeetingPhoto',
    'Broadcast',
    'CampaignPhoto',
  ]) {
    if (left.size === 0) break
    for await (const row of tableOf(tx, name).rows()) {
      for (const key of keysIn('attachment' in row ? [row.attachment] : row.attachments)) left.delete(key)
    }
  }
  return [...left]
}
