import { seeded, shuffle } from '../../random.ts'
import { BUCKETS } from './features.ts'
import type { Head } from './model.ts'

/** One labelled text as the trainer sees it. */
export interface Sample {
  runs: Int32Array
  facts: Float32Array
  /** For each output the figures it has of its own; absent where a head has none. */
  own?: readonly Float32Array[]
  /** The right output; for a head with one output 0 or 1. */
  label: number
  weight: number
}

export interface TrainingOptions {
  outputs: number
  factCount: number
  ownCount: number
  epochs: number
  rate: number
  /** Pull of each weight towards zero. */
  decay: number
  seed: number
}

/** Logistic regression (one output) or softmax regression (several) by AdaGrad. The same samples and seed give the same head. */
export function trainHead(samples: readonly Sample[], options: TrainingOptions): Head {
  const { outputs, factCount, ownCount, epochs, rate, decay } = options
  const weights = new Float32Array(outputs * BUCKETS)
  const weightSquares = new Float32Array(outputs * BUCKETS).fill(1e-4)
  const facts = new Float32Array(outputs * factCount)
  const factSquares = new Float32Array(outputs * factCount).fill(1e-2)
  const own = new Float32Array(ownCount)
  const ownSquares = new Float32Array(ownCount).fill(1e-2)
  const bias = new Float32Array(outputs)
  const biasSquares = new Float32Array(outputs).fill(1e-2)
  const random = seeded(options.seed)
  const order = samples.map((_, index) => index)
  const logits = new Float64Array(outputs)

  function step(values: Float32Array, squares: Float32Array, at: number, gradient: number): void {
    const full = gradient + decay * (values[at] ?? 0)
    squares[at] = (squares[at] ?? 0) + full * full
    values[at] = (values[at] ?? 0) - (rate * full) / Math.sqrt(squares[at] ?? 1)
  }

  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    for (const index of order) {
      const sample = samples[index] as Sample
      const unit = 1 / Math.sqrt(sample.runs.length || 1)
      for (let output = 0; output < outputs; output++) {
        let sum = bias[output] ?? 0
        let words = 0
        const base = output * BUCKETS
        for (const run of sample.runs) words += weights[base + run] ?? 0
        sum += words * unit
        for (let i = 0; i < factCount; i++) sum += (facts[output * factCount + i] ?? 0) * (sample.facts[i] ?? 0)
        const figures = sample.own?.[output]
        if (figures) for (let i = 0; i < ownCount; i++) sum += (own[i] ?? 0) * (figures[i] ?? 0)
        logits[output] = sum
      }
      const errors = errorsOf(logits, sample.label)
      for (let output = 0; output < outputs; output++) {
        const error = (errors[output] ?? 0) * sample.weight
        if (Math.abs(error) < 1e-4) continue
        step(bias, biasSquares, output, error)
        const base = output * BUCKETS
        for (const run of sample.runs) step(weights, weightSquares, base + run, error * unit)
        for (let i = 0; i < factCount; i++) {
          const value = sample.facts[i] ?? 0
          if (value !== 0) step(facts, factSquares, output * factCount + i, error * value)
        }
        const figures = sample.own?.[output]
        if (figures) {
          for (let i = 0; i < ownCount; i++) {
            const value = figures[i] ?? 0
            if (value !== 0) step(own, ownSquares, i, error * value)
          }
        }
      }
    }
  }
  return { outputs, ...quantised(weights), facts, own, bias }
}

/** What each output says too much. */
function errorsOf(logits: Float64Array, label: number): Float64Array {
  if (logits.length === 1) return Float64Array.of(1 / (1 + Math.exp(-(logits[0] ?? 0))) - label)
  const top = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power, output) => power / total - (output === label ? 1 : 0))
}

/** Eight bits for each weight are enough, and make the model small. */
function quantised(weights: Float32Array): { weights: Int8Array; scale: number } {
  let largest = 1e-9
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight))
  const scale = largest / 127
  return { weights: Int8Array.from(weights, (weight) => Math.round(weight / scale)), scale }
}
