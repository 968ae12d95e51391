import { existsSync } from 'node:fs'
import { access, constants, mkdir, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { TELEGRAM } from '../channels/telegram/incoming.ts'
import { inspect } from '../channels/telegram/inspect.ts'
import { knock } from '../channels/wechat/knock.ts'
import { WECHAT } from '../channels/wechat/protocol.ts'
import { DAY, HOUR, MINUTE } from '../clock.ts'
import { type Config, ConfigError, type TelegramConfig, type WechatConfig } from '../config.ts'
import { type Database, openDatabase, providerOf } from '../db/database.ts'
import { isLoopback, whereaboutsOf } from '../endpoint.ts'
import { callsSince } from '../llm/calls.ts'
import { inspectLlm } from '../llm/inspect.ts'
import { faultOf } from '../logger.ts'
import { shippedModel } from '../understanding/learned/model.ts'
import { versionWith } from '../understanding/understand.ts'
import { modelPath, readVillageModel } from '../village/village-model.ts'
import { appliedMigrations } from './backup.ts'
import { type Io, parse, print } from './command.ts'
import { lastTraffic } from './traffic.ts'

export const usage = `
Says what is configured, what is wrong and what to do about it. Ends with status 1 when something must be repaired.`

/** `ok` and `note` need nothing, `advice` deserves a look, `repair` keeps the assistant from its work. */
export type Level = 'ok' | 'note' | 'advice' | 'repair'

export interface Finding {
  level: Level
  what: string
  /** What to do about it. */
  remedy?: string
}

const MARKS: Record<Level, string> = { ok: '✓', note: '·', advice: '!', repair: '✗' }

/** What is free on the disk before it deserves a look, and before it must be repaired. Bytes. */
const LITTLE_SPACE = 1024 ** 3
const NO_SPACE = 100 * 1024 ** 2

/** A timer this much over is not merely waiting for its turn. Milliseconds. */
const OVERDUE = 10 * MINUTE

/** The running program looks at its connections more often than that. Milliseconds. */
const LOOKED_AT = 5 * MINUTE

/** No computer that runs this has a clock before the program was written. */
const PROGRAM_WRITTEN = Date.UTC(2025, 0, 1)

/** Prints the findings, one line each. */
export async function run(args: string[], io: Io): Promise<number> {
  parse(args, { options: {} })
  const findings = await examine(io)
  for (const { level, what, remedy } of findings) {
    print(io.stdout, `${MARKS[level]} ${what}${remedy ? `\n    → ${remedy}` : ''}`)
  }
  const faults = findings.filter(({ level }) => level === 'repair').length
  print(io.stdout, faults === 0 ? '\nNothing must be repaired.' : `\nTo be repaired: ${faults}`)
  return faults === 0 ? 0 : 1
}

/** Everything there is to find, in the order in which it should be repaired. */
export async function examine(io: Pick<Io, 'config' | 'clock'>): Promise<Finding[]> {
  const now = io.clock.now()
  const findings = [checkNode(process.versions.node), checkClock(now)]
  let config: Config
  try {
    config = io.config()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const repairs = error.message.split('\n').map(
      (what): Finding => ({
        level: 'repair',
        what: `configuration: ${what}`,
        remedy: 'correct it in .env or in the environment',
      }),
    )
    return [...findings, ...repairs]
  }
  const local = [...checkConfig(config), await checkDisk(config), ...(await checkDatabase(config, now))]
  return [...findings, ...local, ...(await checkNetworks(config)), ...(await checkLlm(config))]
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const enough = major > 20 || (major === 20 && minor >= 19)
  if (enough) return { level: 'ok', what: `Node.js ${version}` }
  return { level: 'repair', what: `Node.js ${version} is too old`, remedy: 'install Node.js 20.19 or newer' }
}

function checkClock(now: Date): Finding {
  if (now.getTime() >= PROGRAM_WRITTEN) return { level: 'ok', what: `clock: ${now.toISOString()}` }
  return {
    level: 'repair',
    what: `clock: ${now.toISOString()} lies before this program was written`,
    remedy: 'set the computer’s clock and turn on its time synchronisation; reminders depend on it',
  }
}

function checkConfig(config: Config): Finding[] {
  const open = !isLoopback(config.host)
  return [
    {
      level: 'ok',
      what: `page: http://${config.host}:${config.port}${open ? ', for other computers, with a password' : ', this computer only'}`,
    },
  ]
}

async function checkLlm({ llm }: Config): Promise<Finding[]> {
  if (!llm) return [{ level: 'note', what: 'language model: none; everything works without one' }]
  const url = new URL(llm.baseUrl)
  const name = `language model: ${llm.model} at ${url.host} (${whereaboutsOf(url)})`
  const found = await inspectLlm(llm)
  if (!found.reached) {
    const remedy = found.refused
      ? 'copy LLM_API_KEY anew from the service'
      : 'is the service on, and LLM_BASE_URL right?'
    return [{ level: 'advice', what: `${name} cannot be used: ${found.reason}. The rules go on alone`, remedy }]
  }
  if (found.known !== false) return [{ level: 'ok', what: `${name} answers` }]
  return [{ level: 'advice', what: `${name}: the service does not list this model`, remedy: 'correct LLM_MODEL' }]
}

async function checkNetworks({ telegram, wechat }: Config): Promise<Finding[]> {
  const findings = [...(telegram ? await checkTelegram(telegram) : []), ...(wechat ? await checkWechat(wechat) : [])]
  if (findings.length > 0) return findings
  return [{ level: 'note', what: 'networks: the demo page only; for Telegram set TELEGRAM_BOT_TOKEN' }]
}

/** Only whether the gateway answers: to connect would take its messages away from the program that runs. */
async function checkWechat(wechat: WechatConfig): Promise<Finding[]> {
  const name = `${WECHAT}: the gateway ${wechat.endpoint}`
  const reason = await knock(wechat, 5000)
  if (reason === null)
    return [
      { level: 'ok', what: `${name} answers; /healthz of the running program says whether somebody is logged in` },
    ]
  const remedy = 'is the gateway on, and WECHATY_PUPPET_SERVICE_ENDPOINT right? Else ask its maker'
  return [{ level: 'repair', what: `${name}: ${reason}`, remedy }]
}

async function checkTelegram(telegram: TelegramConfig): Promise<Finding[]> {
  const found = await inspect(telegram)
  if (!found.reached) {
    const remedy = found.refused
      ? 'copy TELEGRAM_BOT_TOKEN anew from @BotFather'
      : 'is this computer on the internet, and is Telegram reachable from it? Else set TELEGRAM_API_ROOT'
    return [{ level: 'repair', what: `telegram: ${found.reason}`, remedy }]
  }
  const findings: Finding[] = [{ level: 'ok', what: `telegram: @${found.bot} answers` }]
  if (!found.readsAll) {
    findings.push({
      level: 'advice',
      what: 'telegram: privacy mode is on, so it hears only commands and replies, except where it is an administrator',
      remedy: '@BotFather: /setprivacy, Disable; then remove the bot from its groups and add it again',
    })
  }
  const wanted = telegram.webhook?.url ?? ''
  if (found.webhookUrl !== wanted) {
    const told = found.webhookUrl === '' ? 'nowhere' : 'to another address'
    findings.push({
      level: 'note',
      what: `telegram: delivers ${told}; the next start of the assistant sets that right`,
    })
  }
  return findings
}

async function checkDisk(config: Config): Promise<Finding> {
  const directory = existingParent(config.dataDirectory)
  try {
    await access(directory, constants.W_OK)
    const { bavail, bsize } = await statfs(directory)
    const free = bavail * bsize
    const what = `disk: ${(free / 1024 ** 3).toFixed(1)} GB free for ${resolve(config.dataDirectory)}`
    if (free >= LITTLE_SPACE) return { level: 'ok', what }
    return {
      level: free < NO_SPACE ? 'repair' : 'advice',
      what,
      remedy: 'make room: move old files of data/backups elsewhere',
    }
  } catch {
    return {
      level: 'repair',
      what: `disk: ${directory} cannot be written to`,
      remedy: 'run the program as the user the directory belongs to, or change its owner',
    }
  }
}

function existingParent(path: string): string {
  let directory = resolve(path)
  while (!existsSync(directory)) directory = dirname(directory)
  return directory
}

async function checkDatabase(config: Config, now: Date): Promise<Finding[]> {
  const provider = providerOf(config.databaseUrl)
  const where = `database: ${provider}, ${withoutPassword(config.databaseUrl)}`
  if (provider === 'sqlite') {
    const path = config.databaseUrl.replace(/^file:/, '')
    if (!existsSync(path)) return [{ level: 'note', what: `${where}, does not exist yet: the first start makes it` }]
    const fault = await writable(path)
    if (fault)
      return [{ level: 'repair', what: `${where}: ${fault}`, remedy: 'change the owner of the file and its directory' }]
  }
  let database: Database
  try {
    database = await openDatabase(config.databaseUrl)
  } catch (error) {
    return [
      {
        level: 'repair',
        what: `${where} cannot be opened: ${faultOf(error).message || faultOf(error).type}`,
        remedy:
          provider === 'postgresql'
            ? 'check that PostgreSQL runs and that name, password and database in DATABASE_URL are right'
            : 'see the message; a damaged file can be replaced by a backup (xiaoge restore FILE)',
      },
    ]
  }
  try {
    const migrations = await appliedMigrations(database.db)
    const findings: Finding[] = [{ level: 'ok', what: `${where}, ${migrations.length} migrations applied` }]
    findings.push(await checkWriting(database))
    findings.push(...(await checkVillages(database)), ...(await checkModels(database, config)))
    findings.push(...(await checkQueues(database, now)), ...(await checkConnections(database, now)))
    if (config.telegram) findings.push(await lastHeard(database, TELEGRAM))
    if (config.wechat) findings.push(await lastHeard(database, WECHAT))
    if (config.llm) findings.push(await llmCalls(database, config.llm.dailyCalls, now))
    return findings
  } catch (error) {
    return [{ level: 'repair', what: `${where} cannot be read: ${faultOf(error).message}`, remedy: 'see the message' }]
  } finally {
    await database.close()
  }
}

async function writable(path: string): Promise<string | null> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true })
    await access(dirname(resolve(path)), constants.W_OK)
    if (!(await stat(path)).isFile()) return 'is no file'
    await access(path, constants.R_OK | constants.W_OK)
    return null
  } catch {
    return 'cannot be written to'
  }
}

