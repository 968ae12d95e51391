/** What stands for a number or name that is not sent: [电话1]. */
export const KINDS = {
  phone: '电话',
  identity: '证件',
  card: '卡号',
  number: '号码',
  plate: '车牌',
  account: '账号',
  link: '网址',
  name: '人名',
} as const

export type Kind = keyof typeof KINDS

/** First signs of the plates of provinces. */
export const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'

/** Digits as people write them where a machine should not see a number: 幺 is one on the telephone. */
export const DIGITS = '零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖'

export const PLATE_ENDINGS = '挂学警港澳'
