import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { SimulatorChannel } from '../channels/simulator.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { faultOf, type Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import { addDemo } from './demo.tsx'
import type { Place } from './demo-village.ts'
import { Document } from './document.tsx'
import { requirePassword } from './login.tsx'
import { LARGEST_PHOTO } from './photo.ts'
import { Refusal } from './refusal.ts'
import { replies } from './replies.ts'
import { scrape } from './scrape.ts'
import { loopbackNamesOnly, sameOriginOnly, securityHeaders } from './security.ts'

export { type Serving, serveWeb } from './serve.ts'

/** How a connection stands; times are ISO 8601, null where nothing ever came or went. */
export interface ConnectionHealth {
  state: string
  lastIn: string | null
  lastOut: string | null
  /** How many messages may still be sent today. */
  budgetLeft?: number
}

/** How the program is. Anybody may read it, so it holds states and counts only. */
export interface Health {
  status: 'ok' | 'failing'
  /** By the network's name. */
  channels?: Record<string, ConnectionHealth>
  [detail: string]: unknown
}

/** Why a message was or was not taken, as a title and lines of a label and its text. */
export interface Explained {
  title: string
  lines: readonly { label: string; text: string }[]
}

export interface Demo {
  simulator: SimulatorChannel
  /** Moves the clock and lets everything that falls due on the way happen before it resolves. Milliseconds. */
  jump(ms: number): Promise<void>
  villageId: number
  /**
   * Explains what somebody said in a conversation, without what its readers must not know; null where it has no such
   * message.
   */
  explain(place: Place, messageId: string): Promise<Explained | null>
}

export interface WebParts {
  database: Database
  clock: Clock
  /** Asked for before everything but the health; undefined only where nobody but this computer can reach the page. */
  password: string | undefined
  metrics: Metrics
  health: () => Promise<Health>
  demo: Demo | null
  /** Where networks deliver. They come from elsewhere, without the page's password, and prove themselves. */
  webhooks?: readonly { path: string; handle(request: Request): Promise<Response> }[]
  logger?: Logger
}

/** Room for a photo, the longest text and the form around them. Bytes. */
const LARGEST_BODY = LARGEST_PHOTO + 256 * 1024

/** A network delivers words and ids; files are fetched. Bytes. */
const LARGEST_DELIVERY = 1024 * 1024

const FILES = {
  '/style.css': { file: 'style.css', mime: 'text/css; charset=utf-8' },
  '/client.js': { file: 'client.js', mime: 'text/javascript; charset=utf-8' },
  '/icon.svg': { file: 'icon.svg', mime: 'image/svg+xml' },
} as const

/** The pages of the program: the demo village, or one plain page, with health and metrics. */
export function createWeb(parts: WebParts): Hono {
  const hono = new Hono()
  hono.onError((error, c) => {
    if (error instanceof Refusal) return c.text(error.message, error.status)
    parts.logger?.error({ fault: faultOf(error), path: c.req.path }, 'a page failed')
    return c.text(replies.errors.fault, 500)
  })
  hono.notFound((c) => c.text(replies.errors.notFound, 404))

  hono.use(securityHeaders)
  for (const { path, handle } of parts.webhooks ?? []) {
    hono.post(path, bodyLimit({ maxSize: LARGEST_DELIVERY }), (c) => handle(c.req.raw))
  }
  if (parts.password === undefined) hono.use(loopbackNamesOnly)
  hono.use(sameOriginOnly)
  hono.use(bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => c.text(replies.errors.bodyTooBig, 413) }))
  if (parts.password !== undefined) requirePassword(hono, parts.password)

  hono.get('/healthz', async (c) => {
    const health = await parts.health().catch((): Health => ({ status: 'failing' }))
    return c.json(health, health.status === 'ok' ? 200 : 503)
  })
  hono.get('/metrics', async (c) => {
    c.header('Content-Type', parts.metrics.registry.contentType)
    return c.body(await scrape(parts.database.db, parts.clock, parts.metrics))
  })
  for (const [path, { file, mime }] of Object.entries(FILES)) {
    hono.get(path, async (c) => {
      c.header('Content-Type', mime)
      c.header('Cache-Control', 'no-cache')
      return c.body(await readFile(new URL(file, import.meta.url)))
    })
  }
  if (parts.demo) addDemo(hono, parts, parts.demo)
  else {
    hono.get('/', async (c) => {
      const { channels = {} } = await parts.health().catch((): Health => ({ status: 'failing' }))
      return c.html(<PlainPage logout={parts.password !== undefined} channels={channels} />)
    })
  }
  return hono
}

function PlainPage(props: { logout: boolean; channels: Record<string, ConnectionHealth> }) {
  return (
    <Document title={replies.plain.title}>
      <main class="plain">
        <h1>{replies.plain.title}</h1>
        <p>{replies.plain.lead}</p>
        <p>{replies.plain.body}</p>
        <ul>
          {Object.entries(props.channels).map(([name, connection]) => (
            <li>{replies.connection(name, connection)}</li>
          ))}
        </ul>
        <p>
          <a href="/healthz">{replies.plain.health}</a>
        </p>
        {props.logout && (
          <form method="post" action="/logout">
            <button type="submit">{replies.logout}</button>
          </form>
        )}
      </main>
    </Document>
  )
}