/** Writes and takes it back. */
async function checkWriting(database: Database): Promise<Finding> {
  const undo = new Error('taken back')
  try {
    await database.transaction(async (tx) => {
      await tx.village.create({ data: { name: 'doctor\u0007', createdAt: new Date(0) } })
      throw undo
    })
  } catch (error) {
    if (error !== undo) {
      return { level: 'repair', what: `database: writing fails: ${faultOf(error).message}`, remedy: 'see the message' }
    }
  }
  return { level: 'ok', what: 'database: can be written to' }
}

/** How the running program last saw its connections. */
async function checkConnections({ db }: Database, now: Date): Promise<Finding[]> {
  const rows = await db.connection.findMany({ orderBy: { channel: 'asc' } })
  return rows.map(({ channel, state, reason, since, seenAt }): Finding => {
    const what = `${channel}: ${state} since ${since.toISOString()}`
    if (now.getTime() - seenAt.getTime() > LOOKED_AT)
      return { level: 'note', what: `${channel}: the assistant does not run; ${state} when it last looked` }
    if (state === 'up') return { level: 'ok', what }
    return { level: 'repair', what: `${what}${reason ? `: ${reason}` : ''}`, remedy: 'see the reason, and the log' }
  })
}

async function lastHeard({ db }: Database, channel: string): Promise<Finding> {
  const { lastIn, lastOut } = await lastTraffic(db, channel)
  return { level: 'note', what: `${channel}: last in ${lastIn ?? 'never'}, last out ${lastOut ?? 'never'}` }
}

