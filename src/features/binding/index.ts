import type { Feature } from '../feature.ts'
import { attemptBinding, codeIn } from './binding.ts'

export { bindUnbound } from './binding.ts'
export { WELCOME } from './replies.ts'

/** `/绑定 CODE` in a room binds that room, in a direct message that person. Works again and again: both can move. */
export const binding: Feature = {
  name: 'binding',
  async handle(request) {
    // A code that somebody else has written, passed on by hand, is nobody's word.
    if (request.relayed) return null
    const event = request.messages.findLast((message) => codeIn(message.text) !== null)
    if (!event) return null
    return async (tx) => {
      const { replyText } = await attemptBinding(tx, event, request.now)
      if (replyText === null) return []
      const { channel, conversation, messageId } = event
      return [
        {
          to: { conversation: request.conversation, private: request.private },
          key: 'binding',
          kind: 'other',
          text: replyText,
          replyTo: messageId,
          about: [{ channel, conversation, messageId }],
        },
      ]
    }
  },
}
