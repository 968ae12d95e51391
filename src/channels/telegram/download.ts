import type { Api } from 'grammy'
import { MINUTE } from '../../clock.ts'
import type { Attachment } from '../../message.ts'
import { fileOf } from './incoming.ts'

/** Telegram lets bots download files of up to 20 MB. */
const LARGEST = 20 * 1024 * 1024

/** The bytes of a photo, voice or file. Throws when it is too large or Telegram no longer has it. */
export async function download(
  api: Api,
  settings: { token: string; apiRoot: string },
  attachment: Attachment,
): Promise<Uint8Array> {
  const file = fileOf(attachment.key)
  if (!file) throw new Error('not a key of Telegram')
  if ((attachment.size ?? 0) > LARGEST) throw new Error('the file is larger than 20 MB, more than bots may download')
  const { file_path: path, file_size: size = 0 } = await api.getFile(file.id)
  if (path === undefined || size > LARGEST) throw new Error('Telegram does not give the file to bots')
  const address = `${settings.apiRoot}/file/bot${settings.token}/${path}`
  // The address holds the token, so nothing that fetch throws is passed on.
  const response = await fetch(address, { signal: AbortSignal.timeout(MINUTE) }).catch(() => null)
  if (!response?.ok || !response.body)
    throw new Error(`the file could not be fetched (${response?.status ?? 'no answer'})`)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.byteLength
    if (length > LARGEST) throw new Error('the file is larger than Telegram said')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
