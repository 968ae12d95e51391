import { existsSync } from 'node:fs'
import { z } from 'zod'
import { isLoopback, whereaboutsOf } from './endpoint.ts'

const optional = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .optional()

const FORMATS = ['json', 'text'] as const
export type LlmFormat = (typeof FORMATS)[number]

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
  RETENTION_DAYS: optional.refine(
    (value) => value === undefined || (/^\d{1,5}$/.test(value) && (Number(value) === 0 || Number(value) >= 7)),
    'must be a number of days, at least 7, or 0 for ever, for example RETENTION_DAYS=30',
  ),
  WECHATY_PUPPET_SERVICE_TOKEN: optional.refine(
    (value) => value === undefined || /^[\w.-]{8,200}$/.test(value),
    'is not what the maker of a gateway gives, which looks like WECHATY_PUPPET_SERVICE_TOKEN=puppet_workpro_0123456789abcdef',
  ),
  WECHATY_PUPPET_SERVICE_ENDPOINT: optional.refine(
    (value) => value === undefined || isEndpoint(value),
    'must be the host and port of the gateway, for example WECHATY_PUPPET_SERVICE_ENDPOINT=127.0.0.1:18788',
  ),
  WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: optional.refine(
    (value) => value === undefined || ['true', 'false'].includes(value),
    'must be true or false, for example WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT=false',
  ),
  WECHATY_PUPPET_SERVICE_TLS_CA_CERT: optional.refine(
    (value) => value === undefined || value.includes('BEGIN CERTIFICATE'),
    'must be a certificate in PEM, for example WECHATY_PUPPET_SERVICE_TLS_CA_CERT="-----BEGIN CERTIFICATE-----…"',
  ),
  WECHAT_DAILY_MESSAGES: optional.refine(
    (value) => value === undefined || /^[1-9]\d{0,4}$/.test(value),
    'must be a number of messages a day, for example WECHAT_DAILY_MESSAGES=300',
  ),
  LLM_BASE_URL: optional.refine(
    (value) => value === undefined || isAddress(value),
    'must be the address of an OpenAI-compatible service, for example LLM_BASE_URL=https://api.deepseek.com/v1',
  ),
  LLM_API_KEY: optional,
  LLM_MODEL: optional,
  LLM_FORMAT: optional.refine(
    (value) => value === undefined || FORMATS.includes(value as LlmFormat),
    'must be json or text, for example LLM_FORMAT=json; text is for servers that refuse response_format',
  ),
  LLM_DAILY_CALLS: optional.refine(
    (value) => value === undefined || /^[1-9]\d{0,5}$/.test(value),
    'must be a number of calls a day, for example LLM_DAILY_CALLS=500',
  ),
  LLM_ALLOW_OVERSEAS: optional.refine(
    (value) => value === undefined || ['true', 'false'].includes(value),
    'must be true or false, for example LLM_ALLOW_OVERSEAS=false',
  ),
  EMBEDDINGS_MODEL: optional,
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
  /** After how many days what opened nothing is deleted; 0 is never. */
  retentionDays: number
  /** Absent where Telegram is not used. */
  telegram?: TelegramConfig
  /** Absent where WeChat is not used. */
  wechat?: WechatConfig
  /** Absent where no language model is used. */
  llm?: LlmConfig
  /** Absent where articles are found by their words alone. */
  embeddings?: EmbeddingsConfig
}

export interface LlmConfig {
  /** Without a slash at its end. */
  baseUrl: string
  apiKey: string
  model: string
  /** `json` asks the server for a JSON object, `text` for nothing. */
  format: LlmFormat
  /** Calls in 24 hours, in all villages together. */
  dailyCalls: number
}

export interface EmbeddingsConfig {
  /** Without a slash at its end. */
  baseUrl: string
  apiKey: string
  model: string
}

export interface TelegramConfig {
  token: string
  /** Without a slash at its end. */
  apiRoot: string
  /** Absent for long polling. */
  webhook?: { url: string; secret: string }
}

export interface WechatConfig {
  token: string
  /** `host:port` of the gateway. */
  endpoint: string
  /** Without TLS. */
  plaintext: boolean
  /** A certificate authority of one's own, in PEM. */
  caCert?: string
  /** Most messages of a day. */
  perDay: number
}

