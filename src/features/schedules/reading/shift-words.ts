import type { Shift } from '../rule.ts'

const DAYS =
  '(?:国家)?(?:法定)?(?:节假日|节日|假期|假日|放假|休息日|公休日|双休日|非工作日|周末|星期六|星期天|周六周日|周六日|周六、周日|周六或周日|周六或者周日|周六|周日)'
const MORE = `(?:(?:和|或者?|及|以及|、|与|或是)${DAYS})*`
const VERB =
  '(?:顺延|延后|延期|延到|延至|推后|推到|推至|推迟|后延|顺推|后移|提前|提早|提到|改到|改为|改在|改期|调整?|移|挪|取消|暂停|停止|停|不开|不搞|不办|不安排|不举行|不提醒|不用|不做|跳过|除外|免了?|照常|照开|不变|休息|不发|往后|往前)'
const TARGET =
  '(?:(?:节后|假后)的?(?:第?一个?|首个?|头一个?)?工作日|节后|节前|(?:下|后)一?个?工作日|(?:前|上)一?个?工作日|最近的?一?个?工作日|(?:节后|假后)?首个?工作日|第一个工作日|最后一个工作日|工作日|(?:上|前|当)?(?:个|一个|本)?(?:周五|星期五|礼拜五)|(?:下|下个)?(?:周一|星期一|礼拜一)|下一?个?周|下一?个?星期|一周|一个?星期|一天|1天|一日|次日|第二天|前一天|后一天)'

/** The clause that says what becomes of days on which people do not work. */
export const SHIFT_CLAUSE = new RegExp(
  `(?:如果|如|若|要是|凡|当天)?(?:遇到?上?|逢|碰上|碰到|赶上|撞上|恰逢|正好是|正逢|正值|恰好是|是)?(?<on>${DAYS}${MORE})(?:的话|的|时|期间|这天|那天|当天|就)?[，,]?(?:则|就|均|都|一律|自动|相应|统一|可以?|当天)*(?:往|向)?(?:后|前)?(?<verb>${VERB})(?:到|至|为|在|进行)?(?:往|向)?(?:后|前)?(?:的)?(?<target>${TARGET})?(?:开|举行|召开|进行|执行|办理)?`,
)

/** 除节假日外. */
export const EXCEPT_CLAUSE = new RegExp(`除(?:了|去)?(?<on>${DAYS}${MORE})(?:以外|之外|外)`)

/** 7月、8月除外, 除7、8月外. */
export const EXCEPT_MONTHS =
  /(?:除(?:了|去)?(?<a>[\d一二三四五六七八九十、,，和月]+)月份?(?:以外|之外|外)|[(（]?(?<b>[\d一二三四五六七八九十、,，和月]+)月份?(?:除外|不开|不搞|停开|暂停)[)）]?)/

export function readShift(on: string, verb: string, target: string): Shift | null {
  if (/照|不变/.test(verb)) return null
  return { on: shiftedDays(on), to: destination(verb, target) }
}

function shiftedDays(on: string): Shift['on'] {
  const weekends = /周末|双休|星期|周六|周日/.test(on)
  const holidays = /节|假期|放假|法定/.test(on)
  if (weekends) return holidays ? 'free-days' : 'weekends'
  // 节假日 means rest days too, as offices use it; 法定节假日 and 节日 only the named holidays.
  if (/法定|节日|假期|放假/.test(on)) return 'holidays'
  return 'free-days'
}

function destination(verb: string, target: string): Shift['to'] {
  if (/取消|停|不|跳过|除外|免|休息/.test(verb)) return 'nowhere'
  if (/五/.test(target)) return 'previous-friday'
  if (/周一|星期一|礼拜一/.test(target) && !/一个|一周/.test(target)) return 'next-monday'
  if (/一周|星期|下周|下一?个?周/.test(target)) return 'next-week'
  if (/^前|^上|节前|最后|前一天/.test(target) || /提|往前/.test(verb)) return 'previous-workday'
  return 'next-workday'
}

const ONE_WEEKDAY = '(?:周|星期|礼拜)[一二三四五六日天1-7]'
const SOME_WEEKDAYS = `${ONE_WEEKDAY}(?:(?:[、,，和及与]|以及)?(?:${ONE_WEEKDAY}|[一二三四五六日天1-7](?![点时:])))*`

/** 除了周三, 周三除外. */
export const EXCEPT_WEEKDAYS = new RegExp(
  `除(?:了|去|开)?每?(?:个)?(?<a>${SOME_WEEKDAYS})(?:以外|之外|外|[,，]|(?=每|天天|都|其[余他它]))|[(（]?(?<b>${SOME_WEEKDAYS})(?:除外|不开|不搞|不办|停开|暂停|休息|不用)[)）]?`,
)

/** 双月不开 beside 单月8号 says nothing new. */
export const OTHER_MONTHS =
  /(?:单月|双月|其[他它余]月份?|别的月份?)(?:份)?(?:的话)?[则就都]?(?:不用?[开搞办安排]|停|除外|不)/g
