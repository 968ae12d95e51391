import type { Db, InboxEvent, Village } from '../db/database.ts'
import { explain } from '../explanation/explain.ts'
import { modelPath, readVillageModel } from '../village/village-model.ts'
import { CommandError, chooseVillage, type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `MESSAGE-ID|#NUMBER [--conversation ID] [--village NAME]
Tells why a message was or was not taken: what was decided and on what grounds, and what became of it.
MESSAGE-ID is the network's id of the message, #NUMBER (quoted for the shell) explains the messages of a ticket.
The words of sensitive matters are left out.
  --conversation ID  where several conversations have a message of that id
  --village NAME     for #NUMBER where there are several villages`

/** Messages of one ticket that are explained. */
const MOST = 5

/** Explains messages. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, {
    options: { village: { type: 'string' }, conversation: { type: 'string' } },
    allowPositionals: true,
  })
  const [wanted, ...more] = positionals
  if (wanted === undefined || more.length > 0) throw new UsageError('name one message')
  await withDatabase(io, async (database, config) => {
    const { db } = database
    const no = /^[#＃](\d{1,9})$/.exec(wanted)?.[1]
    const events = no
      ? await messagesOfTicket(db, await chooseVillage(database, values.village), Number(no))
      : [await messageOf(db, wanted, values.conversation)]
    const told = new Set<number>()
    for (const event of events) {
      if (told.has(event.id)) continue
      const village = event.villageId === null ? null : await db.village.findUnique({ where: { id: event.villageId } })
      const own = village
        ? await readVillageModel(modelPath(config.databaseUrl, config.dataDirectory, village.id), village.name)
        : null
      const model = own?.state === 'ready' ? own.model : undefined
      const { title, lines, about } = await explain(db, event, { model, hides: 'words' })
      if (told.size > 0) print(io.stdout, '')
      for (const id of about) told.add(id)
      print(io.stdout, title)
      for (const { label, text } of lines) print(io.stdout, `  ${label}：${text.replace(/\s+/g, ' ')}`)
    }
  })
  return 0
}

async function messageOf(db: Db, messageId: string, conversation: string | undefined): Promise<InboxEvent> {
  const found = await db.inboxEvent.findMany({
    where: { messageId, type: 'message', ...(conversation !== undefined && { conversation }) },
    orderBy: { id: 'asc' },
    take: 20,
  })
  const [event, second] = found
  if (!event) throw new CommandError(`There is no message ${messageId}${conversation ? ` in ${conversation}` : ''}.`)
  if (!second) return event
  const where = found.map((each) => `${each.conversation} (${each.channel})`).join(', ')
  throw new CommandError(
    `Several conversations have a message ${messageId}: ${where}. Choose one with --conversation ID`,
  )
}

async function messagesOfTicket(db: Db, village: Village, no: number): Promise<InboxEvent[]> {
  const ticket = await db.ticket.findUnique({ where: { villageId_no: { villageId: village.id, no } } })
  if (!ticket) throw new CommandError(`${village.name} has no ticket ${no}.`)
  const sources = await db.ticketSource.findMany({ where: { ticketId: ticket.id }, orderBy: { id: 'asc' }, take: MOST })
  if (sources.length === 0) throw new CommandError(`No message of ticket ${no} is left.`)
  return db.inboxEvent.findMany({
    where: { id: { in: sources.map(({ inboxEventId }) => inboxEventId) } },
    orderBy: { id: 'asc' },
  })
}
