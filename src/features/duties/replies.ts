/** Everything this feature says. */
import type { Meeting } from '../../db/database.ts'
import { writeNumeral } from '../../numerals.ts'
import type { Problem } from './check.ts'
import type { DutyKind, Theme } from './kinds.ts'
import { isDutyKind } from './kinds.ts'
import type { Entered } from './meetings.ts'
import type { Body } from './organisation.ts'
import { dayOf, type IsoDay, type Period, weekdayOf, yearMonthDay } from './periods.ts'
import type { DutyStanding } from './standing.ts'

const KIND_NAMES: Record<DutyKind, string> = {
  'branch-committee': '支委会',
  'party-group': '党小组会',
  'members-meeting': '党员大会',
  'party-class': '党课',
  'party-day': '主题党日',
}

const THEME_NAMES: Record<Theme, string> = {
  theory: '理论学习',
  preaching: '宣讲教育',
  integrity: '廉政警示教育',
  law: '普法教育',
  civility: '文明实践',
}

/** 一支部, 三组: what people say; the whole name where it has no number. */
export function shortName(body: Pick<Body, 'branch' | 'group' | 'number'>): string {
  const numbered = Number.isFinite(body.number) && body.number > 0
  if (body.group !== '') return numbered ? `${writeNumeral(body.number)}组` : body.group
  return numbered ? `${writeNumeral(body.number)}支部` : body.branch
}

export function kindName(kind: string): string {
  return isDutyKind(kind) ? KIND_NAMES[kind] : kind
}

export function themeName(theme: string | null): string {
  return theme !== null && theme in THEME_NAMES ? THEME_NAMES[theme as Theme] : ''
}

/** 9月5日（周六）; with its year where that is not this one. */
function dayWords(day: IsoDay, today: IsoDay): string {
  const [year, month, date] = yearMonthDay(day)
  const of = day.slice(0, 4) === today.slice(0, 4) ? '' : `${year}年`
  return `${of}${month}月${date}日（周${'一二三四五六日'[weekdayOf(day) - 1]}）`
}

function plainDay(day: IsoDay, today: IsoDay): string {
  return dayWords(day, today).replace(/（.*）$/, '')
}

function periodName({ type, year, number }: Period): string {
  if (type === 'year') return `${year}年`
  return type === 'quarter' ? `${year}年第${writeNumeral(number)}季度` : `${year}年${number}月`
}

/** 9月5日（周六）开，10月2日补记; that it was entered later is always said. */
function heldWords(meeting: Meeting, timeZone: string, today: IsoDay): string {
  const entered = dayOf(meeting.enteredAt, timeZone)
  const later = entered > meeting.day ? `，${plainDay(entered, today)}补记` : ''
  return `${dayWords(meeting.day, today)}开${later}`
}

function bodyName({ branch, partyGroup }: Meeting): string {
  return partyGroup === '' ? branch : partyGroup
}

function meetingWords(meeting: Meeting, timeZone: string, today: IsoDay): string {
  const { kind, attendance, absent, theme, chair, content } = meeting
  const parts = [
    `${bodyName(meeting)} ${kindName(kind)}：${heldWords(meeting, timeZone, today)}`,
    attendance === null ? '人数没说' : `到会${attendance}人`,
    ...(absent ? [`请假${absent}人`] : []),
    ...(chair ? [`${kind === 'party-class' ? '主讲' : '主持'}${chair}`] : []),
    ...(theme ? [`主题：${themeName(theme)}`] : []),
    ...(content ? [`内容：${content}`] : []),
  ]
  return parts.join('，')
}

const HINT = '要改就回复这条，比如“8人”“11月5日”；回复“撤销”就取消。'

/** The receipt for what one message told, and how the month stands where that may be said. */
export function receipt(
  entered: readonly Entered[],
  timeZone: string,
  today: IsoDay,
  standing: readonly DutyStanding[],
): string {
  const lines = entered.map(({ meeting, as, alsoOn, photos }) => {
    const words = meetingWords(meeting, timeZone, today)
    if (as === 'known') {
      return `${words}。这一次${plainDay(dayOf(meeting.enteredAt, timeZone), today)}已经由${meeting.by}登记过，没有重复记`
    }
    const extra = [
      ...(photos > 0 ? [`照片${photos}张`] : []),
      ...(alsoOn ? [`这一期${plainDay(alsoOn, today)}也登记过一次，是同一次就回复“撤销”`] : []),
    ]
    return [words, ...extra].join('，')
  })
  const [only] = lines
  const fresh = entered.filter(({ as }) => as !== 'known')
  const intro = fresh.length === 0 ? '' : fresh.some(({ as }) => as === 'corrected') ? '改好了：' : '记下了：'
  const body =
    lines.length === 1 ? `${intro}${only}。` : `${intro}\n${lines.map((line, n) => `${n + 1}. ${line}`).join('\n')}`
  const hint =
    lines.length === 1 ? HINT : '要改就回复这条，先写序号，比如“2 8人”；回复“撤销”就全部取消，“2 撤销”只取消一条。'
  const done = standing.filter(({ held }) => held > 0).length
  const progress = standing.length === 0 ? '' : `\n本月三会一课：应开${standing.length}次，已登记${done}次。`
  return `${body}\n${hint}${progress}`
}

