import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { forget } from '../channels/wechat/home.ts'
import { erasePerson } from '../village/erase.ts'
import { ATTACHMENTS } from './backup.ts'
import { CommandError, chooseVillage, type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `PERSON [--village NAME] [--yes]
Removes a person's name, words, numbers and accounts. Tickets keep their number and what the village needs to count.
PERSON is a name, or id:NUMBER where several have the same name. Without --yes it only says what would be removed.
Backups made earlier still hold what was removed: delete them.`

/** Erases a person of a village. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, {
    options: { village: { type: 'string' }, yes: { type: 'boolean' } },
    allowPositionals: true,
  })
  const [wanted, ...more] = positionals
  if (wanted === undefined || more.length > 0) throw new UsageError('name one person')
  return withDatabase(io, async (database, config) => {
    const village = await chooseVillage(database, values.village)
    const id = /^id:(\d{1,9})$/.exec(wanted)?.[1]
    const people = await database.db.person.findMany({
      where: { villageId: village.id, erasedAt: null, ...(id ? { id: Number(id) } : { name: wanted }) },
      orderBy: { id: 'asc' },
    })
    const [person, second] = people
    if (!person) throw new CommandError(`${village.name} has nobody named ${wanted}.`)
    if (second) {
      const ids = people.map((one) => `id:${one.id} (${one.role}, since ${one.createdAt.toISOString().slice(0, 10)})`)
      throw new CommandError(`${village.name} has several people named ${wanted}: ${ids.join(', ')}`)
    }
    if (!values.yes) {
      const messages = await database.db.inboxEvent.count({ where: { personId: person.id } })
      const tickets = await database.db.ticket.count({ where: { reporterId: person.id } })
      print(
        io.stderr,
        `This would remove what ${person.name} said: ${messages} messages, ${tickets} tickets they reported.`,
      )
      print(io.stderr, 'It cannot be undone. To do it, repeat with --yes.')
      return 1
    }
    const identities = await database.db.identity.findMany({ where: { personId: person.id } })
    const accounts = identities.map(({ externalId }) => externalId)
    const erasure = await database.transaction((tx) => erasePerson(tx, village.id, person.id, io.clock.now()))
    for (const key of erasure.attachmentKeys) {
      // Keys of other networks name no file here.
      if (/^[0-9a-f]{64}$/.test(key)) await rm(join(config.dataDirectory, ATTACHMENTS, key), { force: true })
    }
    if (existsSync(join(config.dataDirectory, 'wechat'))) await forget(config.dataDirectory, accounts)
    print(io.stdout, `Removed: ${erasure.messages} messages, ${erasure.tickets} tickets' words.`)
    print(io.stdout, 'Backups made earlier still hold them: delete those.')
    if (erasure.labels > 0) {
      print(
        io.stdout,
        `${erasure.labels} of their words had been kept to learn from: xiaoge learn makes the model without them.`,
      )
    }
    return 0
  })
}
