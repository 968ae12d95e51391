import { z } from 'zod'
import type { EmbeddingsConfig } from '../config.ts'
import { boundedFetch } from './bounded-fetch.ts'

/** Turns texts into vectors that lie close where the texts mean the same. */
export interface Embedder {
  /** The model's name: vectors of another one say nothing here. */
  model: string
  /** Where vectors may be kept. */
  directory: string
  /** One vector of length 1 for each text. Rejects where the service fails, gives something else, or is called off. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>
}

const Reply = z.object({ data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()).min(1) })) })

/** The embeddings of an OpenAI-compatible service. Connects nothing yet. */
export function createEmbedder(
  config: EmbeddingsConfig,
  directory: string,
  fetched: typeof fetch = boundedFetch,
): Embedder {
  const { baseUrl, apiKey, model } = config
  return {
    model,
    directory,
    async embed(texts, signal) {
      const response = await fetched(`${baseUrl}/embeddings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
        signal,
      })
      if (!response.ok) throw new Error(`the service answered with ${response.status}`)
      const { data } = Reply.parse(await response.json())
      const vectors = texts.map((_, n) => data.find(({ index }) => index === n)?.embedding)
      const length = vectors[0]?.length ?? 0
      return vectors.map((vector) => {
        if (vector?.length !== length) throw new Error('the service gave another number of vectors or figures')
        return unit(Float32Array.from(vector))
      })
    },
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  if (!(length > 0 && Number.isFinite(length))) throw new Error('the service gave a vector without a direction')
  return vector.map((value) => value / length)
}
