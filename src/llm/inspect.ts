import { SECOND } from '../clock.ts'
import type { LlmConfig } from '../config.ts'
import { boundedFetch } from './bounded-fetch.ts'

export type Inspection =
  | { reached: true /** Whether the service lists the model; null where it lists none. */; known: boolean | null }
  | { reached: false; refused: boolean; reason: string }

/** Whether the service answers and takes the key. Asks for its list of models, which costs nothing. */
export async function inspectLlm(config: LlmConfig): Promise<Inspection> {
  try {
    const headers = { authorization: `Bearer ${config.apiKey}` }
    const signal = AbortSignal.timeout(5 * SECOND)
    const response = await boundedFetch(`${config.baseUrl}/models`, { headers, signal })
    const refused = response.status === 401 || response.status === 403
    if (refused) return { reached: false, refused, reason: `the key was refused (${response.status})` }
    // Some servers have no such list; they were reached all the same.
    if (!response.ok) return { reached: true, known: null }
    const { data } = (await response.json()) as { data?: unknown }
    const ids = Array.isArray(data) ? data.map((entry: { id?: unknown } | null) => entry?.id) : []
    return { reached: true, known: ids.length === 0 ? null : ids.includes(config.model) }
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } }
    return { reached: false, refused: false, reason: cause?.code ?? name ?? 'unknown' }
  }
}
