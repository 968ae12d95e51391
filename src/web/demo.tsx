import { randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { DAY, HOUR, SECOND } from '../clock.ts'
import { faultOf } from '../logger.ts'
import type { Attachment } from '../message.ts'
import { quoteOf, readConversation } from './conversation.ts'
import {
  CHANNEL,
  type DemoPerson,
  type DemoVillage,
  offered,
  PHONES,
  type Phone,
  type Place,
  placeOf,
  readVillage,
  type View,
} from './demo-village.ts'
import { Explanation, ExplanationPage } from './explanation.tsx'
import { MessageList, type PhoneState, PhonesPage, StatusBar } from './phones.tsx'
import { LARGEST_PHOTO, photoType } from './photo.ts'
import { createPlay } from './play.ts'
import { Refusal } from './refusal.ts'
import { replies } from './replies.ts'
import type { Demo, WebParts } from './web.tsx'

/** UTF-16 units. */
const LONGEST_TEXT = 10_000
const KEEP_ALIVE = 20 * SECOND
const JUMPS: Partial<Record<string, number>> = { hour: HOUR, day: DAY }
const ADDRESSED = /[@＠]小格/

/** Adds the demo village's page: its phones, its clock and the day that plays by itself. */
export function addDemo(hono: Hono, parts: WebParts, demo: Demo): void {
  const { db } = parts.database
  const watchers = new Set<() => void>()
  const statusChanged = () => {
    for (const watcher of watchers) watcher()
  }
  let jumping = false
  const play = createPlay({
    db,
    clock: parts.clock,
    simulator: demo.simulator,
    villageId: demo.villageId,
    jump: demo.jump,
    changed: statusChanged,
    failed: (error) => parts.logger?.error({ fault: faultOf(error) }, 'the demo day stopped'),
  })

  const village = () => readVillage(db, demo.villageId)

  const status = (of: DemoVillage) => ({ now: parts.clock.now(), timezone: of.timezone, play: play.state() })

  async function phoneState(of: DemoVillage, phone: Phone, person?: string, view?: string): Promise<PhoneState> {
    const people = offered(of.people, phone)
    const owner = people.find((each) => each.id === person) ?? people[0]
    const state = { phone, people, owner, view: view === 'party' ? ('party' as const) : ('direct' as const) }
    const place = placeOf(of, phone, owner?.id ?? '', state.view)
    return { ...state, place, timezone: of.timezone, messages: place ? await readConversation(db, place) : [] }
  }

  hono.get('/', async (c) => {
    const of = await village()
    const states = await Promise.all(
      PHONES.map((phone) => phoneState(of, phone, c.req.query(phone), c.req.query('view'))),
    )
    return c.html(
      <PhonesPage village={of.name} status={status(of)} phones={states} logout={parts.password !== undefined} />,
    )
  })

  hono.get('/demo/status', async (c) => c.html(<StatusBar {...status(await village())} />))

  hono.get('/demo/messages', async (c) => {
    const phone = asPhone(c.req.query('phone'))
    return c.html(
      <MessageList {...(await phoneState(await village(), phone, c.req.query('person'), c.req.query('view')))} />,
    )
  })

  hono.get('/demo/why', async (c) => {
    const { phone, person = '', view, message = '' } = c.req.query()
    const place = placeOf(await village(), asPhone(phone), person, view === 'party' ? 'party' : 'direct')
    const explained = place && (await demo.explain(place, message))
    if (!explained) throw new Refusal(404, replies.errors.noMessage)
    return c.html(wantsPage(c) ? <ExplanationPage {...explained} /> : <Explanation {...explained} />)
  })

  hono.get('/demo/events', (c) => {
    // nginx would hold events back until some kilobytes have come together.
    c.header('X-Accel-Buffering', 'no')
    return streamSSE(c, async (stream) => {
      const end = demo.simulator.listen(({ conversation }) => {
        void stream.writeSSE({ event: 'said', data: conversation })
      })
      const watcher = () => void stream.writeSSE({ event: 'status', data: '' })
      watchers.add(watcher)
      // Keeps proxies from closing a quiet stream, and the page's clock right.
      const alive = setInterval(watcher, KEEP_ALIVE)
      await new Promise<void>((resolve) => {
        stream.onAbort(resolve)
        watcher()
      })
      clearInterval(alive)
      watchers.delete(watcher)
      end()
    })
  })

  hono.post('/demo/say', async (c) => {
    const form = await formOf(c)
    const { person, place } = await author(form)
    const text = textOf(form)
    const photo = await photoOf(form)
    const attachments = photo ? [await demo.simulator.keep(photo.bytes, photo.about)] : []
    if (text === '' && attachments.length === 0) throw new Refusal(422, replies.errors.empty)
    const quoted = stringOf(form, 'quote')
    const quote = quoted === '' ? null : await quoteOf(db, place, quoted)
    await demo.simulator.say({
      type: 'message',
      ...place,
      messageId: `m-${randomUUID()}`,
      sender: { id: person.id, name: person.name },
      text,
      addressed: ADDRESSED.test(text),
      ...(quote && { quote }),
      attachments,
      sentAt: parts.clock.now(),
    })
    return done(c)
  })

  hono.post('/demo/edit', async (c) => {
    const form = await formOf(c)
    const own = await ownMessage(form)
    const text = textOf(form)
    if (text === '') throw new Refusal(422, replies.errors.empty)
    await demo.simulator.say({ type: 'edit', ...own, text, sentAt: parts.clock.now() })
    return done(c)
  })

  hono.post('/demo/recall', async (c) => {
    const own = await ownMessage(await formOf(c))
    await demo.simulator.say({ type: 'recall', ...own, sentAt: parts.clock.now() })
    return done(c)
  })

  hono.post('/demo/jump', async (c) => {
    const ms = JUMPS[stringOf(await formOf(c), 'by')]
    if (ms === undefined) throw new Refusal(422, replies.errors.notFound)
    if (play.state()) throw new Refusal(409, replies.errors.playing)
    if (jumping) throw new Refusal(409, replies.errors.busy)
    jumping = true
    try {
      await demo.jump(ms)
    } finally {
      jumping = false
      statusChanged()
    }
    return done(c)
  })

  hono.post('/demo/play', (c) => {
    if (jumping) throw new Refusal(409, replies.errors.busy)
    if (!play.start()) throw new Refusal(409, replies.errors.alreadyPlaying)
    return done(c)
  })

  hono.post('/demo/stop', (c) => {
    play.stop()
    return done(c)
  })

  hono.get('/demo/attachments/:key', async (c) => {
    const bytes = await demo.simulator.open({ kind: 'image', key: c.req.param('key') }).catch(() => null)
    if (!bytes) throw new Refusal(404, replies.errors.gone)
    const mime = photoType(bytes)
    c.header('Content-Type', mime ?? 'application/octet-stream')
    if (!mime) c.header('Content-Disposition', 'attachment')
    // A key is the digest of its bytes, so they never change.
    c.header('Cache-Control', 'private, max-age=31536000, immutable')
    return c.body(new Uint8Array(bytes))
  })

  async function author(form: FormData): Promise<{ person: DemoPerson; place: Place }> {
    const of = await village()
    const person = of.people.find((each) => each.id === stringOf(form, 'person'))
    if (!person) throw new Refusal(422, replies.errors.nobody)
    const view: View = stringOf(form, 'view') === 'party' ? 'party' : 'direct'
    const place = placeOf(of, asPhone(stringOf(form, 'phone')), person.id, view)
    if (!place) throw new Refusal(422, replies.errors.noRoom)
    return { person, place }
  }

  async function ownMessage(form: FormData) {
    const { person, place } = await author(form)
    const messageId = stringOf(form, 'message')
    const where = { channel: CHANNEL, conversation: place.conversation, messageId, senderId: person.id }
    const original = await db.inboxEvent.findFirst({ where: { ...where, type: 'message' } })
    if (!original) throw new Refusal(422, replies.errors.notYours)
    return { ...place, messageId, sender: { id: person.id, name: person.name } }
  }
}

/** A script is answered with nothing: it hears by the event stream. A form sent without one goes back to the page. */
function done(c: Context) {
  return wantsPage(c) ? c.redirect('/', 303) : c.body(null, 204)
}

/** A browser that goes somewhere, and no script. */
function wantsPage(c: Context): boolean {
  return c.req.header('Accept')?.includes('text/html') === true
}

function asPhone(value: string | undefined): Phone {
  const phone = PHONES.find((each) => each === value)
  if (!phone) throw new Refusal(404, replies.errors.notFound)
  return phone
}

async function formOf(c: Context): Promise<FormData> {
  try {
    return await c.req.formData()
  } catch (error) {
    // What is no form has nothing in it; a body beyond the limit is told by the limit.
    if (error instanceof TypeError) return new FormData()
    throw error
  }
}

function stringOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

function textOf(form: FormData): string {
  // Forms send line breaks as CR LF.
  const text = stringOf(form, 'text').replaceAll('\r\n', '\n').trim()
  if (text.length > LONGEST_TEXT) throw new Refusal(413, replies.errors.tooLong(LONGEST_TEXT))
  return text
}

/** The photo of a form, null where none was chosen: browsers then send an empty file. */
async function photoOf(form: FormData): Promise<{ bytes: Uint8Array; about: Omit<Attachment, 'key'> } | null> {
  const file = form.get('photo')
  if (!file || typeof file === 'string' || file.size === 0) return null
  if (file.size > LARGEST_PHOTO) throw new Refusal(413, replies.errors.photoTooBig)
  const bytes = new Uint8Array(await file.arrayBuffer())
  const mime = photoType(bytes)
  if (!mime) throw new Refusal(415, replies.errors.photoKind)
  return { bytes, about: { kind: 'image', name: file.name.slice(0, 100), mime } }
}