/** What is asked, or why something cannot be. */
export function question(problem: Problem, today: IsoDay): string {
  switch (problem.type) {
    case 'which':
      return `${kindName(problem.kind)}是哪个${problem.bodies.some(({ group }) => group) ? '党小组' : '支部'}开的？回复${names(problem.bodies)}就行。`
    case 'unknown':
      return `村里没有“${problem.said.slice(0, 30)}”。${kindName(problem.kind)}是哪个开的？有${names(problem.bodies)}。`
    case 'no-such-day':
      return `日历上没有${problem.said.slice(0, 20)}这一天。是哪天开的？`
    case 'ahead':
      return `${dayWords(problem.day, today)}还没到，开过以后再记。要是写错了，回复开会的日子，比如“${plainDay(today, today)}”。`
    case 'too-many': {
      const { body, came, absent, kind } = problem
      const said = absent > 0 ? `到会${came}人、请假${absent}人，共${came + absent}人` : `到会${came}人`
      return `${body.group || body.branch}有${body.members}名党员，您写的是${kindName(kind)}${said}。党员到了几人？`
    }
    case 'nobody':
      return `${problem.body.group || problem.body.branch} ${kindName(problem.kind)}到会0人，是不是写错了？到了几人？`
  }
}

export function choicesFor(problem: Problem): string[] {
  if (problem.type !== 'which' && problem.type !== 'unknown') return []
  return problem.bodies.length <= 10 ? problem.bodies.map(shortName) : []
}

function names(bodies: readonly Body[]): string {
  return bodies.map((body) => `“${shortName(body)}”`).join('、')
}

export const notYours = '三会一课由书记、支部书记和党小组组长登记，我这里没有记。'
export const askTheSecretary = '三会一课的情况，请问书记。'
export const notYourBody = (body: Pick<Body, 'branch' | 'group'>) =>
  `${body.group || body.branch}的会由书记或那里的负责人登记，我没有记。`
export const noOrganisation =
  '村里的资料里还没有党支部和党小组，三会一课没法记。请管理员在村庄文件里补上 party 一项，再导入一次。'
export const writeDirectly = '这个私下说：请单独给我发“欠账”。'
export const takenBack = (meetings: readonly Meeting[], today: IsoDay) =>
  `撤销了：${meetings.map((meeting) => `${bodyName(meeting)} ${kindName(meeting.kind)}（${plainDay(meeting.day, today)}）`).join('、')}。撤销的记录留在操作日志里。`
export const alreadyTakenBack = '这条已经撤销过了。'
export const whichLine = '改哪一条？先写序号，比如“2 8人”。'
export const dayIsTaken = '那一天已经登记过一次同样的会，没有改。'
export const notYetChanged = '没看懂要改什么。可以回复“8人”“11月5日”“主题普法”或“撤销”。'
export const photosKept = (meetings: readonly Meeting[], today: IsoDay, count: number) =>
  `照片收好了（${count}张）：${meetings.map((meeting) => `${bodyName(meeting)} ${kindName(meeting.kind)} ${plainDay(meeting.day, today)}`).join('、')}。`

/** What is done and what is not, kind by kind. */
export function standingText(standing: readonly DutyStanding[], period: Period, today: IsoDay, whose: string): string {
  const lessons = standing.filter(({ kind }) => kind !== 'party-day')
  const days = standing.filter(({ kind }) => kind === 'party-day')
  const until = today <= period.until && today >= period.from ? `（到${plainDay(today, today)}）` : ''
  const done = (duties: readonly DutyStanding[]) => duties.filter(({ held }) => held > 0).length
  const left = lessons.length - done(lessons)
  const head = `${periodName(period)}三会一课${until}${whose}：应开${lessons.length}次，已登记${done(lessons)}次，${left === 0 ? '都齐了。' : `还差${left}次。`}`
  const lines = [...missingLines(lessons)]
  if (days.length > 0) {
    lines.push(`另有主题党日：应开${days.length}次，已登记${done(days)}次。`, ...missingLines(days))
  }
  const hint =
    lessons.length + days.length > done(lessons) + done(days)
      ? ['开过没登记的，补一句就行：“9月5日二支部支委会开了，7人”。']
      : []
  return [head, ...lines, ...hint].join('\n')
}

