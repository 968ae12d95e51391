import { initChatModel } from 'langchain/chat_models/universal'
import type { LlmConfig } from '../config.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { UnusableReply } from './failure.ts'

/** One question to the model and what it wrote. Rejects as the client does, or with UnusableReply. */
export type Chat = (
  question: { system: string; user: string; maxTokens: number },
  signal: AbortSignal,
) => Promise<Written>

export interface Written {
  text: string
  tokens: { in: number; cached: number; out: number }
}

/** Thinking is paid for, eats the reply's length and forbids JSON where it is on by default; each service says it its own way. */
const WITHOUT_THINKING: Record<string, object> = {
  'api.deepseek.com': { thinking: { type: 'disabled' } },
  'dashscope.aliyuncs.com': { enable_thinking: false },
  'open.bigmodel.cn': { thinking: { type: 'disabled' } },
}

interface Usage {
  input_tokens: number
  output_tokens: number
  input_token_details?: { cache_read?: number }
}

/** Loads langchain and connects nothing yet. `fetched` makes the requests; tests and recordings put their own in. */
export async function openChat(config: LlmConfig, fetched: typeof fetch = boundedFetch): Promise<Chat> {
  const format = config.format === 'json' ? { response_format: { type: 'json_object' } } : {}
  const open = (maxTokens: number) =>
    initChatModel(config.model, {
      modelProvider: 'openai',
      apiKey: config.apiKey,
      configuration: { baseURL: config.baseUrl, fetch: fetched, logLevel: 'off' },
      useResponsesApi: false,
      temperature: 0,
      maxTokens,
      // The caller's signal is the budget of both tries; the client's own timeout does not end a reply that drips.
      maxRetries: 1,
      verbose: false,
      modelKwargs: { ...WITHOUT_THINKING[new URL(config.baseUrl).hostname], ...format },
    })
  const models = new Map<number, ReturnType<typeof open>>()
  // Loads the driver now, so that the first question's time does not go into that.
  await open(1)
  return async ({ system, user, maxTokens }, signal) => {
    const model = models.get(maxTokens) ?? open(maxTokens)
    models.set(maxTokens, model)
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ]
    const reply = await (await model).invoke(messages, { signal })
    const finished: unknown = reply.response_metadata.finish_reason
    if (finished === 'length' || finished === 'content_filter') throw new UnusableReply(`ended by ${finished}`)
    const usage = reply.usage_metadata as Usage | undefined
    const tokens = {
      in: usage?.input_tokens ?? 0,
      cached: usage?.input_token_details?.cache_read ?? 0,
      out: usage?.output_tokens ?? 0,
    }
    return { text: reply.text, tokens }
  }
}
