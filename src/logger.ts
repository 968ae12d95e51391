import { pino } from 'pino'

export type Logger = pino.Logger

/**
 * The program's logger: JSON lines on standard error.
 * Callers log ids, counts and states, never the words, names or numbers of people.
 */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
}

/** A fault without what Prisma prints of the values it was given: those may be somebody's words. */
export function faultOf(error: unknown): { type: string; code?: string; message: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const isPrisma = error.name.startsWith('PrismaClient')
  const message = isPrisma ? (error.message.trim().split('\n').at(-1) ?? '') : error.message
  return { type: error.name, ...(code && { code }), message: message.slice(0, 300) }
}
