import { asWritten, type NormalText } from './text.ts'

const SURNAMES =
  '[赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕施张曹严金魏陶姜谢邹潘葛范彭鲁韦马苗方俞任袁柳鲍史唐薛雷贺倪汤罗毕郝安常于傅齐康伍余顾孟黄萧尹姚邵汪毛戴宋庞熊纪舒项董梁杜蓝季贾江颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫丁邓洪石崔龚程邢裴陆翁段焦侯甘武刘詹龙叶黎白蒲赖乔谭冉申温庄阎廖耿文聂辛饶曾]'
const TITLES =
  '(?:大爷爷|大爷|大娘|大叔|大婶|大妈|大伯|大哥|大姐|婆婆|奶奶|爷爷|阿姨|伯伯|老师|师傅|老汉|老头|太婆|老太|伯|叔|婶|嫂|哥|姐|公|婆|爹|孃孃|嬢嬢|孃|老大|老二|老三|老四|老幺|家)'
const PERSON = `(?:(?:老|小)${SURNAMES}(?:${TITLES})?|${SURNAMES}${TITLES}|我(?:妈|爸|爹|娘|奶奶|爷爷|外婆|外公|公公|婆婆|岳母|岳父|舅舅|姑姑|姑妈|叔叔|伯伯|大伯|老汉|邻居)|(?:隔壁|邻居|楼上|楼下|对门)(?:的|)(?:大爷|大娘|奶奶|婆婆|老人|爷爷|阿姨))`
const CANNOT = '(?:不会|没有|没得|不识|不懂|眼睛|耳朵|看不|不方便|没|让我|叫我|托我|喊我|要我|请我|拜托我|委托我)'

const FOR = new RegExp(
  `(?:替|帮|帮忙|代|代替|受)(${PERSON})(?:家|)(?:他|她|们|)(?:报|反映|反应|问|说|登记|发|求助|喊|转|传|投诉|申请|讲|来问|委托|之托)`,
)
const ASKED = new RegExp(
  `(${PERSON})[^。!?;\\n]{0,24}?(?:他|她|老人家|老人|人家|)(?:本人|自己|)${CANNOT}(?:[^。!?;\\n]{0,10})(?:打字|手机|微信|识字|字|帮|说一声|报|反映|问|发|群|转告|讲一声|说说)`,
)

/** For whom the sender speaks, in their words, or null when for themselves. */
export function findAffected(n: NormalText): string | null {
  const m = FOR.exec(n.text) ?? ASKED.exec(n.text)
  const name = m?.[1]
  if (!m || !name) return null
  const at = m.index + m[0].indexOf(name)
  // 老王家: the person is 老王.
  const length = name.length > 2 && name.endsWith('家') ? name.length - 1 : name.length
  return asWritten(n, at, at + length)
}

const PHONE = /(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)/

/** A phone number of the text, or null. */
export function findContact(n: NormalText): string | null {
  return PHONE.exec(n.text)?.[1] ?? null
}
