/**
 * One of several processes of the assistant on one database, to be killed. What it sends it tells the parent and sends no
 * further before the parent has said that it has it.
 */
import { createApp } from '../../src/app.ts'
import type { Channel } from '../../src/channels/channel.ts'
import { systemClock } from '../../src/clock.ts'
import { openDatabase } from '../../src/db/database.ts'
import { createLogger } from '../../src/logger.ts'
import type { Delivery } from '../../src/message.ts'

const [url = ''] = process.argv.slice(2)
const waiting = new Map<string, (delivery: Delivery) => void>()

const channel: Channel = {
  name: 'pipe',
  capabilities: { sentIds: true, writesFirst: true, idempotent: false, maxLength: 4096, paceMs: 0 },
  async start() {},
  async stop() {},
  send: (message) =>
    new Promise((resolve) => {
      waiting.set(message.key, resolve)
      process.send?.({ key: message.key })
    }),
  async open() {
    throw new Error('no attachments')
  },
  health: () => ({ state: 'up' }),
}

process.on('message', ({ key }: { key: string }) => {
  waiting.get(key)?.({ ok: true, messageId: `bot-${key}` })
  waiting.delete(key)
})

const database = await openDatabase(url)
const app = createApp({ database, channels: [channel], clock: systemClock, logger: createLogger('error') })
await app.start()
process.send?.({ ready: true })
