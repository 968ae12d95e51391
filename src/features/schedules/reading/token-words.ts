import { NUMERAL } from '../../../numerals.ts'
import {
  after,
  clock,
  countTo,
  everyMonth,
  everyWeek,
  FESTIVAL_OF,
  festival,
  hours,
  marketDays,
  months,
  nthWeekday,
  numbers,
  repeat,
  span,
  weekday,
  weekdays,
  withinMonth,
} from './meaning-words.ts'
import { parseNumber } from './number.ts'
import type { Meaning, Token } from './token.ts'
import { LUNAR_MONTHS, OFFSETS, PERIODS, RELATIVE_DAYS, WEEKDAYS, YEARS } from './when-words.ts'

const anyOf = (words: Iterable<string>) => [...words].sort((a, b) => b.length - a.length).join('|')
const keys = (table: Record<string, unknown>) => anyOf(Object.keys(table))

const N = NUMERAL
const WEEK = '(?:周|星期|礼拜)'
const WEEKDAY = '[一二三四五六日天1-7]'
/** What makes a numeral something else than a weekday: 三点, 一早, 日报. */
const NO_WEEKDAY =
  '(?![点时:个号月支组社队分刻年次名人半楼届十百家户场堂位]|(?<=日)[常程报子志间记语]|(?<=一)[早大起清定律并同共样直般边切]|(?<=[1-7])\\d)'
/** A further weekday in a list; 周三三点 is one weekday and an hour. */
const MORE_WEEKDAYS = `(?:[、,，/和及与跟]?${WEEK}?${WEEKDAY}${NO_WEEKDAY})*`
const LIST = '[、,，/和及与跟]'
const MARKET_LIST = '[、,，/和及与跟. ]'
/** 5号楼 and 2日游 are no days of a month. */
const NO_DAY = /(?![楼院桥路线机库车门厅坝井房馆会信件]|会议|文件|地块|工单|公告|报|常|子|程|用|游|均|光|语|后)/.source
const TO = '(?:到|至|[-~])'
const OFFSET = keys(OFFSETS)

type Make = (match: RegExpExecArray, group: (name: string) => string | undefined) => Meaning | Meaning[] | null

interface Rule {
  pattern: RegExp
  make: Make
}

function rule(pattern: string, make: Make): Rule {
  return { pattern: new RegExp(pattern, 'yi'), make }
}

/** A road or a square may bear the name of a festival; 十一点 is a time and 三八线 none of both. */
const NO_FESTIVAL =
  '(?![十点月号日时个户组名天次楼届年分岁路街村社桥线]|广场|小学|中学|社区|大道|讲话|精神|工程|管|沟|井|倒灌|较|排)'

const AMOUNT = `(?:${N}个?半|半|${N}多?)`

