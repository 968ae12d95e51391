import { kindName, themeName } from '../features/duties/replies.ts'
import { GRID_WORK, type GridWork } from '../understanding/categories.ts'
import type { Objection, Refit } from '../understanding/learned/refit.ts'
import { type FigureName, share, type Tally } from '../understanding/measure.ts'
import type { Figure, FigureName as YearFigure } from './year.ts'

const KIND_WORDS: Readonly<Record<string, string>> = {
  accepted: '收下的疑似诉求',
  dropped: '说“不是”的疑似诉求',
  rejected: '不属实',
  lapsed: '没人理的疑似诉求',
  corrected: '改过的',
}

/** 收下的疑似诉求 12条，不属实 3条 */
const counted = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([kind, count]) => `${KIND_WORDS[kind] ?? kind} ${count}条`).join('，')

const percent = (tally: Tally) => `${(100 * share(tally)).toFixed(1)}%`
const plain = ({ right, of }: Tally) => `${right}/${of}`

const SUITE_WORDS: readonly [FigureName, string][] = [
  ['precision', '当成事的话，真是事'],
  ['recall', '真是事的话，没漏掉'],
  ['emergencies', '危险的事，认了出来'],
  ['category', '类别说对'],
]

const OBJECTIONS: Readonly<Record<NonNullable<Objection>, string>> = {
  precision: '把闲话当成事的多了',
  recall: '漏掉的事多了',
  emergencies: '有危险的事认不出来了',
  category: '类别说错的多了',
  own: '连本村自己的话也没认得更准',
}

export const learn = {
  taught: (village: string, counts: ReadonlyMap<string, number>) => `${village}：网格员教了这些：${counted(counts)}。`,
  wait: '正在重新学，大约一分钟，不耽误小格干活……',
  suite: ({ suite, own }: Refit) =>
    [
      '拿随程序来的话考一遍（考的话都没学过），学之前 → 学之后：',
      ...SUITE_WORDS.map(
        ([name, words]) => `  ${words}：${percent(suite.before[name])} → ${percent(suite.after[name])}`,
      ),
      `  本村教的话（轮流留出来考）：${plain(own.before)} → ${plain(own.after)}`,
    ].join('\n'),
  kept: (version: string) => `学好了，留下了（${version}）。重新启动小格就用上。不想要了：xiaoge learn --forget`,
  notKept: (why: NonNullable<Objection>, hadOwn: boolean) =>
    `没有留下新学的：${OBJECTIONS[why]}。${hadOwn ? '还用上一次学的。' : '还用随程序来的。'}`,
  nothing: (village: string) =>
    `${village}：还没有可学的。网格员收、不是、不属实、改过的，小格都会记下来，攒一些再来。`,
  nothingLeft: (village: string) => `${village}：可学的已经都删了，上次学的也去掉了。重新启动小格就用随程序来的。`,
  places: (names: readonly string[]) => `这些地点网格员改过，村里的名册没有，可以写进村的文件：${names.join('、')}`,
  forgotten: (village: string) => `${village}：学的去掉了，教的还留着。重新启动小格就用随程序来的。`,
  nothingToForget: (village: string) => `${village}：没有学过什么，用的就是随程序来的。`,
}

export const reportTitle = (village: string, year: number) => `${village}${year}年，小格里有记录的：`

/** What each figure is called and what it counts. */
const YEAR_WORDS: Record<YearFigure, { name(of: string): string; unit: string; means: string }> = {
  tickets: {
    name: () => '办理的事',
    unit: '件',
    means: '当年立的工单；合并的算一件，疑似的、不属实的、本人撤回的不算',
  },
  'tickets-of-work': {
    name: (of) => `其中 ${GRID_WORK[Number(of) as GridWork]}`,
    unit: '件',
    means: '按工单现在的类别',
  },
  'tickets-ended': { name: () => '其中 已办结', unit: '件', means: '到现在已有结果的' },
  'people-who-reported': { name: () => '反映过事情的人', unit: '人', means: '报事和“+1”的人，一人算一次' },
  'meetings-of-kind': { name: kindName, unit: '次', means: '登记为当年开的' },
  'meetings-entered-later': { name: () => '以上会议中补记的', unit: '次', means: '开会当天之后才登记的' },
  'party-days-of-theme': { name: (of) => `主题党日 ${themeName(of)}`, unit: '次', means: '登记时说了这个主题的' },
  'party-days-without-theme': { name: () => '主题党日 没写主题', unit: '次', means: '登记时没说主题的' },
  broadcasts: { name: () => '群发通知', unit: '次', means: '当年确认发出的' },
  'broadcast-rooms': { name: () => '通知送到', unit: '群次', means: '以上通知确实送到的群，一个群算一次' },
  answers: { name: () => '答复的法律政策问题', unit: '次', means: '小格自己答并已送到的；转给人答的不算' },
}

export function reportLine({ name, of = '', count }: Figure): string {
  const words = YEAR_WORDS[name]
  return `${words.name(of)}：${count}${words.unit}（${words.means}）`
}
