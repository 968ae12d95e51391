import { createTelegramChannel } from '../../src/channels/telegram/telegram.ts'
import type { SettableClock } from '../../src/clock.ts'
import { createLogger } from '../../src/logger.ts'
import { createFakeTelegram, TOKEN } from '../support/fake-telegram.ts'
import { describeChannel, type Network, type Obstacle, type Saying } from './contract.ts'

const PHOTO = new TextEncoder().encode('bytes of a photo')

const FAULTS = {
  'arrives-in-doubt': 'done-then-cut',
  'lost-in-doubt': 'cut',
  busy: { code: 429, description: 'Too Many Requests: retry after 3', parameters: { retry_after: 3 } },
  refused: { code: 403, description: 'Forbidden: bot was kicked from the supergroup chat' },
} as const satisfies Record<Obstacle, unknown>

const FILES = {
  image: { photo: [{ file_id: 'small' }, { file_id: 'file1', file_size: PHOTO.length }] },
  voice: { voice: { file_id: 'file1', duration: 3, mime_type: 'audio/ogg', file_size: PHOTO.length } },
  video: { video: { file_id: 'file1' } },
  file: { document: { file_id: 'file1', file_name: '表.xlsx' } },
  location: { location: { latitude: 30.1, longitude: 104.2 } },
}

/** The village on a fake of Telegram. */
async function aTelegram(clock: SettableClock): Promise<Network> {
  const server = await createFakeTelegram(() => clock.now())
  server.keepFile('file1', PHOTO)
  const rooms: Record<string, number> = { villagers: -101, grid: -1002 }
  const accounts = new Map<string, number>()
  const logger = createLogger('silent')
  const account = (name: string) => {
    if (!accounts.has(name)) accounts.set(name, 5000 + accounts.size)
    return accounts.get(name) as number
  }
  const chatOf = ({ where, account: owner }: Saying) =>
    where === 'direct'
      ? { id: account(owner ?? ''), type: 'private' }
      : { id: rooms[where] ?? 0, type: 'supergroup', title: where }
  const anonymous = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' }
  const contentOf = (saying: Saying) => {
    const { text, name, account: owner, quote, mention, attachments } = saying
    const words = mention ? `@${server.me.username} ${text}` : text
    const chat = chatOf(saying)
    const [kind] = attachments ?? []
    const mentioned = [{ type: 'mention', offset: 0, length: server.me.username.length + 1 }]
    return {
      chat,
      from: owner === null ? anonymous : { id: account(owner), is_bot: false, first_name: name },
      more: {
        ...(owner === null && { sender_chat: chat, author_signature: name }),
        ...(words !== '' && (kind ? { caption: words } : { text: words })),
        ...(mention && { entities: mentioned }),
        ...(kind && FILES[kind]),
        ...(quote !== undefined && {
          reply_to_message: { message_id: Number(quote), chat, date: 1, from: server.me, text: '卡片' },
        }),
      },
    }
  }
  return {
    open: () =>
      createTelegramChannel(
        { token: TOKEN, apiRoot: server.url },
        { clock, logger, times: { pollSeconds: 2, firstPause: 50, longestPause: 200, paceMs: 1000 } },
      ),
    bytes: PHOTO,
    conversation: (room) => String(rooms[room]),
    account: (name) => String(account(name)),
    async say(saying) {
      const { chat, from, more } = contentOf(saying)
      return String(server.message(chat, from, more).message_id)
    },
    async edit(messageId, saying) {
      const { chat, from, more } = contentOf(saying)
      const date = Math.floor(clock.now().getTime() / 1000)
      server.push({
        edited_message: { message_id: Number(messageId), date, edit_date: date, chat, from, ...more },
      })
    },
    seen: () =>
      server.shown.map(({ chat, text, messageId, file, payload }) => ({
        where:
          Object.keys(rooms).find((room) => rooms[room] === chat) ??
          [...accounts].find(([, id]) => id === chat)?.[0] ??
          String(chat),
        text,
        messageId: String(messageId),
        ...(payload.reply_parameters && { replyTo: String(payload.reply_parameters.message_id) }),
        attachments: file === undefined ? 0 : 1,
      })),
    obstruct(...obstacles) {
      for (const obstacle of obstacles) server.failNext('sendMessage', FAULTS[obstacle])
    },
    async tellAgain() {
      server.tellAgain()
    },
    async reconnect() {
      server.cutConnections()
    },
    goDown: () => server.goDown(),
    comeBack: () => server.comeBack(),
    async moveRoom() {
      server.migrate(rooms.villagers ?? 0, -100777)
      rooms.villagers = -100777
    },
    async echo() {
      for (const { chat, text } of server.shown) {
        server.message({ id: chat, type: 'supergroup' }, server.me, { text })
      }
    },
    close: () => server.close(),
  }
}

describeChannel('telegram', { quotes: 'id', anonymous: true }, aTelegram)