/** What the language model was asked in 24 hours. */
async function llmCalls({ db }: Database, dailyCalls: number, now: Date): Promise<Finding> {
  const { outcomes, tokens } = await callsSince(db, new Date(now.getTime() - DAY))
  const calls = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
  const ended = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`)
  const what = `language model: ${calls} of ${dailyCalls} calls in 24 hours${ended.length > 0 ? ` (${ended.join(', ')})` : ''}, ${tokens.in} tokens in, ${tokens.out} out`
  const useless = calls - (outcomes.ok ?? 0)
  if (calls >= 10 && useless * 2 > calls)
    return {
      level: 'advice',
      what,
      remedy: 'more than half came to nothing: is the service well, and is it the right model?',
    }
  return { level: 'note', what }
}

async function checkVillages({ db }: Database): Promise<Finding[]> {
  const villages = await db.village.findMany({ orderBy: { id: 'asc' } })
  if (villages.length === 0) {
    return [
      { level: 'advice', what: 'villages: none', remedy: 'xiaoge village import FILE, or start for the demo village' },
    ]
  }
  const findings: Finding[] = []
  for (const village of villages) {
    const rooms = await db.room.findMany({ where: { villageId: village.id }, orderBy: { id: 'asc' } })
    const listed = { villageId: village.id, listed: true }
    const people = await db.person.count({ where: listed })
    const bound = await db.person.count({ where: { ...listed, identities: { some: {} } } })
    const unbound = rooms.filter((room) => room.channel === null).map((room) => room.key)
    findings.push({
      level: 'ok',
      what: `village ${village.name}${village.demo ? ' (demo)' : ''}: ${rooms.length - unbound.length} of ${rooms.length} rooms bound, ${bound} of ${people} listed people bound`,
    })
    for (const room of unbound) {
      findings.push({
        level: 'advice',
        what: `village ${village.name}: room ${room} is not bound`,
        remedy: `xiaoge village code --room ${room} --village ${village.name}, then send /绑定 CODE in that chat room`,
      })
    }
    const workers = { villageId: village.id, role: 'grid-worker', erasedAt: null }
    if ((await db.person.count({ where: { ...workers, identities: { some: {} } } })) === 0) {
      findings.push({
        level: 'advice',
        what: `village ${village.name}: no grid worker is bound, so nobody can work tickets`,
        remedy: `xiaoge village code --person NAME --village ${village.name}`,
      })
    }
  }
  return findings
}

/** What understands messages: the shipped model, or a village's own. */
async function checkModels({ db }: Database, config: Config): Promise<Finding[]> {
  const findings: Finding[] = [{ level: 'ok', what: `understanding: ${versionWith(shippedModel())}` }]
  for (const { id, name } of await db.village.findMany({ orderBy: { id: 'asc' } })) {
    const own = await readVillageModel(modelPath(config.databaseUrl, config.dataDirectory, id), name)
    const learn = `xiaoge learn --village ${name}`
    if (own.state === 'ready') {
      const since = await db.label.count({ where: { villageId: id, id: { gt: own.lastLabel } } })
      const more = since > 0 ? `, ${since} more since: ${learn}` : ''
      findings.push({
        level: 'ok',
        what: `village ${name}: has learned ${own.model.version} from ${own.labels} labels${more}`,
      })
    } else if (own.state === 'outdated') {
      const what = `village ${name}: what it has learned was made for another version and is not used`
      findings.push({ level: 'advice', what, remedy: learn })
    } else if (own.state === 'broken') {
      const what = `village ${name}: what it has learned is damaged and is not used`
      findings.push({ level: 'advice', what, remedy: `${learn}, or without learning: ${learn} --forget` })
    }
  }
  return findings
}

async function checkQueues({ db }: Database, now: Date): Promise<Finding[]> {
  const failed = await db.inboxEvent.count({ where: { state: 'failed' } })
  const dead = await db.outboxMessage.count({
    where: { state: 'dead', OR: [{ error: null }, { error: { not: 'erased' } }] },
  })
  const unknown = await db.outboxMessage.count({ where: { state: 'unknown' } })
  const waiting = await db.outboxMessage.count({
    where: { state: { in: ['pending', 'sending'] }, notBefore: { lt: new Date(now.getTime() - HOUR) } },
  })
  const late = new Date(now.getTime() - OVERDUE)
  const timers = await db.timer.count({ where: { state: 'pending', dueAt: { lt: late } } })
  const failedTimers = await db.timer.count({ where: { state: 'failed' } })
  const last = await db.inboxEvent.findFirst({ orderBy: { id: 'desc' }, select: { receivedAt: true } })
  const counted = (count: number, what: string, level: Level, remedy: string): Finding =>
    count === 0 ? { level: 'ok', what: `${what}: 0` } : { level, what: `${what}: ${count}`, remedy }
  const findings = [
    counted(
      failed,
      'messages that could not be handled',
      'repair',
      'the log names the fault; after mending it, start again',
    ),
    counted(
      dead,
      'replies that could not be delivered',
      'advice',
      'is the assistant still in the room? Bind it anew if the room has moved',
    ),
    counted(unknown, 'replies whose delivery is uncertain', 'advice', 'look in the room whether they arrived'),
    counted(
      waiting,
      'replies waiting for more than an hour',
      'repair',
      'is the assistant running, and its network on and logged in?',
    ),
    counted(
      timers,
      'timers overdue by more than ten minutes',
      'repair',
      'is the assistant running? Start it: it catches up',
    ),
    counted(failedTimers, 'timers that failed', 'repair', 'the log names the fault'),
  ]
  if (last && last.receivedAt.getTime() > now.getTime() + DAY) {
    findings.push({
      level: 'repair',
      what: `clock: the newest message was received in the future (${last.receivedAt.toISOString()})`,
      remedy: 'set the computer’s clock',
    })
  }
  return findings
}

function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:…@').replace(/([?&]password=)[^&]*/i, '$1…')
}
