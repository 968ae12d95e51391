import { Api, GrammyError } from 'grammy'
import { reasonOf } from './outgoing.ts'

export type Inspection =
  | { reached: true; bot: string; readsAll: boolean; webhookUrl: string }
  | { reached: false; refused: boolean; reason: string }

/** Asks Telegram about the bot, for the doctor. Takes nothing away from a program that runs meanwhile. */
export async function inspect(settings: { token: string; apiRoot: string }): Promise<Inspection> {
  const api = new Api(settings.token, { apiRoot: settings.apiRoot, timeoutSeconds: 10 })
  try {
    const me = await api.getMe()
    const { url = '' } = await api.getWebhookInfo()
    return { reached: true, bot: me.username, readsAll: me.can_read_all_group_messages, webhookUrl: url }
  } catch (error) {
    const refused = error instanceof GrammyError && [401, 404].includes(error.error_code)
    return { reached: false, refused, reason: reasonOf(error) }
  }
}
