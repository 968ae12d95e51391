import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A reply of a service, kept to be given again. The request stands beside it as it left: masked. */
interface Recording {
  origin: string
  request: unknown
  status: number
  type: string
  body: string
}

const bodyOf = (init: RequestInit | undefined) => (typeof init?.body === 'string' ? init.body : '')

/** Prompt, words and parameters: whatever of them changes makes another recording. */
function fileOf(directory: string, body: string): string {
  return join(directory, `${createHash('sha256').update(body).digest('hex').slice(0, 20)}.json`)
}

/** Asks the service and keeps what it says. */
export function recordingFetch(directory: string, origin: string, real: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await real(input, init)
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    if (response.ok) {
      mkdirSync(directory, { recursive: true })
      const body = bodyOf(init)
      const recording: Recording = { origin, request: JSON.parse(body), status: response.status, type, body: text }
      writeFileSync(fileOf(directory, body), `${JSON.stringify(recording, null, 1)}\n`)
    }
    return new Response(text, { status: response.status, headers: { 'content-type': type } })
  }
}

/** Gives back what was recorded; what was not is a request that the service would not take. `missed` is told of it. */
export function replayingFetch(directory: string, missed: () => void): typeof fetch {
  return async (_, init) => {
    const file = fileOf(directory, bodyOf(init))
    if (!existsSync(file)) {
      missed()
      const error = { message: 'not recorded: prompt, words or parameters have changed', code: 'not_recorded' }
      return Response.json({ error }, { status: 400 })
    }
    const { status, type, body } = JSON.parse(readFileSync(file, 'utf8')) as Recording
    return new Response(body, { status, headers: { 'content-type': type } })
  }
}

/** Replies that somebody has written, by a part of the message that is asked about. They tell nothing of any model. */
export function handWrittenFetch(file: string, missed: () => void): typeof fetch {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const replies = lines.map((line) => JSON.parse(line) as { about: string; reply: object })
  return async (_, init) => {
    const { messages } = JSON.parse(bodyOf(init)) as { messages: { content: string }[] }
    const found = replies.find(({ about }) => messages[1]?.content.includes(about))
    if (!found) {
      missed()
      return Response.json({ error: { message: 'nobody has written a reply', code: 'not_written' } }, { status: 400 })
    }
    const message = { role: 'assistant', content: JSON.stringify(found.reply) }
    const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
    return Response.json({
      id: 'by-hand',
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage,
    })
  }
}
