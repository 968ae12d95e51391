import type { Delivery, IncomingEvent, Mention } from '../../message.ts'

/** The name of this network in rows and settings. */
export const WECHAT = 'wechat'

export interface GatewaySettings {
  token: string
  /** `host:port`. */
  endpoint: string
  /** Without TLS, as some gateways want it; then everything on the way to it can be read. */
  plaintext: boolean
  /** A certificate authority of one's own, in PEM. */
  caCert?: string
}

/** Waiting times of the process that holds the connection. Milliseconds. */
export const LINK_TIMES = {
  /** Between two looks whether the gateway answers. */
  knock: 250,
  /** A look that takes longer has failed: the gateway hangs. */
  knockLimit: 2000,
  /** A connection that has neither a login nor a code to scan by then has failed. */
  login: 30_000,
  /** Without any sign of life the gateway is asked for one, */
  ask: 45_000,
  /** and without an answer the connection is made anew. */
  silence: 120_000,
  firstPause: 250,
  longestPause: 30_000,
  send: 20_000,
  /** How long the gateway is given to tell what was sent, and with it its id. */
  echo: 2500,
  lookup: 5000,
  download: 15_000,
}
export type LinkTimes = typeof LINK_TIMES

/** One message on its way out. */
export interface Line {
  conversation: string
  text: string
  mentions: Mention[]
  file?: { name: string; bytes: Uint8Array }
}

/** From the program to the process that holds the connection. */
export type ToLink =
  | { type: 'begin'; gateway: GatewaySettings; times: LinkTimes; home: string; journal: string; attachments: string }
  | { type: 'send'; id: number; line: Line }
  | { type: 'stored'; entry: string }
  | { type: 'ping' }

/** Back from it. */
export type FromLink =
  | { type: 'ready' }
  | { type: 'pong' }
  | { type: 'state'; state: 'up' | 'down' | 'needs-login'; reason?: string; readOnly?: boolean }
  /** A code that somebody has to scan with the telephone of the account. `drawn` is for a terminal. */
  | { type: 'scan'; code: string; drawn: string }
  | { type: 'event'; entry: string; event: IncomingEvent }
  | { type: 'sent'; id: number; delivery: Delivery }
  /** WeChat says that the account does too much. */
  | { type: 'slowed' }
  | { type: 'note'; level: 'info' | 'warn' | 'error'; words: string; about?: Record<string, string | number> }
