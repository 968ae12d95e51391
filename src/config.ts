import { existsSync } from 'node:fs'
import { z } from 'zod'

const optional = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .optional()

const Environment = z.object({
  DATABASE_URL: optional.refine(
    (value) => value === undefined || /^(file:.+|postgres(ql)?:\/\/.+)$/.test(value),
    'must be file:… or postgresql://…, for example DATABASE_URL=file:data/xiaoge.db',
  ),
  HOST: optional,
  PORT: optional.refine(
    (value) => value === undefined || (/^\d+$/.test(value) && Number(value) <= 65535),
    'must be a port number from 0 to 65535, for example PORT=3000',
  ),
  XIAOGE_PASSWORD: optional.refine(
    (value) => value === undefined || value.length >= 8,
    'must have at least 8 characters, for example XIAOGE_PASSWORD=three-words-of-yours',
  ),
  LOG_LEVEL: optional.refine(
    (value) => value === undefined || ['fatal', 'error', 'warn', 'info', 'debug', 'silent'].includes(value),
    'must be one of fatal, error, warn, info, debug, silent, for example LOG_LEVEL=info',
  ),
  TELEGRAM_BOT_TOKEN: optional.refine(
    (value) => value === undefined || /^\d+:[\w-]{20,}$/.test(value),
    'is not what @BotFather gives, which looks like TELEGRAM_BOT_TOKEN=123456789:AAH-letters-and-digits',
  ),
  TELEGRAM_API_ROOT: optional.refine(
    (value) => value === undefined || isAddress(value),
    'must be an address, for example TELEGRAM_API_ROOT=https://api.telegram.org',
  ),
  TELEGRAM_WEBHOOK_URL: optional.refine(
    (value) => value === undefined || isPublicAddress(value),
    'must be an https address with a path of its own, for example TELEGRAM_WEBHOOK_URL=https://village.example/telegram',
  ),
  TELEGRAM_WEBHOOK_SECRET: optional.refine(
    (value) => value === undefined || /^[\w-]{16,256}$/.test(value),
    'must be 16 to 256 letters, digits, - and _, for example TELEGRAM_WEBHOOK_SECRET=twenty-characters-01',
  ),
})

export interface Config {
  databaseUrl: string
  host: string
  port: number
  /** Required for every request when the page listens beyond loopback. */
  password: string | undefined
  logLevel: string
  /** Where attachments and the default database stand. */
  dataDirectory: string
  /** Absent where Telegram is not used. */
  telegram?: TelegramConfig
}

export interface TelegramConfig {
  token: string
  /** Without a slash at its end. */
  apiRoot: string
  /** Absent for long polling. */
  webhook?: { url: string; secret: string }
}

export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Whether only this computer can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function isAddress(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol)
}

/** Telegram delivers over https only; http is for a server on this very computer. */
function isPublicAddress(value: string): boolean {
  if (!isAddress(value)) return false
  const { protocol, hostname, pathname } = new URL(value)
  return pathname !== '/' && (protocol === 'https:' || isLoopback(hostname))
}

function telegramIn(environment: z.infer<typeof Environment>): TelegramConfig | undefined {
  const token = environment.TELEGRAM_BOT_TOKEN
  if (token === undefined) return undefined
  const { TELEGRAM_API_ROOT: root, TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = environment
  if (url !== undefined && secret === undefined) {
    throw new ConfigError(
      'TELEGRAM_WEBHOOK_URL lets anybody deliver who knows it, so it needs a secret, for example TELEGRAM_WEBHOOK_SECRET=twenty-characters-01',
    )
  }
  const apiRoot = (root ?? 'https://api.telegram.org').replace(/\/+$/, '')
  return { token, apiRoot, ...(url !== undefined && secret !== undefined && { webhook: { url, secret } }) }
}

/** Turns an environment into the configuration. Throws ConfigError that names each wrong setting and gives an example. */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'))
  }
  const { DATABASE_URL, HOST, PORT, XIAOGE_PASSWORD, LOG_LEVEL } = parsed.data
  const host = HOST ?? '127.0.0.1'
  if (!isLoopback(host) && !XIAOGE_PASSWORD) {
    throw new ConfigError(
      `HOST=${host} lets other computers reach the page, so it needs a password, for example XIAOGE_PASSWORD=three-words-of-yours`,
    )
  }
  const telegram = telegramIn(parsed.data)
  return {
    databaseUrl: DATABASE_URL ?? 'file:data/xiaoge.db',
    host,
    port: Number(PORT ?? 3000),
    password: XIAOGE_PASSWORD,
    logLevel: LOG_LEVEL ?? 'info',
    dataDirectory: 'data',
    ...(telegram && { telegram }),
  }
}

/** Reads `.env`, if there is one, and the environment, which wins over it. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return parseConfig(process.env)
}
