import type { Group, Where } from './plan.ts'
import type { Every, Token } from './token.ts'

export function emptyGroup(every: Every | null = null): Group {
  return { every, months: null, points: [], spans: [], hours: [] }
}

export const hasDays = (group: Group) => group.points.length > 0 || group.every !== null || group.spans.length > 0

/** 端午节活动筹备会5月20日上午9点: where a day is named outright, a festival is part of what the event is called. */
export function dropNames(groups: Group[], tokens: Token[]): void {
  const joined = (said: string) =>
    tokens.some(({ type }, index) => {
      const beside = [tokens[index - 1], tokens[index + 1]]
      return type === 'and' && beside.some((token) => token?.type === 'festival' && said.includes(token.said))
    })
  const isName = ({ said, ...point }: Where) =>
    point.type === 'festival' && point.offset === 0 && !/[天日晚]$/.test(said) && !joined(said)
  const isOutright = ({ type }: Where) =>
    type === 'date' || type === 'day' || type === 'weekday' || type === 'within-month'
  const anywhere = groups.some(({ points }) => points.some(isOutright))
  for (const group of groups) {
    const named = group.points.some(isOutright) || (anywhere && group.hours.length === 0)
    if (named) group.points = group.points.filter((point) => !isName(point))
  }
}

/** 每月5日、每季度末月25日上午九点: days without hours take those of the next that have some, or of the last. */
export function shareHours(groups: Group[]): void {
  for (const [index, group] of groups.entries()) {
    if (group.hours.length > 0) continue
    const donor = groups.slice(index + 1).find((each) => each.hours.length > 0) ?? groups[index - 1]
    if (donor) group.hours = donor.hours
  }
}
