import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { advance } from '../advance.ts'
import { createApp } from '../app.ts'
import type { Channel } from '../channels/channel.ts'
import { createSimulatorChannel } from '../channels/simulator.ts'
import type { TelegramChannel } from '../channels/telegram/telegram.ts'
import type { WechatChannel } from '../channels/wechat/wechat.ts'
import { type Clock, createShiftableClock, type ShiftableClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { type Database, openDatabase, type Village } from '../db/database.ts'
import { holdDatabase } from '../db/hold-database.ts'
import { explain } from '../explanation/explain.ts'
import { createEmbedder } from '../llm/embeddings.ts'
import type { Llm } from '../llm/llm.ts'
import { openLlm } from '../llm/open.ts'
import { createLogger, type Logger } from '../logger.ts'
import { RELAY } from '../message.ts'
import { createMetrics } from '../metrics.ts'
import type { Model } from '../understanding/learned/model.ts'
import { seedDemoVillage } from '../village/demo.ts'
import { importVillage } from '../village/import-village.ts'
import { modelPath, readVillageModel } from '../village/village-model.ts'
import { type ConnectionHealth, createWeb, type Demo, type Health, serveWeb } from '../web/web.tsx'
import { type Io, parse, print } from './command.ts'
import { tellAdministrators } from './tell-administrators.ts'
import { lastTraffic, sentSinceMidnight } from './traffic.ts'
import { readVillage } from './village-option.ts'

export const usage = `[--village FILE] [--no-demo]
  --village FILE   imports this village; the page shows it instead of the demo village
  --no-demo        no demo page
  --demo           the demo page although a network is configured: moving its clock moves it for the real village too`

export interface Running {
  url: string
  stop(): Promise<void>
}

/** Starts everything in order. Resolves once the page answers; rejects, with everything closed, when a part cannot start. */
export async function startAssistant(
  config: Config,
  options: { village?: string; demo: boolean; clock: Io['clock'] },
): Promise<Running> {
  const logger = createLogger(config.logLevel)
  const letGo = await holdDatabase(config.databaseUrl)
  const database = await openDatabase(config.databaseUrl).catch((error: unknown) => {
    letGo()
    throw error
  })
  try {
    const clock = createShiftableClock(options.clock)
    await catchUp(database, clock)
    const shown =
      options.village === undefined ? null : await importGiven(database, options.village, options.demo, clock.now())
    if (options.demo && !shown) await seedDemoVillage(database, clock.now())
    const demoVillage = options.demo
      ? (shown ?? (await database.db.village.findFirst({ where: { demo: true } })))
      : null
    const simulator = demoVillage ? createSimulatorChannel(join(config.dataDirectory, 'attachments')) : null
    const telegram = await openTelegram(config, { clock, logger })
    const wechat = await openWechat(config, { clock, logger, database, others: () => channels })
    const channels: Channel[] = [simulator, telegram, wechat].filter((channel) => channel !== null)
    const metrics = createMetrics()
    const models = await loadModels(database, config, logger)
    const llm = config.llm && (await openLlm(config.llm, { db: database.db, clock, logger, metrics }))
    const retention = config.retentionDays > 0 ? { retentionDays: config.retentionDays } : {}
    const embedder = config.embeddings && createEmbedder(config.embeddings, join(config.dataDirectory, 'cache'))
    const app = createApp({ database, channels, clock, logger, metrics, models, llm, embedder, ...retention })
    await app.start()
    const turned = { now: clock.now, set: (at: Date) => clock.jump(at.getTime() - clock.now().getTime()) }
    const jump = (ms: number) => advance(app, turned, new Date(clock.now().getTime() + ms))
    const explainHere: Demo['explain'] = async (place, messageId) => {
      const where = { channel: simulator?.name ?? '', ...place, messageId, type: 'message' }
      const event = await database.db.inboxEvent.findFirst({ where })
      const model = event?.villageId ? models.get(event.villageId) : undefined
      // A group must not read what is private; who has written it knows it.
      return event && explain(database.db, event, { model, hides: place.private ? 'nothing' : 'all' })
    }
    const web = createWeb({
      database,
      clock,
      logger,
      metrics,
      password: config.password,
      health: () => healthOf(database, channels, llm),
      webhooks: telegram?.webhook ? [telegram.webhook] : [],
      demo: simulator && demoVillage ? { simulator, jump, villageId: demoVillage.id, explain: explainHere } : null,
    })
    const serving = await serveWeb(web, { host: config.host, port: config.port }).catch(async (error: unknown) => {
      await app.stop()
      throw error
    })
    return {
      url: serving.url,
      async stop() {
        await serving.close()
        await app.stop()
        await database.close()
        letGo()
      },
    }
  } catch (error) {
    await database.close()
    letGo()
    throw error
  }
}

/** Loaded only where it is configured: whoever does without it does not pay for it. */
async function openTelegram(
  { telegram }: Config,
  parts: { clock: Clock; logger: Logger },
): Promise<TelegramChannel | null> {
  if (!telegram) return null
  const { createTelegramChannel } = await import('../channels/telegram/telegram.ts')
  return createTelegramChannel(telegram, parts)
}

async function openWechat(
  { wechat, dataDirectory }: Config,
  parts: { clock: Clock; logger: Logger; database: Database; others: () => readonly Channel[] },
): Promise<WechatChannel | null> {
  if (!wechat) return null
  const { createWechatChannel } = await import('../channels/wechat/wechat.ts')
  const { clock, logger, database, others } = parts
  const channel: WechatChannel = createWechatChannel(wechat, {
    clock,
    logger,
    dataDirectory,
    sentToday: () => sentSinceMidnight(database.db, channel.name, clock.now()),
    alarm: (words) => tellAdministrators({ database, channels: others(), clock, logger }, channel.name, words),
    show: (drawn) => {
      if (process.stderr.isTTY) process.stderr.write(`\n${drawn}\n`)
    },
  })
  return channel
}

/** Imports a village; where the page is to show it, its rooms and people live there. */
async function importGiven(database: Database, path: string, onPage: boolean, now: Date): Promise<Village> {
  const file = await readVillage(path)
  const others = await database.db.village.count({ where: { name: { not: file.name } } })
  const binding = onPage ? { bindTo: 'simulator', ...(others > 0 && { conversationPrefix: `${file.name} ` }) } : {}
  return database.transaction((tx) => importVillage(tx, file, { now, ...binding }))
}

/** The models that villages have learned. One that cannot be used is left aside: the shipped one reads as well. */
async function loadModels({ db }: Database, config: Config, logger: Logger): Promise<Map<number, Model>> {
  const models = new Map<number, Model>()
  for (const { id, name } of await db.village.findMany({ select: { id: true, name: true } })) {
    const own = await readVillageModel(modelPath(config.databaseUrl, config.dataDirectory, id), name)
    if (own.state === 'ready') models.set(id, own.model)
    else if (own.state !== 'none') logger.warn({ village: id, model: own.state }, 'what was learned is not used')
  }
  return models
}

/** A demo whose clock was moved forward goes on from there, not from before its own messages. */
async function catchUp(database: Database, clock: ShiftableClock): Promise<void> {
  const newest = await database.db.inboxEvent.findFirst({
    where: { channel: 'simulator' },
    orderBy: { id: 'desc' },
    select: { receivedAt: true },
  })
  const behind = (newest?.receivedAt.getTime() ?? 0) - clock.now().getTime()
  if (behind > 0) clock.jump(behind)
}

async function healthOf(database: Database, channels: readonly Channel[], llm: Llm | undefined): Promise<Health> {
  const [failed, dead, villages] = await Promise.all([
    database.db.inboxEvent.count({ where: { state: 'failed' } }),
    database.db.outboxMessage.count({ where: { state: { in: ['dead', 'unknown'] } } }),
    database.db.village.count(),
  ])
  const states: Record<string, ConnectionHealth> = {}
  for (const channel of channels) {
    states[channel.name] = { ...channel.health(), ...(await lastTraffic(database.db, channel.name)) }
  }
  // What people pass on by hand is there as soon as somebody does.
  const relayed = await lastTraffic(database.db, RELAY)
  if (relayed.lastIn !== null) states[RELAY] = { state: 'up', ...relayed }
  const counts = { villages, failedMessages: failed, undelivered: dead }
  const model = llm && { languageModel: { circuit: llm.circuit() } }
  return { status: 'ok', database: database.provider, ...counts, channels: states, ...model }
}

/** Runs until a signal comes. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, {
    options: { village: { type: 'string' }, demo: { type: 'boolean' } },
    allowNegative: true,
  })
  const config = io.config()
  const options = {
    // The page's clock can be moved, and a real village must not move with it.
    demo: values.demo ?? (config.telegram === undefined && config.wechat === undefined),
    clock: io.clock,
    ...(values.village !== undefined && { village: values.village }),
  }
  const running = await startAssistant(config, options)
  print(io.stdout, `小格 is ready: ${running.url}   (stop with Ctrl+C)`)
  openBrowser(running.url)
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name))
  })
  print(io.stderr, `${signal}: finishing what is under way …`)
  await running.stop()
  return 0
}

/** Opens the page where somebody sits in front of a screen; elsewhere the printed address has to do. */
function openBrowser(url: string): void {
  if (!process.stdout.isTTY) return
  const commands: Partial<Record<NodeJS.Platform, [string, string[]]>> = {
    darwin: ['open', [url]],
    win32: ['cmd', ['/c', 'start', '', url]],
    linux: ['xdg-open', [url]],
  }
  const [command, parameters] = commands[process.platform] ?? ['xdg-open', [url]]
  const child = spawn(command, parameters, { stdio: 'ignore', detached: true })
  child.on('error', () => {}) // there is no browser here
  child.unref()
}
