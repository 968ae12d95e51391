import type { Clock } from '../clock.ts'
import type { LlmConfig } from '../config.ts'
import type { Db } from '../db/database.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import { createLlm, type Llm } from './llm.ts'

/** The language model of a configuration. Only here langchain is loaded: whoever does without it does not pay for it. */
export async function openLlm(
  config: LlmConfig,
  parts: { db: Db; clock: Clock; logger: Logger; metrics?: Metrics; budget?: number; elapsed?: () => number },
): Promise<Llm> {
  const { openChat } = await import('./chat.ts')
  return createLlm({ ...parts, config, chat: await openChat(config) })
}
