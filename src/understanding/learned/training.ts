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
  buckets: number
  factCount: number
  ownCount: number
  epochs: number
  rate: number
  /** Pull of each weight towards zero. */
  decay: number
  /**
   * In this part of the steps the findings of the rules are hidden, so that the words learn to do without them: the
   * rules know the training lines better than what a village will say.
   */
  hidden: number
  seed: number
}

/**
 * Logistic regression (one output) or softmax regression (several) by AdaGrad. The same samples and seed give the same head.
 *
 * While training, weights lie together by run and not by output: a sample touches few runs and all outputs.
 */
export function trainHead(samples: readonly Sample[], options: TrainingOptions): Head {
  const { outputs, buckets, factCount, ownCount, epochs, rate, decay, hidden } = options
  const words = createWeights(outputs * buckets, 1e-4)
  const facts = createWeights(outputs * factCount, 1e-2)
  const own = createWeights(ownCount, 1e-2)
  const bias = createWeights(outputs, 1e-2)
  const names = samples.map((sample) => nameOf(sample, options.seed))
  const logits = new Float64Array(outputs)
  const steps = new Float64Array(outputs)

  function createWeights(size: number, first: number) {
    return { values: new Float32Array(size), squares: new Float32Array(size).fill(first) }
  }
  type Weights = ReturnType<typeof createWeights>

  function step({ values, squares }: Weights, at: number, gradient: number): void {
    const value = values[at] as number
    const full = gradient + decay * value
    const square = (squares[at] as number) + full * full
    squares[at] = square
    values[at] = value - (rate * full) / Math.sqrt(square)
  }

  function predict(sample: Sample, unit: number, open: boolean): void {
    logits.fill(0)
    for (const run of sample.runs) {
      const base = run * outputs
      for (let output = 0; output < outputs; output++) {
        logits[output] = (logits[output] as number) + (words.values[base + output] as number)
      }
    }
    for (let output = 0; output < outputs; output++) {
      let sum = (bias.values[output] as number) + (logits[output] as number) * unit
      if (open) {
        const base = output * factCount
        for (let i = 0; i < factCount; i++) sum += (facts.values[base + i] as number) * (sample.facts[i] ?? 0)
        const figures = sample.own?.[output]
        if (figures) for (let i = 0; i < ownCount; i++) sum += (own.values[i] as number) * (figures[i] ?? 0)
      }
      logits[output] = sum
    }
  }

  function correct(sample: Sample, unit: number, open: boolean): void {
    const errors = errorsOf(logits, sample.label)
    const wrong: number[] = []
    for (let output = 0; output < outputs; output++) {
      const error = (errors[output] as number) * sample.weight
      if (Math.abs(error) < NEGLIGIBLE) continue
      wrong.push(output)
      steps[output] = error
      step(bias, output, error)
      if (!open) continue
      for (let i = 0; i < factCount; i++) {
        const value = sample.facts[i] ?? 0
        if (value !== 0) step(facts, output * factCount + i, error * value)
      }
      const figures = sample.own?.[output]
      if (!figures) continue
      for (let i = 0; i < ownCount; i++) {
        const value = figures[i] ?? 0
        if (value !== 0) step(own, i, error * value)
      }
    }
    for (const run of sample.runs) {
      const base = run * outputs
      for (const output of wrong) step(words, base + output, (steps[output] as number) * unit)
    }
  }

  for (let epoch = 0; epoch < epochs; epoch++) {
    const keys = names.map((name) => mixed(name ^ Math.imul(epoch + 1, 0x9e3779b1)))
    const order = samples.map((_, index) => index).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b)
    for (const index of order) {
      const sample = samples[index] as Sample
      const unit = 1 / Math.sqrt(sample.runs.length || 1)
      const open = mixed(~(keys[index] as number)) >= hidden * 2 ** 32
      predict(sample, unit, open)
      correct(sample, unit, open)
    }
  }
  const byOutput = new Float32Array(words.values.length)
  for (let run = 0; run < buckets; run++) {
    for (let output = 0; output < outputs; output++) {
      byOutput[output * buckets + run] = words.values[run * outputs + output] as number
    }
  }
  const parts = { facts: facts.values, own: own.values, bias: bias.values }
  return { outputs, buckets, ...quantised(byOutput), ...parts }
}

/**
 * A number for a sample that depends on nothing but what it is. Its turn in each epoch and when the rules are hidden
 * follow from it, so that a few lessons more leave those of all others as they are, and two models can be compared.
 */
function nameOf({ runs, label }: Sample, seed: number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0
  for (const run of runs) hash = Math.imul(hash ^ run, 0x01000193) >>> 0
  return mixed(hash ^ label)
}

/** Spreads a number over 32 bits (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let hash = value >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** An error below this teaches nothing. */
const NEGLIGIBLE = 1e-3

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
