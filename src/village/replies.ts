import { type GridCheck, MAX_HOUSEHOLDS, MAX_RESIDENTS, MIN_HOUSEHOLDS } from './grid-rule.ts'

/** Takes the place of an erased person's name and words. */
export const ERASED = '已删除'

/** What somebody is called whose network gives no name. */
export const UNNAMED = '村民'

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const figure = (value: number | null, unit: string) =>
  value === null ? `${unit}数未填` : `${number.format(value)} ${unit}`

/** One line on one grid. */
export function gridVerdict(check: GridCheck): string {
  const who = check.grid ?? '全村平均每个网格'
  const figures = `${who}：${figure(check.households, '户')}，${figure(check.residents, '人')}`
  return `${figures}——${verdict(check)}`
}

function verdict({ verdict: result, households, aboveResidents }: GridCheck): string {
  const range = `${MIN_HOUSEHOLDS}–${MAX_HOUSEHOLDS} 户`
  const people = `${number.format(MAX_RESIDENTS)} 人`
  switch (result) {
    case 'passes':
      return '符合'
    case 'passes-with-remark':
      return aboveResidents !== null && aboveResidents >= 0
        ? `符合（户数在 ${range}之内），备注：人数比 ${people}多 ${aboveResidents}%`
        : `符合（人数在 ${people}之内），备注：户数不在 ${range}之内`
    case 'fails':
      return households !== null && households < MIN_HOUSEHOLDS
        ? `不符合：不足 ${MIN_HOUSEHOLDS} 户，可与相邻网格合并`
        : `不符合：超过 ${MAX_HOUSEHOLDS} 户或 ${people}，可再分一个网格`
    case 'unknown':
      return '无法判断：请在村庄文件的 figures 里填上各组的户数和人数'
  }
}

export const GRID_RULE = `网格标准：每个网格 ${MIN_HOUSEHOLDS}–${MAX_HOUSEHOLDS} 户，或 ${number.format(MAX_RESIDENTS)} 人`
export const NO_GRIDS = '这个村还没有划分网格'

/** What people call a room of each kind. */
export const ROOM_NAMES = { villagers: '村民群', grid: '网格员群', party: '党员群' } as const