/** 党小组会：9月 都没登记；10–11月 三组、五组. Months that lack the same stand together. */
function missingLines(standing: readonly DutyStanding[]): string[] {
  const kinds = [...new Set(standing.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const runs: { first: Period; last: Period; who: string }[] = []
    const ofKind = standing.filter((duty) => duty.kind === kind)
    const periods = [...new Map(ofKind.map(({ period }) => [period.key, period])).values()]
    let unbroken = false
    for (const period of periods) {
      const duties = ofKind.filter((duty) => duty.period.key === period.key)
      const missing = duties.filter(({ held }) => held === 0)
      const who =
        missing.length === duties.length && duties.length > 1
          ? '都没登记'
          : missing.map(({ body }) => shortName(body)).join('、')
      const before = runs.at(-1)
      if (who !== '' && unbroken && before?.who === who) before.last = period
      else if (who !== '') runs.push({ first: period, last: period, who })
      unbroken = who !== ''
    }
    const words = runs.map(({ first, last, who }) => `${runWords(first, last)} ${who}`)
    return words.length === 0 ? [] : [`${KIND_NAMES[kind]}还差：${words.join('；')}`]
  })
}

function runWords(first: Period, last: Period): string {
  const unit = first.type === 'quarter' ? '季度' : '月'
  const number = (period: Period) => (period.type === 'quarter' ? writeNumeral(period.number) : String(period.number))
  const range = first.key === last.key ? number(first) : `${number(first)}–${number(last)}`
  return first.type === 'quarter' ? `第${range}${unit}` : `${range}${unit}`
}

/** How the themes of the year's Party days are spread. */
export function themesText(year: number, themes: readonly [Theme | null, number][]): string {
  const named = themes.filter((row): row is [Theme, number] => row[0] !== null)
  const none = themes.find(([theme]) => theme === null)?.[1] ?? 0
  const lines = named.map(([theme, count]) => `${THEME_NAMES[theme]} ${count}次`)
  const left = named.filter(([, count]) => count === 0).map(([theme]) => THEME_NAMES[theme])
  return [
    `${year}年主题党日：${lines.join('，')}${none > 0 ? `，没写主题 ${none}次` : ''}。`,
    ...(left.length > 0 ? [`还没办过：${left.join('、')}。`] : []),
  ].join('\n')
}

/** The monthly word to the secretary. */
export function reminder(standing: readonly DutyStanding[], neglected: Theme | null): string {
  const lines = [
    ...(standing.length > 0 ? ['这个月快过完了，有几次会还没登记：', ...missingLines(standing)] : []),
    ...(neglected ? [`主题党日今年还没办过${THEME_NAMES[neglected]}，下次可以考虑。`] : []),
    '开过的回一句就行，比如“昨天二支部支委会开了，7人”。不想收这个提醒，回复“关闭三会一课提醒”。',
  ]
  return lines.join('\n')
}

export const remindersOff = '好的，不再提醒三会一课。想恢复就说“打开三会一课提醒”。'
export const remindersOn = '好的，每月20日（遇休息日顺延）上午9点，还有没登记的会我就私下提醒您。'

export const ledgerSent = (period: Period, rows: number) =>
  `${periodName(period)}三会一课台账，登记了${rows}次会。没登记的列在后面，没有替您补写。`
export const ledgerName = (village: string, period: Period, format: string) =>
  `${village}${periodName(period)}三会一课台账.${format}`
export const ledgerTitle = (village: string, period: Period) =>
  `${village}${periodName(period)}“三会一课”和主题党日台账`
export const LEDGER_COLUMNS = [
  '序号',
  '日期',
  '类别',
  '党支部',
  '党小组',
  '主持（主讲）',
  '到会人数',
  '请假人数',
  '主题',
  '内容',
  '照片',
  '登记时间',
  '登记人',
] as const
export const enteredLater = (entered: string) => `${entered}（补记）`
export const photoCount = (count: number) => `${count}张`
export const LEDGER_SUMMARY = '完成情况'
export const SUMMARY_COLUMNS = ['类别', '应开次数', '已登记', '未登记'] as const
export const ledgerMade = (at: string) =>
  `按会后登记生成，登记时间由系统记录，不能倒填；空白处是没有登记，没有补写。制表时间：${at}`
export const EMPTY_LEDGER = '这一期没有登记过会议。'
/** The bodies that lack a kind of meeting, for the ledger. */
export const missingWords = (standing: readonly DutyStanding[]) =>
  missingLines(standing)
    .map((line) => line.replace(/^.*?：/, ''))
    .join('')