export class ConfigError extends Error {
  override name = 'ConfigError'
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

function isEndpoint(value: string): boolean {
  return /^[\w.-]+:\d{1,5}$/.test(value) && Number(value.split(':').at(-1)) <= 65535
}

function wechatIn(environment: z.infer<typeof Environment>): WechatConfig | undefined {
  const token = environment.WECHATY_PUPPET_SERVICE_TOKEN
  if (token === undefined) return undefined
  const endpoint = environment.WECHATY_PUPPET_SERVICE_ENDPOINT
  if (endpoint === undefined) {
    throw new ConfigError(
      'WECHATY_PUPPET_SERVICE_TOKEN needs the address of the gateway, for example WECHATY_PUPPET_SERVICE_ENDPOINT=127.0.0.1:18788. ' +
        'Without it a server abroad would be asked where it is',
    )
  }
  const plaintext = environment.WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT === 'true'
  if (!token.includes('_')) {
    throw new ConfigError(
      'WECHATY_PUPPET_SERVICE_TOKEN must begin with the name of the gateway and _, as Wechaty wants it; for one of your own WECHATY_PUPPET_SERVICE_TOKEN=insecure_…',
    )
  }
  const caCert = environment.WECHATY_PUPPET_SERVICE_TLS_CA_CERT
  const perDay = Number(environment.WECHAT_DAILY_MESSAGES ?? 300)
  return { token, endpoint, plaintext, ...(caCert !== undefined && { caCert }), perDay }
}

/** A variable that makes the libraries of the model send every prompt to a tracing service. */
const TRACING = /^(LANGSMITH|LANGCHAIN)_(?=.*(TRACING|OTEL))|^LANGCHAIN_VERBOSE$/

function llmIn(
  environment: z.infer<typeof Environment>,
  variables: Record<string, string | undefined>,
): LlmConfig | undefined {
  const { LLM_BASE_URL: base, LLM_API_KEY: key, LLM_MODEL: model, LLM_FORMAT, LLM_DAILY_CALLS } = environment
  if (base === undefined) return undefined
  if (model === undefined) {
    throw new ConfigError('LLM_BASE_URL needs the name of a model there, for example LLM_MODEL=deepseek-chat')
  }
  const tracing = Object.entries(variables).find(
    ([name, value]) => TRACING.test(name) && value && !['false', '0'].includes(value.trim().toLowerCase()),
  )
  if (tracing) {
    throw new ConfigError(
      `${tracing[0]} would copy what villagers write to another place: take it out of the environment, or set ${tracing[0]}=false`,
    )
  }
  const url = new URL(base)
  const where = whereaboutsOf(url)
  if (url.username || url.password) {
    throw new ConfigError('LLM_BASE_URL must hold no name or password; the key belongs into LLM_API_KEY=sk-…')
  }
  if (where === 'elsewhere' && environment.LLM_ALLOW_OVERSEAS !== 'true') {
    throw new ConfigError(
      `LLM_BASE_URL=${url.origin} is neither this computer, a private address nor a known service in mainland China. ` +
        'What villagers say may have to stay in the country; if it is allowed to go there, set LLM_ALLOW_OVERSEAS=true',
    )
  }
  if (url.protocol === 'http:' && (where === 'mainland' || where === 'elsewhere')) {
    throw new ConfigError(`LLM_BASE_URL must begin with https:// where it is not this computer or a private address`)
  }
  return {
    baseUrl: base.replace(/\/+$/, ''),
    // Servers of one's own often want none, and the client wants some.
    apiKey: key ?? 'none',
    model,
    format: (LLM_FORMAT ?? 'json') as LlmFormat,
    dailyCalls: Number(LLM_DAILY_CALLS ?? 500),
  }
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
  const wechat = wechatIn(parsed.data)
  const llm = llmIn(parsed.data, environment)
  const { EMBEDDINGS_MODEL } = parsed.data
  if (EMBEDDINGS_MODEL && !llm) {
    throw new ConfigError(
      'EMBEDDINGS_MODEL needs the service that has it, for example LLM_BASE_URL=https://dashscope.aliyuncs.com/compatible-mode/v1',
    )
  }
  return {
    databaseUrl: DATABASE_URL ?? 'file:data/xiaoge.db',
    host,
    port: Number(PORT ?? 3000),
    password: XIAOGE_PASSWORD,
    logLevel: LOG_LEVEL ?? 'info',
    dataDirectory: 'data',
    retentionDays: Number(parsed.data.RETENTION_DAYS ?? 30),
    ...(telegram && { telegram }),
    ...(wechat && { wechat }),
    ...(llm && { llm }),
    ...(llm &&
      EMBEDDINGS_MODEL && { embeddings: { baseUrl: llm.baseUrl, apiKey: llm.apiKey, model: EMBEDDINGS_MODEL } }),
  }
}

/** Reads `.env`, if there is one, and the environment, which wins over it. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return parseConfig(process.env)
}
