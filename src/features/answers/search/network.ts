import { shuffle } from '../../../random.ts'

/** A small network with one hidden layer: `inputs` figures, `hidden` units (tanh), one output. */
export interface Network {
  inputs: number
  hidden: number
  /** Means and spreads the inputs are brought to. */
  mean: number[]
  spread: number[]
  /** hidden × inputs, then hidden biases, then output weights, then the output's bias. */
  weights: number[]
}

/** The output of a network for one row of figures. */
function evaluate(network: Network, row: Float32Array): number {
  const { inputs, hidden, mean, spread, weights } = network
  let sum = weights[weights.length - 1] ?? 0
  for (let unit = 0; unit < hidden; unit++) {
    let input = weights[hidden * inputs + unit] ?? 0
    for (let i = 0; i < inputs; i++) {
      input += (weights[unit * inputs + i] ?? 0) * (((row[i] ?? 0) - (mean[i] ?? 0)) / (spread[i] || 1))
    }
    sum += Math.tanh(input) * (weights[hidden * inputs + hidden + unit] ?? 0)
  }
  return sum
}

/** The mean output of several networks. */
export function evaluateAll(networks: readonly Network[], row: Float32Array): number {
  return networks.reduce((sum, network) => sum + evaluate(network, row), 0) / Math.max(1, networks.length)
}

/** One list to be ordered: rows of figures, and which of them are right. */
export interface List {
  rows: readonly Float32Array[]
  right: readonly boolean[]
}

/**
 * Trains a network to put what is right first: cross entropy over each list (ListNet, Cao and others 2007), by Adam. A list
 * with one row is a yes or no against zero. The same lists and seed give the same network.
 */
export function trainNetwork(
  lists: readonly List[],
  {
    hidden,
    epochs,
    rate,
    decay,
    random,
  }: { hidden: number; epochs: number; rate: number; decay: number; random: () => number },
): Network {
  const inputs = lists[0]?.rows[0]?.length ?? 0
  const all = lists.flatMap((list) => list.rows)
  const mean = Array.from({ length: inputs }, (_, i) => all.reduce((sum, row) => sum + (row[i] ?? 0), 0) / all.length)
  const spread = mean.map(
    (middle, i) => Math.sqrt(all.reduce((sum, row) => sum + ((row[i] ?? 0) - middle) ** 2, 0) / all.length) || 1,
  )
  const count = hidden * inputs + hidden + hidden + 1
  const weights = Array.from({ length: count }, () => (random() - 0.5) * (2 / Math.sqrt(inputs)))
  const first = new Float64Array(count)
  const second = new Float64Array(count)
  const network: Network = { inputs, hidden, mean, spread, weights }
  const scaled = lists.map((list) =>
    list.rows.map((row) => Float32Array.from(row, (value, i) => (value - (mean[i] ?? 0)) / (spread[i] || 1))),
  )
  const order = lists.map((_, index) => index)
  const gradient = new Float64Array(count)
  let step = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    for (const index of order) {
      const list = lists[index] as List
      const rows = scaled[index] as Float32Array[]
      const units = rows.map((row) => hiddenUnits(network, row))
      const outputs = units.map(
        (values) =>
          (weights[count - 1] ?? 0) +
          values.reduce((sum, value, unit) => sum + value * (weights[hidden * inputs + hidden + unit] ?? 0), 0),
      )
      const errors = errorsOf(outputs, list.right)
      gradient.fill(0)
      for (const [n, error] of errors.entries()) {
        if (Math.abs(error) < 1e-5) continue
        const row = rows[n] as Float32Array
        const values = units[n] as Float64Array
        gradient[count - 1] = (gradient[count - 1] ?? 0) + error
        for (let unit = 0; unit < hidden; unit++) {
          const out = hidden * inputs + hidden + unit
          const value = values[unit] ?? 0
          gradient[out] = (gradient[out] ?? 0) + error * value
          const back = error * (weights[out] ?? 0) * (1 - value * value)
          gradient[hidden * inputs + unit] = (gradient[hidden * inputs + unit] ?? 0) + back
          for (let i = 0; i < inputs; i++) {
            gradient[unit * inputs + i] = (gradient[unit * inputs + i] ?? 0) + back * (row[i] ?? 0)
          }
        }
      }
      step++
      for (let i = 0; i < count; i++) {
        const g = (gradient[i] ?? 0) + decay * (weights[i] ?? 0)
        first[i] = 0.9 * (first[i] ?? 0) + 0.1 * g
        second[i] = 0.999 * (second[i] ?? 0) + 0.001 * g * g
        weights[i] =
          (weights[i] ?? 0) -
          (rate * ((first[i] ?? 0) / (1 - 0.9 ** step))) / (Math.sqrt((second[i] ?? 0) / (1 - 0.999 ** step)) + 1e-8)
      }
    }
  }
  return network
}

function hiddenUnits({ inputs, hidden, weights }: Network, row: Float32Array): Float64Array {
  return Float64Array.from({ length: hidden }, (_, unit) => {
    let input = weights[hidden * inputs + unit] ?? 0
    for (let i = 0; i < inputs; i++) input += (weights[unit * inputs + i] ?? 0) * (row[i] ?? 0)
    return Math.tanh(input)
  })
}

/** What each output says too much. */
function errorsOf(outputs: readonly number[], right: readonly boolean[]): number[] {
  if (outputs.length === 1) return [1 / (1 + Math.exp(-(outputs[0] ?? 0))) - (right[0] ? 1 : 0)]
  const top = Math.max(...outputs)
  const powers = outputs.map((output) => Math.exp(output - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  const share = right.filter(Boolean).length || 1
  return powers.map((power, n) => power / total - (right[n] ? 1 / share : 0))
}
