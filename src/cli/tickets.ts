import { ticketState } from '../features/tickets/state.ts'
import { chooseVillage, type Io, parse, print, withDatabase } from './command.ts'

export const usage = `[--json] [--village NAME]
Lists the tickets of the running database.
  --json           as a JSON array
  --village NAME   only this village's; all villages' otherwise`

/** Lists tickets by village and number. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, { options: { json: { type: 'boolean' }, village: { type: 'string' } } })
  await withDatabase(io, async (database) => {
    const village = values.village === undefined ? null : await chooseVillage(database, values.village)
    const tickets = await database.db.ticket.findMany({
      where: village ? { villageId: village.id } : {},
      orderBy: [{ villageId: 'asc' }, { no: 'asc' }],
    })
    if (values.json) {
      const states = []
      for (const ticket of tickets) states.push(await ticketState(database.db, ticket))
      print(io.stdout, JSON.stringify(states))
      return
    }
    for (const { no, status, category, urgency, place, summary, sensitive } of tickets) {
      // Whoever looks at the screen is not one of those a sensitive matter was told to.
      const words = sensitive ? ['-', '***'] : [place ?? '-', summary.replace(/\s+/g, ' ')]
      print(io.stdout, [`#${no}`, status, category, urgency, ...words].join('\t'))
    }
  })
  return 0
}
