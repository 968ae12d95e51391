import type { VillageFile } from './village-file.ts'

/** A grid covers 300–500 households or 1,000 people. */
export const MIN_HOUSEHOLDS = 300
export const MAX_HOUSEHOLDS = 500
export const MAX_RESIDENTS = 1000

export type GridVerdict = 'passes' | 'passes-with-remark' | 'fails' | 'unknown'

export interface GridCheck {
  /** Name of the grid; null where the whole village is shared out evenly among its grids. */
  grid: string | null
  households: number | null
  residents: number | null
  verdict: GridVerdict
  /** Percent that the people are above 1,000; negative when below. Rounded. */
  aboveResidents: number | null
}

/** Judges one grid by its figures; null is a figure nobody has given. One measure in order is enough. */
export function checkGrid(grid: string | null, households: number | null, residents: number | null): GridCheck {
  const aboveResidents = residents === null ? null : Math.round((residents / MAX_RESIDENTS - 1) * 100)
  const byHouseholds = households === null ? null : households >= MIN_HOUSEHOLDS && households <= MAX_HOUSEHOLDS
  // By people, a grid is in order up to 1,000; how few are enough the rule does not say, so too few households stay a fault.
  const byResidents = residents === null || residents === 0 ? null : residents <= MAX_RESIDENTS
  const enough = households === null || households >= MIN_HOUSEHOLDS
  const verdict: GridVerdict =
    byHouseholds === null && byResidents === null
      ? 'unknown'
      : byHouseholds
        ? byResidents === false
          ? 'passes-with-remark'
          : 'passes'
        : byResidents && enough
          ? households === null
            ? 'passes'
            : 'passes-with-remark'
          : 'fails'
  return { grid, households, residents, verdict, aboveResidents }
}

/** Judges the village as a whole, shared out evenly, and then each of its grids by the figures of its groups. */
export function checkGridRule(file: VillageFile): { average: GridCheck | null; grids: GridCheck[] } {
  const figures = file.figures?.groups ?? {}
  const sum = (groups: readonly string[], of: 'households' | 'residents') => {
    const values = groups.map((group) => figures[group]?.[of])
    if (values.length === 0 || values.includes(undefined)) return null
    return values.reduce<number>((total, value) => total + (value ?? 0), 0)
  }
  const share = (value: number | null) => (value === null ? null : value / file.grids.length)
  return {
    average:
      file.grids.length === 0
        ? null
        : checkGrid(null, share(sum(file.groups, 'households')), share(sum(file.groups, 'residents'))),
    grids: file.grids.map((grid) =>
      checkGrid(grid.name, sum(grid.groups, 'households'), sum(grid.groups, 'residents')),
    ),
  }
}
