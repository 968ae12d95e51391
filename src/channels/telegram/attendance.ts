import type { Api } from 'grammy'
import type { Logger } from '../../logger.ts'
import type { Presence } from '../channel.ts'
import { chatOf, type Self, TELEGRAM } from './incoming.ts'
import { reasonOf } from './outgoing.ts'
import { WORKERS_MENU } from './replies.ts'

const PRIVACY =
  'Telegram’s privacy mode hides from the assistant what is not a command or a reply to it. Remedy: in the chat with ' +
  '@BotFather send /setprivacy, choose the bot, choose Disable; then remove the bot from the group and add it again. ' +
  'Or make it an administrator of the group.'
const ABSENT = 'the assistant is not in a room that is bound to it. Remedy: add it to the group again.'

type Standing = 'fine' | 'blind' | 'absent'

/** Looks whether the assistant can read in its rooms, and offers grid workers their menu where they work. */
export function createAttendance(parts: { api: Api; logger: Logger }) {
  const { api, logger } = parts
  const standings = new Map<string, Standing>()
  /** Chats that have the workers' menu. */
  const menus = new Set<number>()
  let self: (Self & { readsAll: boolean }) | null = null
  let presence: Presence = { rooms: [], work: [] }

  async function attend(): Promise<void> {
    if (!self) return
    for (const room of standings.keys()) if (!presence.rooms.includes(room)) standings.delete(room)
    for (const room of presence.rooms) if (!standings.has(room)) await look(room, self)
    await offerMenus()
  }

  async function look(room: string, me: Self & { readsAll: boolean }): Promise<void> {
    const at = chatOf(room)
    if (!at) return
    try {
      const { status } = await api.getChatMember(at.chat, me.id)
      const standing = standingOf(status, me.readsAll)
      standings.set(room, standing)
      const reason = reasonFor(standing)
      if (reason !== null) logger.warn({ channel: TELEGRAM, room }, reason)
    } catch (error) {
      logger.warn({ channel: TELEGRAM, room, reason: reasonOf(error) }, 'it is not known whether it can read in a room')
    }
  }

  async function offerMenus(): Promise<void> {
    const wanted = new Set(presence.work.flatMap((conversation) => chatOf(conversation)?.chat ?? []))
    const commands = WORKERS_MENU.map(({ command, description }) => ({ command, description }))
    for (const chat of new Set([...wanted, ...menus])) {
      const scope = { type: 'chat', chat_id: chat } as const
      try {
        if (!wanted.has(chat)) {
          await api.deleteMyCommands({ scope })
          menus.delete(chat)
        } else if (!menus.has(chat)) {
          await api.setMyCommands(commands, { scope })
          menus.add(chat)
        }
      } catch (error) {
        // Somebody who has never written to it has no chat with it yet; the next time may do.
        logger.debug({ channel: TELEGRAM, reason: reasonOf(error) }, 'a menu could not be set')
      }
    }
  }

  return {
    /** Says who it is there; what was attended before is looked at now. */
    async begin(me: Self & { readsAll: boolean }): Promise<void> {
      self = me
      if (!me.readsAll) logger.warn({ channel: TELEGRAM }, PRIVACY)
      await attend()
    },
    async attend(given: Presence): Promise<void> {
      presence = given
      await attend()
    },
    /** Its standing in a chat has changed: that is looked at again. */
    changed(chat: string): void {
      for (const room of standings.keys()) if (room === chat || room.startsWith(`${chat}/`)) standings.delete(room)
    },
    /** What keeps it from reading in some room, and the remedy; null where nothing does. */
    trouble(): string | null {
      const found = new Set(standings.values())
      return reasonFor(found.has('absent') ? 'absent' : found.has('blind') ? 'blind' : 'fine')
    },
  }
}

function standingOf(status: string, readsAll: boolean): Standing {
  if (status === 'left' || status === 'kicked') return 'absent'
  return readsAll || status === 'administrator' || status === 'creator' ? 'fine' : 'blind'
}

function reasonFor(standing: Standing): string | null {
  return standing === 'absent' ? ABSENT : standing === 'blind' ? PRIVACY : null
}
