import { dateOf, parseIsoDay, weekdayOf } from './calendar.ts'
import type { Problem } from './draft.ts'

const WEEKDAY_NAMES = ['一', '二', '三', '四', '五', '六', '日']

/** 3月5日（周四）. */
function dayName(iso: string): string {
  const day = parseIsoDay(iso)
  const { month, day: number } = dateOf(day)
  return `${month}月${number}日（周${WEEKDAY_NAMES[weekdayOf(day) - 1]}）`
}

/** Why nothing can be scheduled, and what to write instead. */
export function problem(found: Problem): string {
  switch (found.type) {
    case 'no-date':
      return '没看出是哪一天。请写上日期和时间，比如“3月5日上午9点”或“每周三下午3点”。'
    case 'no-time':
      return found.period
        ? `“${found.period}”是几点？请写上时间，比如“${found.period}${/晚|夜/.test(found.period) ? '7点半' : '8点'}”。`
        : '几点开始？请写上时间，比如“上午9点”。'
    case 'no-day':
      return found.said
        ? `“${found.said}”是哪一天？请写明日子，比如“每周三”“每月5日”“3月5日”。`
        : '是哪一天？请写明日子，比如“3月5日”或“每周三”。'
    case 'vague':
      return `“${found.said}”说得不够准，我不敢猜。请写明是哪一天、几点。`
    case 'no-such-day':
      return `${noSuchDay(found)}请再核对一下日期。`
    case 'no-such-time':
      return `没有“${found.said}”这个时间，请再核对一下几点几分。`
    case 'past':
      return found.nextYear
        ? `${found.said}已经过去了。如果是明年，请写“明年${found.said}”。`
        : `“${found.said}”已经过去了，请写一个还没到的时间。`
    case 'weekday-mismatch':
      return `“${found.said}”对不上：${dayName(found.day)}。请问以哪个为准？`
    case 'ends-before-start':
      return `“${found.said}”结束在开始前面，请再核对一下。`
    case 'never':
      return '照这样写，一次也轮不到。请再核对一下日子。'
    case 'too-long':
      return '这段话太长了。请用一句话写明什么事、哪一天、几点。'
  }
}

function noSuchDay({ said, because }: Problem & { type: 'no-such-day' }): string {
  switch (because) {
    case 'leap-year':
      return `“${said}”那年不是闰年，2月没有29日。`
    case 'month-length':
      return `没有“${said}”这一天，那个月没有这么多天。`
    case 'month':
      return `“${said}”不对，一年只有12个月。`
    case 'lunar':
      return `农历里没有“${said}”这一天。`
    case 'weekday':
      return `没有“${said}”，一周是周一到周日。`
    default:
      return `没有“${said}”这一天。`
  }
}
