import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KIND } from '../../src/channels/wechat/incoming.ts'
import { LINK_TIMES } from '../../src/channels/wechat/protocol.ts'
import { createWechatChannel } from '../../src/channels/wechat/wechat.ts'
import type { SettableClock } from '../../src/clock.ts'
import { createLogger } from '../../src/logger.ts'
import { createFakeWechat, freePort, type Meeting, TOKEN } from '../support/fake-wechat.ts'
import { describeChannel, type Network, type Obstacle, type Saying } from './contract.ts'

const PHOTO = new TextEncoder().encode('bytes of a photo')

const MEETINGS = {
  'arrives-in-doubt': 'done-then-silent',
  'lost-in-doubt': 'silent',
  busy: { error: '操作过于频繁，请稍后再试' },
  refused: { error: 'the account is not a member of the room' },
} as const satisfies Record<Obstacle, Meeting>

const KINDS = {
  image: KIND.Image,
  voice: KIND.Audio,
  video: KIND.Video,
  file: KIND.Attachment,
  location: KIND.Location,
}

/** The village on a gateway to a WeChat that is not there. */
async function aWechat(clock: SettableClock): Promise<Network> {
  const gateway = await createFakeWechat({ port: await freePort() })
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-wechat-'))
  const rooms: Record<string, string> = { villagers: '101@chatroom', grid: '102@chatroom' }
  const accounts = new Map<string, string>()
  const logger = createLogger('silent')
  const told: string[] = []
  gateway.room('101@chatroom', '清河村村民群')
  gateway.room('102@chatroom', '网格员工作群')
  const account = (name: string) => {
    if (!accounts.has(name)) accounts.set(name, `wxid_${accounts.size + 100}`)
    return accounts.get(name) as string
  }
  const roomOf = (where: string) => rooms[where]
  const contentOf = ({ where, account: owner, name, text, quote, mention, attachments }: Saying) => {
    const id = account(owner ?? '')
    gateway.person(id, name)
    const [kind] = attachments ?? []
    const original = gateway.shown.find((one) => one.id === quote)
    const quoted = original ? `「小格：${original.text}」\n- - - - - - - - - - - - - - -\n` : ''
    const words = `${quoted}${mention ? '@小格\u2005' : ''}${text}`
    return {
      talkerId: id,
      ...(where !== 'direct' && { roomId: roomOf(where) ?? '' }),
      type: kind ? KINDS[kind] : KIND.Text,
      text: kind ? '' : words,
      timestamp: Math.floor(clock.now().getTime() / 1000),
    }
  }
  return {
    open: () =>
      createWechatChannel(
        { token: TOKEN, endpoint: gateway.endpoint, plaintext: false, perDay: 1000 },
        {
          clock,
          logger,
          dataDirectory: directory,
          times: { ...LINK_TIMES, send: 1000, echo: 300, firstPause: 50 },
          pace: { gapMs: 0, pauseMs: 20_000, longPauseMs: 20_000 },
          paceMs: 1000,
        },
      ),
    bytes: PHOTO,
    conversation: (room) => roomOf(room) ?? '',
    account,
    async say(saying) {
      const id = gateway.newId()
      if (saying.attachments) gateway.file(id, PHOTO)
      told.push(gateway.tell({ id, ...contentOf(saying) }))
      return id
    },
    async recall(messageId, saying) {
      gateway.tell({ ...contentOf(saying), type: KIND.Recalled, text: messageId })
    },
    seen: () =>
      gateway.shown.map(({ conversation, text, id, file }) => ({
        where:
          Object.keys(rooms).find((room) => rooms[room] === conversation) ??
          [...accounts].find(([, one]) => one === conversation)?.[0] ??
          conversation,
        text,
        messageId: id,
        attachments: file ? 1 : 0,
      })),
    obstruct: (...obstacles) => void gateway.meet(...obstacles.map((obstacle) => MEETINGS[obstacle])),
    async tellAgain() {
      for (const id of told) gateway.tellAgain(id)
    },
    async echo() {
      for (const { conversation, text } of gateway.shown) {
        gateway.tell({ type: KIND.Text, text, talkerId: gateway.self, roomId: conversation })
      }
    },
    async close() {
      await gateway.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

describeChannel('wechat', { quotes: 'text', anonymous: false, timeout: 180_000 }, aWechat)
