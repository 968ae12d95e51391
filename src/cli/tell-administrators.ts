import { randomUUID } from 'node:crypto'
import type { Channel } from '../channels/channel.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { faultOf, type Logger } from '../logger.ts'
import { createEnqueue } from '../outbox/enqueue.ts'

/**
 * Tells the administrators of all villages that a channel needs them, directly and on other channels. Returns at once;
 * where there is nobody to tell or no other way, the log has to do.
 */
export function tellAdministrators(
  parts: { database: Database; channels: readonly Channel[]; clock: Clock; logger: Logger },
  about: string,
  words: string,
): void {
  void tell(parts, about, words).catch((error: unknown) => {
    parts.logger.error({ channel: about, fault: faultOf(error) }, 'the administrators were not told')
  })
}

async function tell(
  { database, channels, clock, logger }: Parameters<typeof tellAdministrators>[0],
  about: string,
  words: string,
): Promise<void> {
  const names = channels.map(({ name }) => name).filter((name) => name !== about)
  const now = clock.now()
  const told = await database.transaction(async (tx) => {
    const identities = await tx.identity.findMany({
      where: { channel: { in: names }, person: { role: 'admin', erasedAt: null } },
      orderBy: { id: 'asc' },
    })
    const occasion = randomUUID()
    const letters = identities.map(({ villageId, channel, externalId }) => ({
      key: `alarm:${about}:${occasion}:${channel}:${externalId}`,
      villageId,
      channel,
      conversation: externalId,
      private: true,
      kind: 'alarm' as const,
      text: words,
      notBefore: now,
    }))
    // Somebody may look after several villages.
    const once = letters.filter((one, n) => letters.findIndex(({ key }) => key === one.key) === n)
    await createEnqueue(channels)(tx, once, now)
    return once.length
  })
  if (told === 0) logger.warn({ channel: about }, 'no administrator has an account on another channel to be told')
}