/** Tried in this order at each place; the first that fits is taken. */
const RULES: Rule[] = [
  // Absolute dates in digits.
  rule(`(?<y>\\d{4})[-/.](?<m>\\d{1,2})[-/.](?<d>\\d{1,2})[日号]?(?!\\d)`, (_, g) => ({
    type: 'date',
    year: Number(g('y')),
    month: Number(g('m')),
    days: [Number(g('d'))],
  })),
  rule(`(?<y>20\\d\\d)(?<m>[01]\\d)(?<d>[0-3]\\d)(?!\\d)`, (_, g) => ({
    type: 'date',
    year: Number(g('y')),
    month: Number(g('m')),
    days: [Number(g('d'))],
  })),
  rule(`(?<y>20\\d\\d|[二两][〇零0][一二三四五六七八九][〇零一二三四五六七八九]|\\d\\d(?=年\\d))年度?`, (_, g) => {
    const year = parseNumber(g('y') ?? '')
    return { type: 'year', year: year < 100 ? 2000 + year : year }
  }),
  rule(`(?<hour>\\d{1,2})\\s?[:;：](?<minute>\\d{2})(?::\\d\\d)?(?!\\d)`, (match, g) =>
    clock(Number(g('hour')), Number(g('minute')), match[0].startsWith('0') || Number(g('hour')) > 12),
  ),
  rule(
    `(?<m>1[0-2]|0?[1-9])[./](?<d>3[01]|[12]\\d|0?[1-9])[日号]?(?![\\d./]|个|小时|万|元|公里|米|亩|吨|斤|度|%)`,
    (_, g) => ({
      type: 'date',
      month: Number(g('m')),
      days: [Number(g('d'))],
    }),
  ),
  rule(`(?<m>1[0-2]|0[1-9])-(?<d>[0-3]\\d)(?= ?\\d{1,2}[:：点时]|[上下早晚中(])`, (_, g) => ({
    type: 'date',
    month: Number(g('m')),
    days: [Number(g('d'))],
  })),
  rule(`(?<n>下下|下)个?${WEEK}的?今天`, (_, g) => ({ type: 'day', offset: g('n') === '下' ? 7 : 14 })),
  rule(`第?(?<q>[一二三四1-4])季度(?=的?内?每)`, (_, g) => {
    const first = (parseNumber(g('q') ?? '') - 1) * 3 + 1
    return { type: 'months', months: span(first, first + 2) }
  }),
  // So long from now, before the numbers in it are taken for hours or days.
  rule(`(?<!再)过两天(?![后以之])|[这近]几天|这两天`, () => ({ type: 'vague' })),
  rule(
    `(?:再?过)?(?<n>${AMOUNT})(?:个)?(?<unit>分钟|小时|钟头|刻钟|天|日|周|星期|礼拜|月|年)(?:之后|以后|过后|后(?!天))(?:的(?:今天|这天|同一天))?`,
    after,
  ),
  rule(`再?过(?<n>${AMOUNT})(?:个)?(?<unit>分钟|小时|钟头|刻钟|天|周|星期|礼拜|月)`, after),
  rule(
    `过几天|过两天|改天|近期|近日|不久|过阵子|过段时间|有空|抽空|看情况|待定|再定|到时候再|找一?天|找个|最近|随时|年前|哪天|择日|另行通知|尽快|早点|晚点|[上中下]旬|月初|年初(?![一二三四五六七八九])|月中|节前|节后|暑假|寒假|农闲|农忙|雨季|汛期|饭后|吃完饭`,
    () => ({
      type: 'vague',
    }),
  ),
  rule(`(?:连续|连着|接连|连)(?<n>${N})(?:个)?(?<unit>天|周|星期|礼拜|月|次)`, repeat),
  rule(`(?:一共|总共|共|合计)(?<n>${N})(?:次|期|场|回|轮)`, repeat),
  // Words that take something back or leave a choice open.
  rule(`不是(?=[这那下上本今明后周星礼\\d一二三四五六七八九十])`, () => ({ type: 'not' })),
  rule(`(?:[哦噢啊呃诶喔嗯]不(?:是|对)?|要不(?:就|然)?|算了(?:还是)?)(?:是|改成)?`, () => ({ type: 'correction' })),
  rule(`(?:不对|说错了?|搞错了?|记错了?|讲错了?|写错了?)(?:不对|了)*[,，]?(?:应该)?(?:是|改成|为)?`, () => ({
    type: 'correction',
  })),
  rule(`或者?是?|还是(?=[下本这周星礼明后今\\d一二三四五六七八九十])`, () => ({ type: 'or' })),
  // What repeats.
  rule(
    `(?:一个?|1个?)(?<unit>天|日|周|星期|礼拜|月|季度?|年)(?:开展?|搞|办|来|做|学)?(?:一|两|二|1|2)(?:次|回|趟|场)`,
    (_, g) => ({
      type: 'every',
      unit:
        ({ 天: 'day', 日: 'day', 月: 'month', 季: 'quarter', 季度: 'quarter', 年: 'year' } as const)[g('unit') ?? ''] ??
        'week',
      every: 1,
    }),
  ),
  rule(`(?<o>${OFFSET})个?周末(?:的)?(?:两天|每天|天天)`, (_, g) => weekday(g('o'), [6, 7])),
  rule(`周末(?:的)?(?:每天|天天|都)`, () => [everyWeek('', undefined), weekday(undefined, [6, 7])]),
  rule(`周末两天`, () => weekday(undefined, [6, 7])),
  rule(`每(?:个|一)?(?:工作日|上班日)|逢工作日|(?<![个一二三四五六七八九十\\d])工作日(?:每天)?`, () => ({
    type: 'every',
    unit: 'workday',
    every: 1,
  })),
  rule(
    `(?:每逢?个?|每隔|逢|隔)(?<n>${N})?个?${WEEK}的?(?:${WEEK})?(?<a>[一二三四五六1-6])(?:${TO})(?:${WEEK})?(?<b>${WEEKDAY})(?![\\d点时:个号月支组十次])`,
    (match, g) => {
      const [from = 1, to = 7] = [WEEKDAYS[g('a') ?? ''], WEEKDAYS[g('b') ?? '']]
      if (to < from) return null
      return [
        everyWeek(match[0], g('n')),
        weekday(
          undefined,
          Array.from({ length: to - from + 1 }, (_each, index) => from + index),
        ),
      ]
    },
  ),
  rule(
    `(?:每逢?个?|每隔|逢|隔)(?<n>${N})?个?${WEEK}的?(?:${WEEK})?(?<list>${WEEKDAY}${MORE_WEEKDAYS})(?!次|回|趟|遍|场|个|天一次|年)`,
    (match, g) => [everyWeek(match[0], g('n')), weekday(undefined, weekdays(g('list') ?? ''))],
  ),
  rule(`(?:每逢?个?|逢)周末(?:两天)?(?!除外)`, () => [
    { type: 'every', unit: 'week', every: 1 },
    { type: 'weekday', week: null, weekdays: [6, 7] },
  ]),
  rule(`每(?<half>半个?月)|半个?月(?:一|1)次`, () => ({ type: 'every', unit: 'half-month', every: 1 })),
  rule(`每半年|半年(?:一|1)次`, () => ({ type: 'every', unit: 'half-year', every: 1 })),
  rule(`(?:每隔?|隔)(?<n>${N})?(?:个)?(?<unit>天|日|周|星期|礼拜|月)`, (match, g) => {
    const unit = { 天: 'day', 日: 'day', 月: 'month' }[g('unit') ?? ''] ?? 'week'
    const count = g('n') ? parseNumber(g('n') ?? '') : 1
    // 每隔一天 leaves one day out: every second day.
    const every = match[0].includes('隔') ? count + 1 : count
    const repeated: Meaning = { type: 'every', unit: unit as 'day' | 'week' | 'month', every }
    return repeated
  }),
  rule(`每(?:个)?(?:早|晨)(?:上|晨)?`, () => [
    { type: 'every', unit: 'day', every: 1 },
    { type: 'period', period: 'morning' },
  ]),
  rule(`每(?:个|天)?晚(?:上)?`, () => [
    { type: 'every', unit: 'day', every: 1 },
    { type: 'period', period: 'evening' },
  ]),
  rule(`每一天|天天|日日|逐日`, () => ({ type: 'every', unit: 'day', every: 1 })),
  rule(`(?:每个?|逢|隔)?双周`, () => ({ type: 'every', unit: 'week', every: 2 })),
  rule(`(?:每个?|逢)单周`, () => ({ type: 'vague' })),
  rule(`(?:逢|每)(?:个)?(?:单|奇数?)月份?|单月份?`, () => months([1, 3, 5, 7, 9, 11])),
  rule(`(?:逢|每)(?:个)?(?:双|偶数?)月份?|双月份?`, () => months([2, 4, 6, 8, 10, 12])),
  rule(`(?:每个?季度?|季度)(?:末)?(?:的)?(?:末月|末个月|(?:的)?最后(?:一)?个月|第三个月|末(?=月))(?:份)?`, () =>
    months([3, 6, 9, 12]),
  ),
  rule(`(?:每个?季度?|季度)(?:的)?(?:首月|首个月|第一个月|头(?:一)?个月|第1个月)(?:份)?`, () => months([1, 4, 7, 10])),
  rule(`(?:每个?季度?|季度)(?:的)?(?:中间(?:的?那|一)?个?月|第二个月|中月|第2个月)(?:份)?`, () =>
    months([2, 5, 8, 11]),
  ),
  rule(`每(?:一)?个?季(?:度)?末?`, () => ({ type: 'every', unit: 'quarter', every: 1 })),
  rule(`月月|每一个月|按月|逐月`, () => ({ type: 'every', unit: 'month', every: 1 })),
  rule(`周周|每一个?(?:周|星期|礼拜)(?![一二三四五六日天])`, () => ({ type: 'every', unit: 'week', every: 1 })),
  rule(`每(?:一|个)?年度?|年年`, () => ({ type: 'every', unit: 'year', every: 1 })),
  // Market days and odd or even days.
  rule(`(?:每?逢)?(?:单|奇)(?:号|日|数日)`, () => everyMonth(Array.from({ length: 16 }, (_, i) => 2 * i + 1))),
  rule(`(?:每?逢)?(?:双|偶)(?:号|日|数日)`, () => everyMonth(Array.from({ length: 15 }, (_, i) => 2 * i + 2))),
  rule(
    `(?:每?逢)?(?:赶|逢)?(?:赶场|赶集|场|集|墟|圩|街子|赶街)(?:天|日|期)?(?:即|是|为|就|都|\\(|:|：|每个?月|农历|阴历|古历|逢|[,，])*(?<list>${N}(?:${MARKET_LIST}?逢?${N})*)(?<exact>[号日])?\\)?(?![点时:周星礼月])`,
    (match, g) => {
      const days = marketDays(g('list') ?? '', Boolean(g('exact')))
      return /农历|[阴古]历/.test(match[0])
        ? [
            { type: 'every', unit: 'month', every: 1 },
            { type: 'lunar', days },
          ]
        : everyMonth(days)
    },
  ),
  rule(
    `(?:每?逢)(?<list>${N}[号日]?(?:${MARKET_LIST}?逢?${N}[号日]?)*)(?<exact>(?<=[号日]))?(?![点时月年周:个])(?:的?日子)?`,
    (match, g) => everyMonth(marketDays(g('list') ?? '', /[号日]/.test(match[0].replace(/日子$/, '')))),
  ),
  // Weekdays.
  rule(
    `第?(?<list>${N}(?:个?${LIST}第?${N})*)(?:个|次)?${WEEK}的?(?:${WEEK})?(?<w>${WEEKDAY})(?![个]|(?<=[1-7])\\d)`,
    (match, g) => {
      if (!match[0].startsWith('第')) return null
      const weekday = WEEKDAYS[g('w') ?? ''] ?? 1
      return nthWeekday(numbers(g('list') ?? ''), weekday)
    },
  ),
  rule(`倒数第?(?<n>${N})个?${WEEK}(?<w>${WEEKDAY})`, (_, g) =>
    nthWeekday([-parseNumber(g('n') ?? '')], WEEKDAYS[g('w') ?? ''] ?? 1),
  ),
  rule(`(?:最后|末尾?)(?:的?那|一|1)?个?${WEEK}的?(?:${WEEK})?(?<w>${WEEKDAY})`, (_, g) =>
    nthWeekday([-1], WEEKDAYS[g('w') ?? ''] ?? 1),
  ),
  rule(`(?:头|首|第一)(?:一|1)?个?${WEEK}的?(?:${WEEK})?(?<w>${WEEKDAY})`, (_, g) =>
    nthWeekday([1], WEEKDAYS[g('w') ?? ''] ?? 1),
  ),
  rule(`第?(?<n>${N})个?周末|最后(?:一)?个?周末`, () => ({ type: 'vague' })),
  rule(`第(?<n>${N})个?(?:工作日|上班日)`, (_, g) => withinMonth({ workday: parseNumber(g('n') ?? '') })),
  rule(`(?:首个?|头(?:一)?个)(?:工作日|上班日)`, () => withinMonth({ workday: 1 })),
  rule(`倒数第?(?<n>${N})个?(?:工作日|上班日)`, (_, g) => withinMonth({ workday: -parseNumber(g('n') ?? '') })),
  rule(`(?:最后(?:一|1)?个?|末)(?:工作日|上班日)`, () => withinMonth({ workday: -1 })),
  rule(`(?<=月份?的?)(?:第一|头一?)[天日]`, () => withinMonth({ day: 1 })),
  rule(`(?<=月份?的?)[前头](?<n>${N})[天日]`, (_, g) => withinMonth(...countTo(g('n')).map((day) => ({ day })))),
  rule(`(?<=月份?的?)最后(?<n>[2-9二两三四五六七八九])[天日]`, (_, g) =>
    withinMonth(
      ...countTo(g('n'))
        .map((day) => ({ day: -day }))
        .reverse(),
    ),
  ),
  rule(`倒数第?(?<n>${N})[天日]`, (_, g) => withinMonth({ day: -parseNumber(g('n') ?? '') })),
  rule(`(?:月末|月底)?(?:的)?最[后末](?:一|1)?[天日]`, () => withinMonth({ day: -1 })),
  rule(`(?<=[月季度份末初]的?)第(?<n>${N})[天日](?!的)`, (_, g) => withinMonth({ day: parseNumber(g('n') ?? '') })),
  rule(
    `(?<o>${OFFSET})?个?${WEEK}(?:的)?(?:${WEEK})?(?<a>[一二三四五六1-6])(?:${TO})(?:${WEEK})?(?<b>${WEEKDAY})(?![\\d点时:个号月支组十])`,
    (_, g) => {
      const [from = 1, to = 7] = [WEEKDAYS[g('a') ?? ''], WEEKDAYS[g('b') ?? '']]
      if (to < from) return null
      return weekday(
        g('o'),
        Array.from({ length: to - from + 1 }, (_each, index) => from + index),
      )
    },
  ),
  rule(`(?<o>${OFFSET})?个?${WEEK}(?:的)?(?:${WEEK})?(?<list>${WEEKDAY}${MORE_WEEKDAYS})(?![年个])`, (_, g) =>
    weekday(g('o'), weekdays(g('list') ?? '')),
  ),
  rule(`(?:(?:${OFFSET}|每)个?)?(?:周|星期|礼拜)[七八九十089](?!点|时)`, (match) =>
    match[0].endsWith('七')
      ? weekday(OFFSETS[match[0].slice(0, -2)] === undefined ? undefined : match[0].slice(0, -2), [7])
      : { type: 'no-such-day', because: 'weekday' },
  ),
  rule(`(?:(?:${OFFSET})个?)?周末(?!除外)`, () => ({ type: 'vague' })),
  rule(`(?<o>上上|上|这个?|本|下下下|下下|下)个?${WEEK}(?:内|里|之内)?`, (_, g) => ({
    type: 'week',
    offset: OFFSETS[g('o') ?? ''] ?? 0,
  })),
  // The lunar calendar, festivals.
  rule(`(?:大年|年)(?=初[二三四五六七八九十])`, () => ({ type: 'lunar', month: 1, days: [] })),
  rule(`每逢|每到|每(?=初|廿|正月|农历|阴历|\\d{1,2}[号日])|逢(?=初|廿|正月|农历|阴历|第)`, () => ({
    type: 'every',
    unit: 'each',
    every: 1,
  })),
  rule(`农历|阴历|旧历|古历|老历`, () => ({ type: 'lunar-flag' })),
  rule(
    `(?:(?<every>每逢?|逢|每到|每年)个?)?(?<![月历](?=十一))(?!(?:腊月|大?年)三十[一二])(?<name>${anyOf(Object.keys(FESTIVAL_OF))})${NO_FESTIVAL}(?<during>假期|放假|长假)?(?:期间|里)?(?:的?(?<nth>第(?:${N})天|最后一天))?(?:节)?(?:的)?(?:这天|那天|当天|当日|当晚)?(?<offset>(?:的)?(?:(?:前|后|提前)(?:第)?(?:${N}|半)个?(?:天|日|周|星期|礼拜|月|工作日)|(?:前|后)的?(?:最后|第)?(?:一|1)?个?工作日|前夕|前夜|头(?:一)?天|前一?晚|次日|第二天|后天|前))?`,
    festival,
  ),
  rule(`(?<m>正月|冬月|腊月)`, (_, g) => ({
    type: 'lunar',
    month: LUNAR_MONTHS[g('m') ?? ''] ?? 1,
    days: [],
  })),
  rule(`闰(?<m>${N})月份?`, (_, g) => ({ type: 'lunar', month: -parseNumber(g('m') ?? ''), days: [] })),
  rule(
    `(?<list>(?:初[一二三四五六七八九十]|廿[一二三四五六七八九])(?:[、,，和及与跟同]?(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]|二?十[一二三四五六七八九]?(?![点月号日个天分年名])))*)(?![点时号日])`,
    (_, g) => ({
      type: 'lunar',
      days:
        (g('list') ?? '')
          .match(/初.|廿.|二?十[一二三四五六七八九]?/g)
          ?.map((day) => parseNumber(day.replace('初', ''))) ?? [],
    }),
  ),
  // Days and months by number.
  rule(`(?<y>${keys(YEARS)})`, (match, g) => ({ type: 'year', year: YEARS[g('y') ?? ''] ?? 0 })),
  rule(`(?<o>${OFFSET})个?月份?(?:内|里)?(?!饼|台)`, (_, g) => ({
    type: 'month-offset',
    offset: OFFSETS[g('o') ?? ''] ?? 0,
  })),
  rule(`(?<a>${N})月?份?${TO}(?<b>${N})月份?(?!${N}[号日])`, (_, g) => ({
    type: 'months',
    months: span(parseNumber(g('a') ?? ''), parseNumber(g('b') ?? '')),
  })),
  rule(`(?<half>上|下)半年(?!度?(?:总结|工作|述职))`, (_, g) => ({
    type: 'months',
    months: g('half') === '上' ? span(1, 6) : span(7, 12),
  })),
  rule(`(?<list>${N}(?:月?份?${LIST}${N})*)月份?`, (_, g) => ({ type: 'months', months: numbers(g('list') ?? '') })),
  rule(`(?<list>${N}(?:(?:[号日]?${LIST}|[号日])${N})*)(?:[号日])${NO_DAY}`, (_, g) => ({
    type: 'date',
    days: numbers(g('list') ?? ''),
  })),
  rule(`(?:年底|年末|岁末|年终)(?:的?最[后末](?:一|1)?[天日])?`, () => ({ type: 'edge', edge: 'year-end' })),
  rule(`(?:月底|月末|月尾巴?|(?<=月份?)(?:底|末|尾巴?))(?:的?最[后末](?:一|1)?[天日])?(?:(?:那|这|当)[天日])?`, () => ({
    type: 'edge',
    edge: 'month-end',
  })),
  // Days from today.
  rule(`即日|现在|从今(?=起)|今(?=起)`, () => ({ type: 'now' })),
  rule(`(?<a>今|明|后)[天日]?、?(?<b>明|后|大后)(?:[两二2俩])?[天日]`, (_, g) => [
    { type: 'day', offset: RELATIVE_DAYS[`${g('a')}天`] ?? 0 },
    { type: 'day', offset: RELATIVE_DAYS[`${g('b')}天`] ?? 0 },
  ]),
  rule(`(?<d>今|明|后|昨)(?<p>早|晨|晚|夜)(?:上|晨|间|里)?`, (_, g) => [
    { type: 'day', offset: { 今: 0, 明: 1, 后: 2, 昨: -1 }[g('d') ?? ''] ?? 0 },
    { type: 'period', period: /早|晨/.test(g('p') ?? '') ? 'morning' : 'evening' },
  ]),
  rule(`(?<d>${keys(RELATIVE_DAYS)})个?`, (_, g) => ({ type: 'day', offset: RELATIVE_DAYS[g('d') ?? ''] ?? 0 })),
  // Hours.
  rule(`早晚(?:各)?(?<hour>${N})[点时]钟?(?<half>半)?`, (_, g) => {
    const at = clock(parseNumber(g('hour') ?? ''), g('half') ? 30 : 0, false)
    return [{ type: 'period', period: 'morning' }, at, { type: 'period', period: 'evening' }, at]
  }),
  rule(`(?<hour>\\d{1,2})(?<half>am|pm)(?![a-z])`, (_, g) => [
    { type: 'period', period: g('half')?.toLowerCase() === 'am' ? 'morning' : 'afternoon' },
    clock(Number(g('hour')), 0, false),
  ]),
  rule(`(?<p>${keys(PERIODS)})(?![会校餐饭宴市霜稻安]|点(?!\\d)|[了熟])`, (match, g) => {
    const word = (g('p') ?? '').toLowerCase()
    if (word.length === 1 && !new RegExp(`^(?:${N})[点时:]`).test(match.input.slice(match.index + 1))) return null
    return { type: 'period', period: PERIODS[word] ?? 'morning' }
  }),
  rule(
    `(?<![有早快慢多少大小注好](?=一点))(?:差(?<before>${N}分?|一刻))?(?<hour>${N})(?:点|时(?!间|候|代|期|事|常|尚|段|节|令|效))钟?(?:过)?(?:(?<half>半)|(?<quarter>[一三13])刻|差(?<less>${N}分?|一刻)|整|(?<minute>\\d{2}(?:分)?|\\d分|[零〇][一二三四五六七八九]分?|[一二三四五]?十[一二三四五六七八九]?分?|[一二三四五六七八九]分)(?![个点时天月号日名人户处块元条次支组]))?钟?(?:左右|许|多|前后)?(?!半?(?:课堂|学校|学堂)|要求|意见|建议|注意|内容|希望|说明|事项|看法|想法|体会|思考|经验|工作)`,
    hours,
  ),
  // What joins them.
  rule(`截止到|截至|截止|直到|一直到|持续到`, () => ({ type: 'until' })),
  rule(`(?:为止|(?<![禁防停制阻终截])止|结束)`, () => ({ type: 'before' })),
  rule(`到|至|[-~]`, () => ({ type: 'to' })),
  rule(`从|自(?!行|己|然|发|愿|查|治)`, () => ({ type: 'from' })),
  rule(`(?:开始|(?<![一引发掀提兴升唤对了])起)(?!来|草|火|步|点)`, () => ({ type: 'start' })),
  rule(`[;；。!！]`, () => ({ type: 'break' })),
  rule(`还有|以及|[、,，和及与跟]`, () => ({ type: 'and' })),
  rule(`(?<n>${N})(?!\\d)`, (_, g) => ({ type: 'number', value: parseNumber(g('n') ?? '') })),
]

/** Cuts a normalised text into what was recognised; what was not is left out. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    const found = tokenAt(text, at)
    if (found.length > 0) {
      tokens.push(...found)
      at = found.at(-1)?.end ?? at + 1
    } else {
      at += 1
    }
  }
  return tokens
}

function tokenAt(text: string, at: number): Token[] {
  for (const { pattern, make } of RULES) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match || match[0] === '') continue
    const made = make(match, (name) => match.groups?.[name])
    if (made === null) continue
    const place = { said: match[0], start: at, end: at + match[0].length }
    return [made].flat().map((meaning) => ({ ...meaning, ...place }))
  }
  return []
}
