import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Io } from './command.ts'

/**
 * Answers each line of standard input with one line on standard output, in the same order. A line that is not JSON,
 * lacks a field or makes the handler throw is answered with `{"id","error"}`, and the run goes on. Reads no faster than
 * its answers are taken, and stops when nobody takes them any more.
 */
export async function eachLine<T>(
  { stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>,
  fields: z.ZodType<T>,
  handler: (input: T) => unknown,
): Promise<void> {
  let gone = false
  // Stays: the last write may fail after this function has returned.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    gone = true
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
  })
  for await (const line of lines(stdin)) {
    const answer = await answerTo(line, fields, handler)
    if (gone) return
    if (!stdout.write(`${JSON.stringify(answer)}\n`)) {
      await once(stdout, 'drain').catch(() => {
        gone = true
      })
    }
  }
}

async function answerTo<T>(line: string, fields: z.ZodType<T>, handler: (input: T) => unknown): Promise<unknown> {
  let input: unknown
  try {
    input = JSON.parse(line)
  } catch {
    return { id: null, error: 'the line is not valid JSON' }
  }
  const id = typeof input === 'object' && input !== null && 'id' in input ? input.id : null
  const parsed = fields.safeParse(input)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the line'}: ${issue.message}`)
    return { id, error: problems.join('; ') }
  }
  try {
    return await handler(parsed.data)
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

/** Lines of a UTF-8 stream. Split at line feeds only: JSON may hold the other separators that node:readline splits at. */
export async function* lines(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield part.replace(/\r$/, '')
  }
  rest += decoder.decode()
  if (rest !== '') yield rest.replace(/\r$/, '')
}
