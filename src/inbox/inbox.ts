import { type Clock, SECOND } from '../clock.ts'
import type { Database, InboxEvent } from '../db/database.ts'
import { bindUnbound } from '../features/binding/index.ts'
import {
  type Answer,
  type Commit,
  callerOf,
  type Feature,
  namesIn,
  type Request,
  type Services,
  StaleError,
  type Thought,
} from '../features/feature.ts'
import { faultOf, type Logger } from '../logger.ts'
import type { IncomingEvent } from '../message.ts'
import type { Enqueue } from '../outbox/enqueue.ts'
import type { Advice } from '../understanding/heed.ts'
import type { Model } from '../understanding/learned/model.ts'
import { type CompiledGazetteer, compileGazetteer, understand } from '../understanding/understand.ts'
import { loadGazetteer } from '../village/gazetteer.ts'
import { moveConversation } from '../village/move-conversation.ts'
import { address } from './address.ts'
import { createAdviser, isWorthAdvice } from './advice.ts'
import { keptUnderstanding, linesOf, requestOf, sameBundle, senderKey } from './bundle.ts'
import { createConsultations } from './consultations.ts'
import type { Lanes } from './lanes.ts'
import { createMarks } from './marks.ts'
import { createScenes, type Scene } from './scenes.ts'
import { createStore } from './store.ts'

/** How long a bundle waits after its last line, and at most after its first. */
const BUNDLE_WAIT = 60 * SECOND
const BUNDLE_MAX = 90 * SECOND
/** How long an album waits for its next photo. */
const ALBUM_WAIT = 2 * SECOND
/** How long a line that was passed on by hand waits for its rest: that was said long ago and comes along with it. */
const RELAY_WAIT = 5 * SECOND
const MAX_ATTEMPTS = 5
const MAX_RETHINKS = 5

export interface Inbox {
  /** Keeps an event; resolves once it is stored. It is worked on afterwards. */
  receive(event: IncomingEvent): Promise<void>
  /** Takes up what an earlier run left undone. */
  recover(): Promise<void>
  /** Takes bundles whose time is up as they are, and retries what failed. */
  flushDue(): Promise<void>
  /** Resolves when everything received so far has been worked on. */
  settle(): Promise<void>
  /** From now on nobody's advice is waited for. */
  callOff(): void
  nextDue(): Promise<Date | null>
}

/**
 * The way of a message: it is stored, its sender and village are found, it is bundled with what belongs to it,
 * understood, handed to the features, and what they decide is written together with what is to be said.
 */
