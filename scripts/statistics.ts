import { seeded } from '../src/random.ts'
import { type FigureName, type Score, share, type Tally } from '../src/understanding/measure.ts'

const Z = 1.96
const RESAMPLES = 1000
const SEED = 20_261_124

/** The 95 % interval of Wilson for a share of independent answers, 0–1. */
export function wilson({ right, of }: Tally): [number, number] {
  if (of === 0) return [0, 1]
  const p = right / of
  const middle = p + (Z * Z) / (2 * of)
  const spread = Z * Math.sqrt((p * (1 - p)) / of + (Z * Z) / (4 * of * of))
  const scale = 1 + (Z * Z) / of
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)]
}

/** The 95 % interval of a figure to which lines add several answers, by drawing the lines anew. The same every time. */
export function bootstrap(scores: readonly Score[], name: FigureName): [number, number] {
  const tallies = scores.flatMap((score) => score[name] ?? [])
  if (tallies.length === 0) return [0, 1]
  const random = seeded(SEED)
  const shares = Array.from({ length: RESAMPLES }, () => {
    const sum = { right: 0, of: 0 }
    for (let n = 0; n < tallies.length; n++) {
      const drawn = tallies[Math.floor(random() * tallies.length)]
      sum.right += drawn?.right ?? 0
      sum.of += drawn?.of ?? 0
    }
    return share(sum)
  }).sort((a, b) => a - b)
  const at = (part: number) => shares[Math.floor(part * (RESAMPLES - 1))] ?? 0
  return [at(0.025), at(0.975)]
}
