/** What those who are asked, and the secretary, say to the assistant; each in the short forms people type. */

/** 存: keep this answer as a card. What follows is the question as it is to stand on the card. */
export const KEEP =
  /^(?:存|存下|存起来|存一下|留作卡片|存为卡片|存成卡片|留着以后用)(?:[\s:：,，]+(?<question>\S[\s\S]*))?$/

/** 采用, 不采用: what the secretary decides. */
export const ADOPT = /^(?:采用|采纳|同意|可以用)[。.!！]?$/
export const DECLINE = /^(?:不采用|不采纳|不用|不同意|不行)[。.!！]?$/

/** I do not know either: ask the next one. */
export const PASS =
  /^(?:我?(?:也)?(?:不会|不懂|不清楚|不知道|不晓得|说不准|答不了|答不上来|没把握)(?:这个)?|(?:请?问|找|换)(?:下一个|别人|其他人|个人)(?:吧)?)[。.!！~～]*$/

/** Politeness that answers nothing. */
export const POLITE =
  /^(?:好的?|收到|知道了|晓得了|嗯+|哦+|ok|行|可以|马上|稍等|等一下|我(?:看看|查查|问问|想想)|晚点(?:回|说|答)|谢谢|辛苦了|不客气)[\s。.!！~～,，的了吧]*$/i

/** What to do and what is allowed: an answer, also where its words are those of a report. */
export const ADVICE =
  /可以|应当|应该|建议|依法|法律|规定|根据|按照|起诉|仲裁|申请|投诉|提异议|有权|必须|不能|不得|先.{1,12}(?:再|去|找)/

/** The asker does not want to know any more. */
export const NEVER_MIND = /^(?:算了|不用了|不问了|没事了|没得事了|不要了|取消|谢谢|谢了|好的?|哦+|嗯+)[\s。.!！~～]*$/

/** None of the ways offered. */
export const NONE_OF_THESE = /^(?:都不是|都不对|不是这些|没有我要的|不是)[\s。.!！~～]*$/

/** 2, 第二个, 二: one of the ways offered, from 1 on; null where the words say none. */
export function choiceIn(text: string): number | null {
  const match = /^(?:选?第?)([1-3一二三])(?:个|条|种|、|\.)?[。.!！]*$/.exec(text.normalize('NFKC').trim())
  if (!match) return null
  return Number(match[1]) || '一二三'.indexOf(match[1] ?? '') + 1
}