export function createInbox(parts: {
  database: Database
  features: readonly Feature[]
  services: Services
  clock: Clock
  logger: Logger
  lanes: Lanes
  enqueue: Enqueue
  onQueued: () => void
  onUnderstood: (milliseconds: number) => void
  /** The villages that have learned a model of their own. */
  models: ReadonlyMap<number, Model>
}): Inbox {
  const { database, features, services, clock, logger, lanes, enqueue, models } = parts
  const { db } = database
  const store = createStore(database)
  const scenes = createScenes(database, clock)
  const consultations = createConsultations(lanes, logger)
  const adviser = services.llm ? createAdviser(services.llm) : null
  const marks = createMarks(database, (error) => logger.error({ fault: faultOf(error) }, 'marks wait for the next try'))
  /** Senders of whom a bundle is waiting: only for these the database is asked for it. */
  const waitingSenders = new Set<string>()
  const gazetteers = new WeakMap<object, CompiledGazetteer>()

  async function receive(event: IncomingEvent): Promise<void> {
    const stored = await store.keep(event, clock.now())
    if (stored) workOn(stored)
  }

  /** Messages of one village are worked on one after the other: a "+1" must see the ticket that the line before made. */
  function workOn(event: InboxEvent): void {
    // Finding the lane takes a moment itself; it happens in the order of arrival.
    void lanes
      .run('arrivals', async () => {
        const lane = await laneOf(event)
        const worked = lanes.run(lane, () => attempt(event))
        // Until a room's new id is known, what is said under it would belong to nobody.
        if (event.type === 'move') await worked
      })
      .catch((error: unknown) =>
        logger.error({ inbox: event.id, fault: faultOf(error) }, 'a message waits for recovery'),
      )
  }

  async function laneOf(event: InboxEvent): Promise<string> {
    const village = await scenes.villageOf(event)
    return village ? `village:${village.id}` : `conversation:${event.channel}:${event.conversation}`
  }

  async function attempt(event: InboxEvent, work = () => handle(event)): Promise<void> {
    try {
      await work()
    } catch (error) {
      const failed = event.attempts + 1 >= MAX_ATTEMPTS
      logger.error({ inbox: event.id, failed, fault: faultOf(error) }, 'a message could not be handled')
      await db.inboxEvent
        .update({
          where: { id: event.id },
          data: {
            state: failed ? 'failed' : 'new',
            attempts: { increment: 1 },
            error: faultOf(error).message,
            dueAt: new Date(clock.now().getTime() + 2 ** event.attempts * SECOND),
          },
        })
        .catch((fault: unknown) =>
          logger.error({ inbox: event.id, fault: faultOf(fault) }, 'nor could that be written'),
        )
    }
  }

  async function handle(event: InboxEvent): Promise<void> {
    if (event.type === 'move') return handleMove(event)
    if (consultations.after(senderKey(event), event.id, () => attempt(event))) return
    const scene = await scenes.of(event)
    if (!scene) return handleUnbound(event)
    if (event.type === 'join') return finish(event, scene)
    if (event.type === 'edit' || event.type === 'recall') return handleChange(event, event.type, scene)
    await handleMessage(event, scene)
  }

  async function handleUnbound(event: InboxEvent): Promise<void> {
    const now = clock.now()
    await database.transaction(async (tx) => {
      const { replyText: text } = await bindUnbound(tx, event, now)
      await tx.inboxEvent.update({ where: { id: event.id }, data: { state: 'done', dueAt: null } })
      if (text === null) return
      const { channel, conversation } = event
      const letter = { channel, conversation, private: event.private, kind: 'other', text } as const
      await enqueue(tx, [{ ...letter, key: `m${event.id}:unbound`, villageId: null, notBefore: now }], now)
    })
    scenes.forget()
    parts.onQueued()
  }

  async function handleMove(event: InboxEvent): Promise<void> {
    await database.transaction(async (tx) => {
      await moveConversation(tx, event, event.text, clock.now())
      await tx.inboxEvent.update({ where: { id: event.id }, data: { state: 'done', dueAt: null } })
    })
    scenes.forget()
    // Bundles that wait have moved along.
    for (const waiting of await db.inboxEvent.findMany({ where: { state: 'waiting', conversation: event.text } }))
      waitingSenders.add(senderKey(waiting))
    parts.onQueued()
  }

  async function handleMessage(event: InboxEvent, scene: Scene): Promise<void> {
    const waiting = waitingSenders.has(senderKey(event)) ? await waitingWith(event) : []
    const gazetteer = await gazetteerOf(scene.village.id)
    const model = models.get(scene.village.id)
    if (waiting.length > 0 && (isMuchLater(waiting, event) || startsSomethingElse(waiting, event, gazetteer, model))) {
      await decide(waiting, scene, gazetteer, false)
      waiting.length = 0
      if (consultations.after(senderKey(event), event.id, () => attempt(event))) return
    }
    if (event.album !== null) return waitForMore([...waiting, event], ALBUM_WAIT)
    await decide([...waiting, event], scene, gazetteer, true)
  }

  /** The waiting lines of the same sender in the same conversation, oldest first. */
  function waitingWith(event: InboxEvent): Promise<InboxEvent[]> {
    return db.inboxEvent.findMany({ where: { ...sameBundle(event), state: 'waiting' }, orderBy: { id: 'asc' } })
  }

  /** Lines that were passed on by hand arrive together, although hours may lie between them. */
  function isMuchLater(waiting: InboxEvent[], event: InboxEvent): boolean {
    const before = waiting.at(-1)
    return before !== undefined && event.sentAt.getTime() - before.sentAt.getTime() > BUNDLE_MAX
  }

  /** A line that is a full report of another kind is not a later line of the bundle before it. */
  function startsSomethingElse(
    waiting: InboxEvent[],
    event: InboxEvent,
    gazetteer: CompiledGazetteer,
    model: Model | undefined,
  ): boolean {
    const alone = understand(event.text, gazetteer, undefined, model)
    if (alone.gate !== 'ticket' || alone.category === null) return false
    const before = understand(linesOf(waiting).join('，'), gazetteer, undefined, model)
    return before.gate !== 'none' && before.category !== null && before.category !== alone.category
  }

  /**
   * Asks the features in their order, writes what the first one that takes it decides, and marks the messages done.
   * Where somebody is to be asked first that happens later; `known` is what then has come of it.
   */
  async function decide(
    messages: InboxEvent[],
    scene: Scene,
    gazetteer: CompiledGazetteer,
    mayWait: boolean,
    known: Known = {},
  ): Promise<void> {
    for (let rethinks = 0; ; rethinks++) {
      // Advice was asked for when there was nothing more to wait for.
      const request = toRequest(messages, scene, gazetteer, mayWait && !known.advice, known.advice ?? null)
      const { answer, by } = await ask(request)
      if (answer === 'wait') return waitForMore(messages)
      const mayAsk = adviser && known.advice === undefined && (answer === null || by?.takesAdvice)
      if (mayAsk && isWorthAdvice(request)) {
        const work = (signal: AbortSignal) => adviser(request.text, namesIn(request), callerOf(request), signal)
        return consult(request, mayWait, work, (advice) => ({ ...known, advice }))
      }
      if (isThought(answer) && known.commit === undefined) {
        return consult(request, mayWait, answer.think, (commit) => ({ ...known, commit }))
      }
      try {
        await write(request, isThought(answer) ? (known.commit ?? answer.otherwise) : answer)
        return
      } catch (error) {
        if (!(error instanceof StaleError) || rethinks >= MAX_RETHINKS) throw error
      }
    }
  }

  async function ask(request: Request): Promise<{ answer: Answer; by: Feature | null }> {
    for (const feature of features) {
      const answer = await feature.handle(request, services)
      if (answer !== null) return { answer, by: feature }
    }
    return { answer: null, by: null }
  }

  /** Lets the village go on while somebody is asked about a request; then it is decided, if it is still what it was. */
  function consult<T>(
    request: Request,
    mayWait: boolean,
    work: (signal: AbortSignal) => Promise<T | null>,
    knowing: (result: T | null) => Known,
  ): void {
    const { messages, text, village } = request
    const last = messages.at(-1)
    if (!last) return
    const ids = messages.map((message) => message.id)
    const resume = async (result: T | null) => {
      // What was taken back, erased or changed meanwhile is not what was asked about.
      const left = await db.inboxEvent.findMany({
        where: { id: { in: ids }, state: { in: ['new', 'waiting'] } },
        orderBy: { id: 'asc' },
      })
      const scene = left.length > 0 ? await scenes.of(last) : null
      if (!scene) return
      const known = linesOf(left).join('\n') === text ? knowing(result) : {}
      await decide(left, scene, await gazetteerOf(village.id), mayWait, known)
    }
    consultations.open({
      key: senderKey(last),
      lane: `village:${village.id}`,
      ids,
      work,
      resume: (result) => attempt(last, () => resume(result)),
    })
  }

  async function waitForMore(messages: InboxEvent[], atMost = BUNDLE_WAIT): Promise<void> {
    const now = clock.now().getTime()
    const wait = messages.at(-1)?.relayedById == null ? atMost : Math.min(atMost, RELAY_WAIT)
    const first = messages[0]?.receivedAt.getTime() ?? now
    if (messages[0]) waitingSenders.add(senderKey(messages[0]))
    await db.inboxEvent.updateMany({
      where: { id: { in: messages.map((message) => message.id) } },
      data: { state: 'waiting', dueAt: new Date(Math.min(now + wait, first + BUNDLE_MAX)) },
    })
  }

  async function write(request: Request, commit: Commit | null): Promise<void> {
    const { messages, village, person, room, understanding, now } = request
    if (messages[0]) waitingSenders.delete(senderKey(messages[0]))
    const where = { villageId: village.id, personId: person.id, roomId: room?.id ?? null }
    const kept = keptUnderstanding(understanding)
    const own = messages.map((message) => ({ id: message.id, ...where, understanding: kept }))
    if (!commit) {
      marks.add(own)
      return
    }
    const last = messages.at(-1)
    if (!last) return
    await marks.transaction(own, async (tx) => {
      const replies = await commit(tx)
      const cause = { key: `m${last.id}`, villageId: village.id, channel: last.channel }
      await enqueue(tx, await address(tx, cause, replies, now), now)
    })
    // A binding makes somebody or some room another; so rare a word is worth the look.
    if (request.text.includes('绑定')) scenes.forget()
    parts.onQueued()
  }

  async function handleChange(event: InboxEvent, type: 'edit' | 'recall', scene: Scene): Promise<void> {
    const { channel, conversation, messageId } = event
    await marks.flush()
    const original = await db.inboxEvent.findFirst({ where: { channel, conversation, messageId, type: 'message' } })
    // Only the sender's own message may be changed; a network's administrator may take anybody's back.
    if (!original || (type === 'edit' && original.senderId !== event.senderId)) return finish(event, scene)
    const author = await scenes.personOf(scene.village.id, original)
    const gazetteer = await gazetteerOf(scene.village.id)
    const message = { ...original, text: event.text, ...(type === 'recall' && { attachments: [] }) }
    const understanding = understand(message.text, gazetteer, undefined, models.get(scene.village.id))
    const now = clock.now()
    const change = { type, ...scene, person: author, message, understanding, now }
    let commit: Commit | 'new' | null = null
    if (original.state === 'done') {
      for (const feature of features) commit ??= (await feature.change?.(change, services)) ?? null
    }
    await database.transaction(async (tx) => {
      const replies = commit && commit !== 'new' ? await commit(tx) : []
      await tx.inboxEvent.update({
        where: { id: original.id },
        data: {
          text: message.text,
          ...(type === 'recall' && { attachments: [], state: 'done', dueAt: null, understanding: {} }),
          ...(commit === 'new' && { state: 'new', dueAt: null }),
        },
      })
      await tx.inboxEvent.update({ where: { id: event.id }, data: { state: 'done', villageId: scene.village.id } })
      const cause = { key: `m${event.id}`, villageId: scene.village.id, channel }
      await enqueue(tx, await address(tx, cause, replies, now), now)
    })
    parts.onQueued()
    const again = type === 'edit' && (commit === 'new' || original.state === 'waiting' || original.state === 'new')
    if (again) await handleAgain(original.id, { ...scene, person: author })
  }

  /** An edited message that was waiting, or that nobody had taken before, is thought about with its new text. */
  async function handleAgain(id: number, scene: Scene): Promise<void> {
    const event = await db.inboxEvent.findUniqueOrThrow({ where: { id } })
    if (event.state === 'new') return handleMessage(event, scene)
    const messages = await waitingWith(event)
    if (messages.length > 0) await decide(messages, scene, await gazetteerOf(scene.village.id), true)
  }

  async function finish(event: InboxEvent, scene: Scene): Promise<void> {
    await db.inboxEvent.update({
      where: { id: event.id },
      data: { state: 'done', villageId: scene.village.id, personId: scene.person.id },
    })
  }

  function toRequest(
    messages: InboxEvent[],
    scene: Scene,
    gazetteer: CompiledGazetteer,
    mayWait: boolean,
    advice: Advice | null,
  ): Request {
    const started = performance.now()
    const model = models.get(scene.village.id)
    const request = requestOf(messages, { scene, gazetteer, model, advice, mayWait, now: clock.now() })
    parts.onUnderstood(performance.now() - started)
    return request
  }

  async function gazetteerOf(villageId: number): Promise<CompiledGazetteer> {
    const gazetteer = await loadGazetteer(db, villageId)
    let compiled = gazetteers.get(gazetteer)
    if (!compiled) {
      compiled = compileGazetteer(gazetteer)
      gazetteers.set(gazetteer, compiled)
    }
    return compiled
  }

  async function recover(): Promise<void> {
    for (const event of await db.inboxEvent.findMany({ where: { state: 'waiting' } }))
      waitingSenders.add(senderKey(event))
    let after = 0
    for (;;) {
      const rows = await db.inboxEvent.findMany({
        where: { state: 'new', dueAt: null, id: { gt: after } },
        orderBy: { id: 'asc' },
        take: 500,
      })
      const last = rows.at(-1)
      if (!last) return
      for (const row of rows) workOn(row)
      await lanes.idle()
      after = last.id
    }
  }

  async function flushDue(): Promise<void> {
    const due = await db.inboxEvent.findMany({
      where: { state: { in: ['waiting', 'new'] }, dueAt: { lte: clock.now() } },
      orderBy: { id: 'asc' },
      take: 500,
    })
    for (const event of due)
      await lanes.run(await laneOf(event), () => (event.state === 'new' ? attempt(event) : flush(event)))
  }

  async function flush(event: InboxEvent): Promise<void> {
    try {
      if (consultations.isOpen(senderKey(event))) return
      const messages = await waitingWith(event)
      // Another line may have come in the meantime and either finished or prolonged the bundle.
      if (!messages.some((message) => message.dueAt && message.dueAt <= clock.now())) return
      const scene = await scenes.of(event)
      // An album that is complete may be the first half of something like any other message.
      const waited = clock.now().getTime() - (messages[0]?.receivedAt.getTime() ?? 0)
      const mayWait = messages.at(-1)?.album != null && waited < BUNDLE_WAIT
      if (scene) await decide(messages, scene, await gazetteerOf(scene.village.id), mayWait)
    } catch (error) {
      logger.error({ inbox: event.id, fault: faultOf(error) }, 'a bundle could not be taken')
      await db.inboxEvent.updateMany({
        where: { ...sameBundle(event), state: 'waiting' },
        data: event.attempts + 1 >= MAX_ATTEMPTS ? { state: 'failed' } : { attempts: { increment: 1 } },
      })
    }
  }

  return {
    receive,
    recover,
    flushDue,
    async settle() {
      await lanes.idle()
      await consultations.idle()
      await lanes.idle()
      await marks.flush()
    },
    callOff: consultations.callOff,
    async nextDue() {
      const next = await db.inboxEvent.findFirst({
        where: { state: { in: ['waiting', 'new'] }, dueAt: { not: null } },
        orderBy: { dueAt: 'asc' },
        select: { dueAt: true },
      })
      return next?.dueAt ?? null
    },
  }
}

/** What has come of asking; absent where nobody was asked, null where nothing came of it. */
interface Known {
  advice?: Advice | null
  commit?: Commit | null
}

function isThought(answer: Answer): answer is Thought {
  return typeof answer === 'object' && answer !== null
}
