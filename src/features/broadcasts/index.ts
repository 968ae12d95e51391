import { namedRooms } from '../../village/room-names.ts'
import type { Answer, Change, Commit, Feature, Request, Services } from '../feature.ts'
import { firstAnswer } from '../feature.ts'
import { change } from './broadcast.ts'
import { readCommand } from './command-words.ts'
import { takeDecision } from './decide.ts'
import { broadcastTimers } from './deliver.ts'
import { preview, takeDraft } from './draft.ts'
import { takeFollowUp } from './follow-up.ts'
import { takeReceipt } from './receipts.ts'

/** In the order in which a line is tried: the first that takes it decides. */
const WAYS: readonly ((request: Request, services: Services) => Promise<Answer>)[] = [
  takeDraft,
  takeDecision,
  takeFollowUp,
  takeReceipt,
]

/** The message that a draft came from was edited, or taken back. */
async function takeChange(changed: Change, services: Services): Promise<Commit | null> {
  const { message, person, now, village, type } = changed
  const draft = await services.db.broadcast.findFirst({ where: { inboxEventId: message.id, state: 'draft' } })
  if (!draft) return null
  const text = type === 'recall' ? '' : (readCommand(message.text)?.text ?? '')
  const step = { by: person, at: now, inboxEventId: message.id }
  if (text === '')
    return async (tx) => {
      await change(tx, draft, { state: 'cancelled' }, { ...step, event: 'broadcast-cancelled' })
      return []
    }
  return async (tx) => {
    const amended = await change(tx, draft, { text, askedAgainAt: null }, { ...step, event: 'broadcast-amended' })
    return [await preview(tx, amended, await namedRooms(tx, village.id), { village, messages: [message], now })]
  }
}

/** Notices to many rooms: a draft, a preview, 确认, one room after the other, a result. */
export const broadcasts: Feature = {
  name: 'broadcasts',
  handle: (request, services) => firstAnswer(WAYS, request, services),
  change: takeChange,
  timers: broadcastTimers,
}
