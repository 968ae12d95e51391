import type { Db, Village } from '../db/database.ts'

/** The villages an account is known in, the one where it was last heard first. */
export async function villagesOf(db: Db, channel: string, externalId: string): Promise<Village[]> {
  const identities = await db.identity.findMany({
    where: { channel, externalId },
    orderBy: { id: 'desc' },
    select: { villageId: true, personId: true },
  })
  const ids = identities.map((identity) => identity.villageId)
  const villages = await db.village.findMany({ where: { id: { in: ids } } })
  if (villages.length < 2) return villages
  const last = await db.inboxEvent.findFirst({
    where: { personId: { in: identities.map((identity) => identity.personId) } },
    orderBy: { id: 'desc' },
    select: { villageId: true },
  })
  const rank = (village: Village) => (village.id === last?.villageId ? -1 : ids.indexOf(village.id))
  return villages.sort((a, b) => rank(a) - rank(b))
}
