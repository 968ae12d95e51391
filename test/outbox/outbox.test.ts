import { expect, test } from 'vitest'
import type { Capabilities } from '../../src/channels/channel.ts'
import { createRecordingChannel, type RecordingChannel } from '../../src/channels/recording.ts'
import { createSettableClock, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { Database } from '../../src/db/database.ts'
import { createLogger } from '../../src/logger.ts'
import type { Delivery } from '../../src/message.ts'
import { createEnqueue, type Letter } from '../../src/outbox/enqueue.ts'
import { createOutbox, type Outbox } from '../../src/outbox/outbox.ts'
import { describeDatabases } from '../support/database.ts'

const START = new Date('2026-03-02T09:00:00+08:00')

const after = (ms: number): Delivery => ({ ok: false, retry: 'after', ms, reason: 'busy' })
const UNKNOWN: Delivery = { ok: false, retry: 'unknown', reason: 'time-out' }
const NEVER: Delivery = { ok: false, retry: 'never', reason: 'the bot was removed from the room' }

interface Post {
  database: Database
  channel: RecordingChannel
  outbox: Outbox
  /** Queues texts for a conversation, each as a message of its own. */
  queue(conversation: string, ...texts: string[]): Promise<void>
  queueLetters(...letters: Partial<Letter>[]): Promise<void>
  /** Lets time pass second by second, delivering what is due. */
  passes(ms: number): Promise<void>
  /** The program is started anew on the same database. */
  restart(): void
  texts(conversation?: string): string[]
  states(): Promise<string[]>
}

async function aPost(database: Database, capabilities: Partial<Capabilities> = {}): Promise<Post> {
  const clock = createSettableClock(START)
  const channel = createRecordingChannel('net', { capabilities })
  const logger = createLogger('silent')
  await channel.start(async () => {})
  const elsewhere = createRecordingChannel('elsewhere')
  elsewhere.open = async ({ key }) => {
    if (key === 'gone') throw new Error('the network no longer has it')
    return new TextEncoder().encode(`bytes of ${key}`)
  }
  const make = () => createOutbox({ database, channels: [channel, elsewhere], clock, logger })
  const enqueue = createEnqueue([channel])
  let count = 0
  const post: Post = {
    database,
    channel,
    outbox: make(),
    queue: (conversation, ...texts) => post.queueLetters(...texts.map((text) => ({ conversation, text }))),
    queueLetters: (...letters) =>
      database.transaction((tx) =>
        enqueue(
          tx,
          letters.map((letter) => ({
            key: `k${++count}`,
            villageId: null,
            channel: 'net',
            conversation: 'a',
            private: false,
            kind: 'other' as const,
            text: '',
            notBefore: clock.now(),
            ...letter,
          })),
          clock.now(),
        ),
      ),
    async passes(ms) {
      const end = clock.now().getTime() + ms
      await post.outbox.settle()
      while (clock.now().getTime() < end) {
        clock.set(new Date(Math.min(end, clock.now().getTime() + SECOND)))
        const due = await post.outbox.nextDue()
        if (due && due <= clock.now()) await post.outbox.settle()
        else if (due === null || due.getTime() > end) clock.set(new Date(end))
        else clock.set(due)
      }
      await post.outbox.settle()
    },
    restart() {
      post.outbox = make()
    },
    texts: (conversation) =>
      channel.sent.filter((one) => !conversation || one.conversation === conversation).map((one) => one.text),
    async states() {
      const rows = await database.db.outboxMessage.findMany({ orderBy: { id: 'asc' }, select: { state: true } })
      return rows.map((row) => row.state)
    },
  }
  return post
}

const letters = (n: number, prefix: string) => Array.from({ length: n }, (_, index) => `${prefix}${index}`)

describeDatabases('the outbox', (open) => {
  test('keeps the order within a conversation through failures, and no conversation waits for another', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2', 'a3')
    await post.queue('b', 'b1', 'b2')
    post.channel.failNext(after(30 * SECOND))
    await post.outbox.settle()
    expect(post.texts()).toEqual(['b1', 'b2'])
    await post.queue('a', 'a4')
    await post.passes(29 * SECOND)
    expect(post.texts('a')).toEqual([])
    await post.passes(1 * SECOND)
    expect(post.texts('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
  })

  test('waits as long as the network says, and longer after each failure', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1')
    post.channel.failNext(after(10 * MINUTE), after(0), after(0), after(0))
    await post.passes(10 * MINUTE - SECOND)
    const attempts = async () => (await post.database.db.outboxMessage.findFirstOrThrow()).attempts
    expect(await attempts()).toBe(1)
    await post.passes(SECOND)
    expect(await attempts()).toBe(2)
    // 4, 8 and 16 seconds, not at once.
    await post.passes(3 * SECOND)
    expect(await attempts()).toBe(2)
    await post.passes(1 * SECOND)
    expect(await attempts()).toBe(3)
    await post.passes(7 * SECOND)
    expect(await attempts()).toBe(3)
    await post.passes(MINUTE)
    expect(post.texts()).toEqual(['a1'])
    expect(await post.states()).toEqual(['sent'])
  })

  test('sends what may have been sent once more and then gives up, visibly, and goes on with the next', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2')
    const tries: string[] = []
    const { send } = post.channel
    post.channel.send = async (message) => {
      tries.push(message.text)
      return send(message)
    }
    post.channel.failNext(UNKNOWN, UNKNOWN)
    await post.passes(10 * MINUTE)
    expect(tries).toEqual(['a1', 'a1', 'a2'])
    expect(await post.states()).toEqual(['unknown', 'sent'])
    expect((await post.database.db.outboxMessage.findFirstOrThrow()).error).toBe('time-out')
  })

  test('an uncertain attempt is made up for once, also when sure failures came before it', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1')
    post.channel.failNext(after(0), after(0), after(0), UNKNOWN)
    await post.passes(10 * MINUTE)
    expect(post.texts()).toEqual(['a1'])
  })

  test('on a network that shows the same key once it may try an uncertain message more often', async () => {
    const post = await aPost(await open(), { idempotent: true })
    await post.queue('a', 'a1')
    post.channel.failNext(UNKNOWN, UNKNOWN, UNKNOWN)
    await post.passes(10 * MINUTE)
    expect(await post.states()).toEqual(['sent'])
  })

  test('what can never be sent is dead at once, keeps its reason, and does not hold up the next', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2')
    post.channel.failNext(NEVER)
    await post.outbox.settle()
    expect(post.texts()).toEqual(['a2'])
    const [dead] = await post.database.db.outboxMessage.findMany({ where: { state: 'dead' } })
    expect(dead).toMatchObject({ text: 'a1', error: NEVER.ok ? '' : NEVER.reason, attempts: 1 })
    post.restart()
    await post.passes(60 * MINUTE)
    expect(post.texts()).toEqual(['a2'])
  })

  test('a day without a network loses nothing, and everything is said in order afterwards', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2')
    await post.queue('b', 'b1')
    const { send } = post.channel
    post.channel.send = async () => after(SECOND)
    await post.passes(24 * HOUR)
    expect(await post.states()).toEqual(['pending', 'pending', 'pending'])
    post.channel.send = send
    await post.passes(15 * MINUTE)
    expect(post.texts('a')).toEqual(['a1', 'a2'])
    expect(post.texts('b')).toEqual(['b1'])
  })

  test('while a channel says that it is down nothing is tried, and all is said when it is back', async () => {
    const post = await aPost(await open())
    const tries: string[] = []
    const { send } = post.channel
    post.channel.send = async (message) => {
      tries.push(message.text)
      return send(message)
    }
    await post.queue('a', 'a1', 'a2')
    await post.channel.stop()
    expect(await post.outbox.nextDue()).toBeNull()
    await post.passes(72 * HOUR)
    expect(tries).toEqual([])
    await post.channel.start(async () => {})
    await post.outbox.settle()
    expect(tries).toEqual(['a1', 'a2'])
    const rows = await post.database.db.outboxMessage.findMany()
    expect(rows.map((row) => row.attempts)).toEqual([1, 1])
  })

  test('what fails again and again ends, and the next ones follow in order', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2', 'a3')
    post.channel.failNext(...Array.from({ length: 120 }, () => after(SECOND)))
    await post.passes(30 * HOUR)
    expect(await post.states()).toEqual(['dead', 'sent', 'sent'])
    expect(post.texts()).toEqual(['a2', 'a3'])
  })

  test('a channel that throws is an uncertain delivery, and the outbox goes on', async () => {
    const post = await aPost(await open())
    const { send } = post.channel
    let thrown = 0
    post.channel.send = async (message) => {
      if (message.text === 'a1' && thrown++ < 5) throw new Error('a fault')
      return send(message)
    }
    await post.queue('a', 'a1', 'a2')
    await post.queue('b', 'b1')
    await post.passes(10 * MINUTE)
    expect(thrown).toBe(2)
    expect(post.texts()).toEqual(['b1', 'a2'])
    expect(await post.states()).toEqual(['unknown', 'sent', 'sent'])
  })

  test('keeps the pace of a conversation; others do not wait for it', async () => {
    const post = await aPost(await open(), { paceMs: 3000 })
    await post.queue('a', 'a1', 'a2', 'a3')
    await post.queue('b', 'b1')
    await post.outbox.settle()
    expect(post.texts()).toEqual(['a1', 'b1'])
    await post.passes(2 * SECOND)
    expect(post.texts('a')).toEqual(['a1'])
    await post.passes(1 * SECOND)
    expect(post.texts('a')).toEqual(['a1', 'a2'])
    await post.passes(3 * SECOND)
    expect(post.texts('a')).toEqual(['a1', 'a2', 'a3'])
  })

  test('says when the pace lets the next message go, so that nobody looks in vain', async () => {
    const post = await aPost(await open(), { paceMs: 3000 })
    expect(await post.outbox.nextDue()).toBeNull()
    await post.queue('a', 'a1', 'a2')
    expect(await post.outbox.nextDue()).toEqual(START)
    await post.outbox.settle()
    expect(await post.outbox.nextDue()).toEqual(new Date(START.getTime() + 3 * SECOND))
    await post.queue('b', 'b1')
    expect(await post.outbox.nextDue()).toEqual(START)
    post.channel.failNext(after(10 * MINUTE))
    await post.outbox.settle()
    await post.queue('b', 'b2')
    // What waits behind a failure waits as long as that.
    await post.passes(3 * SECOND)
    expect(await post.outbox.nextDue()).toEqual(new Date(START.getTime() + 10 * MINUTE))
  })

  test('what is planned for later holds up nothing, however much of it there is', async () => {
    const post = await aPost(await open())
    const notBefore = new Date(START.getTime() + 60 * MINUTE)
    await post.queueLetters(...letters(250, 'later').map((text) => ({ text, notBefore, kind: 'card' as const })))
    await post.queue('a', 'now')
    await post.outbox.settle()
    expect(post.texts()).toEqual(['now'])
    await post.passes(61 * MINUTE)
    expect(post.texts().length).toBe(251)
  })

  test('a long queue of a conversation that must wait holds up no other', async () => {
    const post = await aPost(await open())
    await post.queue('a', ...letters(250, 'a'))
    await post.queue('b', 'b1')
    post.channel.failNext(after(30 * MINUTE))
    await post.outbox.settle()
    expect(post.texts()).toEqual(['b1'])
  })

  test('the same key is queued once', async () => {
    const post = await aPost(await open())
    await post.queueLetters({ key: 'same', text: 'first' })
    await post.queueLetters({ key: 'same', text: 'second' }).catch(() => {})
    await post.outbox.settle()
    expect(post.texts()).toEqual(['first'])
  })

  test('a message that was on its way at a crash is sent again, before what follows it', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2')
    await post.database.db.outboxMessage.updateMany({
      where: { text: 'a1' },
      data: { state: 'sending', attempts: 1 },
    })
    post.restart()
    await post.outbox.settle()
    expect(post.texts()).toEqual(['a1', 'a2'])
    post.restart()
    await post.outbox.settle()
    expect(post.texts()).toEqual(['a1', 'a2'])
    expect(await post.states()).toEqual(['sent', 'sent'])
  })

  test('a crash after a long time without a network does not cost the message that was in flight', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1')
    await post.database.db.outboxMessage.updateMany({ data: { state: 'sending', attempts: 60, error: 'no network' } })
    post.restart()
    await post.outbox.settle()
    expect(post.texts()).toEqual(['a1'])
  })

  test('a message at which the program dies each time is not sent for ever', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2')
    const { send } = post.channel
    let tries = 0
    post.channel.send = (message) => {
      tries += 1
      // The program is gone before it can write down what came of it.
      return message.text === 'a1' ? new Promise(() => {}) : send(message)
    }
    for (let n = 0; n < 30 && !post.texts().includes('a2'); n++) {
      const before = tries
      post.restart()
      post.outbox.kick()
      await expect.poll(() => tries > before || post.texts().includes('a2')).toBe(true)
    }
    expect(tries).toBe(10 + 1)
    expect((await post.states())[0]).toBe('unknown')
  })

  test('stopping waits for the message in flight, writes its result and starts no other', async () => {
    const post = await aPost(await open())
    await post.queue('a', 'a1', 'a2')
    const { send } = post.channel
    let release = () => {}
    const started = new Promise<void>((resolve) => {
      post.channel.send = async (message) => {
        resolve()
        await new Promise<void>((free) => {
          release = free
        })
        return send(message)
      }
    })
    post.outbox.kick()
    await started
    const stopping = post.outbox.stop()
    release()
    await stopping
    expect(await post.states()).toEqual(['sent', 'pending'])
    post.channel.send = send
    post.restart()
    await post.outbox.settle()
    expect(post.texts()).toEqual(['a1', 'a2'])
  })

  test('messages of a channel that is not there any more wait and are no fault', async () => {
    const post = await aPost(await open())
    await post.queueLetters({ channel: 'gone', text: 'x' }, { text: 'a1' })
    await post.outbox.settle()
    expect(post.texts()).toEqual(['a1'])
    expect(await post.outbox.nextDue()).toBeNull()
  })

  test('only what goes to a group is masked', async () => {
    const post = await aPost(await open())
    const text = '我的电话138-0000-1234，3月9日前'
    await post.queueLetters({ text }, { text, private: true, conversation: 'p' })
    await post.outbox.settle()
    expect(post.texts('p')).toEqual([text])
    expect(post.texts('a')[0]).not.toContain('1234')
    expect(post.texts('a')[0]).toContain('3月9日前')
  })

  test('a text that is too long becomes several messages, each sent once whatever happens between them', async () => {
    const post = await aPost(await open(), { maxLength: 10 })
    const text = '第一句话说完了。第二句话也说完。第三句。'
    await post.queueLetters({ text, key: 'long', replyTo: 'm1', ticketId: 7, choices: ['收'] }, { text: '后来' })
    post.channel.failNext({ ok: true, messageId: 'first' }, after(0))
    await post.passes(10 * SECOND)
    const rows = await post.database.db.outboxMessage.findMany({ orderBy: { id: 'asc' } })
    expect(rows.map(({ key, text: part, attempts }) => ({ key, part, attempts }))).toEqual([
      { key: 'long', part: '第一句话说完了。', attempts: 1 },
      { key: 'long/2', part: '第二句话也说完。', attempts: 2 },
      { key: 'long/3', part: '第三句。', attempts: 1 },
      { key: 'k2', part: '后来', attempts: 1 },
    ])
    // Whichever part is quoted, it speaks of the ticket; only the first answers, only the last offers something.
    expect(rows.map((row) => row.ticketId)).toEqual([7, 7, 7, null])
    expect(rows.map((row) => row.replyTo)).toEqual(['m1', null, null, null])
    expect(rows.map((row) => row.choices)).toEqual([null, null, ['收'], null])
  })

  test('numbers are masked before a text is parted', async () => {
    const post = await aPost(await open(), { maxLength: 10 })
    await post.queueLetters({ text: '打这个号码138000012345吧' })
    await post.outbox.settle()
    expect(post.texts().join('')).not.toMatch(/\d/)
  })

  test('attachments go as the channel can carry them, those of another channel with their bytes', async () => {
    const post = await aPost(await open(), { maxLength: 20, maxCaption: 5, maxAttachments: 1 })
    const own = { kind: 'image' as const, key: 'p1', channel: 'net' }
    const foreign = { kind: 'image' as const, key: 'p2', channel: 'elsewhere' }
    const gone = { kind: 'image' as const, key: 'gone', channel: 'elsewhere' }
    await post.queueLetters(
      { text: '换好了', attachments: [own, foreign] },
      { text: '换了一个新灯泡', attachments: [own] },
    )
    await post.queueLetters({ text: '照片', attachments: [gone] })
    await post.outbox.settle()
    expect(post.channel.sent.map(({ text, attachments }) => ({ text, attachments }))).toEqual([
      { text: '换好了', attachments: [own] },
      { text: '', attachments: [{ ...foreign, bytes: new TextEncoder().encode('bytes of p2') }] },
      { text: '换了一个新灯泡', attachments: [] },
      { text: '', attachments: [own] },
      { text: '照片', attachments: [] },
    ])
  })
})
