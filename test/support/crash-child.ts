/**
 * The assistant in a process of its own, to be killed. Its only channel is the pipe to the parent: what comes in is
 * acknowledged once it is stored, what goes out is sent when the parent has said that it has it.
 */
import { createApp } from '../../src/app.ts'
import type { Channel, Receive } from '../../src/channels/channel.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { LlmConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/database.ts'
import { openLlm } from '../../src/llm/open.ts'
import { createLogger } from '../../src/logger.ts'
import type { Delivery, IncomingEvent } from '../../src/message.ts'
import { shippedModel } from '../../src/understanding/learned/model.ts'

/** `speed`: how many times faster than the computer's clock the village's runs, counted from `since`. */
const [url = '', llmConfig = '', speed = '1', since = '0'] = process.argv.slice(2)
const clock: Clock = {
  now: () => new Date(Number(since) + (systemClock.now().getTime() - Number(since)) * Number(speed)),
}
const waiting = new Map<string, (delivery: Delivery) => void>()
let receive: Receive | null = null

const channel: Channel = {
  name: 'pipe',
  capabilities: { sentIds: true, writesFirst: true, idempotent: false, maxLength: 4096, paceMs: 0 },
  async start(given) {
    receive = given
  },
  async stop() {
    receive = null
  },
  send: (message) =>
    new Promise((resolve) => {
      waiting.set(message.key, resolve)
      process.send?.({ type: 'send', message })
    }),
  async open() {
    throw new Error('no attachments')
  },
  health: () => ({ state: 'up' }),
}

type FromParent = { type: 'event'; event: IncomingEvent } | { type: 'sent'; key: string }

process.on('message', (message: FromParent) => {
  if (message.type === 'sent') {
    waiting.get(message.key)?.({ ok: true, messageId: `bot-${message.key}` })
    waiting.delete(message.key)
    return
  }
  const event = { ...message.event, sentAt: new Date(message.event.sentAt) }
  void receive?.(event).then(() => process.send?.({ type: 'stored', messageId: event.messageId }))
})

const database = await openDatabase(url)
const parts = { clock, logger: createLogger('error') }
const llm = llmConfig && (await openLlm(JSON.parse(llmConfig) as LlmConfig, { ...parts, db: database.db }))
// Where a model is to be asked, everything is doubted.
const { thresholds, ...model } = shippedModel()
const models = new Map(llm ? [[1, { ...model, thresholds: { ...thresholds, unsureProblem: 0 } }]] : [])
const app = createApp({ ...parts, database, channels: [channel], models, ...(llm && { llm }) })
await app.start()
process.send?.({ type: 'ready' })
