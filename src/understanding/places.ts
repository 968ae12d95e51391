import { readNumeral } from '../numerals.ts'
import type { Hit } from './phrases.ts'
import { asWritten, type NormalText, normalise } from './text.ts'
import type { Gazetteer } from './understanding.ts'

/** A gazetteer prepared for reading. */
export interface CompiledGazetteer {
  groups: ReadonlySet<string>
  /** Longest first, in normal form. */
  places: readonly { name: string; group?: string }[]
  people: readonly { name: string; normal: string; role: string }[]
}

/** Prepares what is known of a village for `understand`; do it once per village. */
export function compileGazetteer(g: Gazetteer): CompiledGazetteer {
  const plain = (name: string): string => normalise(name).text
  return {
    groups: new Set(g.groups),
    places: g.places
      .map((place) => ({ ...place, name: plain(place.name) }))
      .filter((place) => place.name !== '')
      .sort((a, b) => b.name.length - a.name.length || (a.name < b.name ? -1 : 1)),
    people: g.people
      .map((person) => ({ ...person, normal: plain(person.name) }))
      .filter((person) => person.normal.length > 1),
  }
}

/** Where something is, as said in the text. */
export interface Place {
  words: string
  key: string
  group: string | null
  span: Hit
  /** In the gazetteer, or a group: a place of this village for sure. */
  known: boolean
}

const COMMON_SURNAME =
  '[赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕施张曹严金魏陶姜谢邹潘葛范彭鲁韦马苗方俞任袁柳鲍史唐薛雷贺倪汤罗毕郝安常于傅齐康伍余顾孟黄萧尹姚邵汪毛戴宋庞熊纪舒项董梁杜蓝季贾江颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫丁邓洪石崔龚程邢裴陆翁段焦侯甘武刘詹龙叶黎白蒲赖乔谭冉申温庄阎廖耿文聂辛饶曾]'
const TITLE =
  '(?:大爷|大娘|大叔|大婶|大妈|大伯|大哥|大姐|婆婆|奶奶|爷爷|阿姨|伯伯|伯|叔|婶|嫂|哥|姐|老师|医生|师傅|老板|老大|老二|老三|老四|老五|老六|老幺|幺爸|幺妹|老汉|老头|太婆|公|婆|大|二|三|四|五|某|会计|书记|主任|社长|组长|队长|支书|屠夫|木匠|石匠|麻子|三娃|二娃|幺娃)'
const SIDE =
  '(?:大门口|门口前面|门口旁边|门口那里|门口那段|门口那条|门口|门前|屋门口|屋后头|屋后面|屋后|屋前|屋旁边|屋边|旁边那里|旁边|边边上|边边|边上|后头|后面|前头|前面|背后|对面|对门|附近|那里|那边|那儿|那块|那头|那片|那一片|那一带|那截|这边|这里|这头|这段|那段|下面|下边|上面|上头|上边|下头|底下|里头|里面|里边|外头|外面|拐弯处|拐角|拐弯|转弯处|转角|路口|墙外|墙边|院墙|坎下|坎上|隔壁|中间|尽头|入口|出口|东头|西头|东边|西边|南边|北边|左边|右边|斜对面|侧边)'
const WAY =
  '(?:公路|水泥路|土路|大路|小路|机耕道|机耕路|马路|路口|河堤|大坝|大桥|桥头|桥上|桥|岔路口|弯道|路边|路上|沟边|坡上|路段|巷子|巷道|便道|水渠|水沟|那条路|这条路|路)'
const GENERIC =
  '(?:村委会|村委|村部|大队部|党群服务中心|便民服务中心|村口|村头|村尾|村东头|村西头|村东|村西|村南|村北|村中间|村小学|村小|村卫生室|村活动室|校门口|学校门口|学校|幼儿园门口|幼儿园|小学门口|桥头上|桥头|桥边|桥上|桥下|桥底下|河边|河坝|河堤上|河堤|河沟边|河沟里|河沟|沟边|沟里|河里|十字路口|三岔路口|丁字路口|岔路口|三叉路口|大路口|路口|后山上|后山|山脚下|山脚|半山腰|对面山上|对面山|坟山|坟地|水库边|水库大坝|水库|大坝上|大坝|塘边|堰塘边|堰塘|水塘边|鱼塘边|鱼塘|菜市场|农贸市场|集市|停车场|加油站|超市门口|卫生院|土地庙|庙门口|庙边|庙里|广场上|广场|篮球场|球场|戏台|老井边|老井|水井边|井边|公路边|马路边|大桥上|大桥|石桥|垭口|大弯道|急弯|田坝|晒坝|院坝|茶山|果园|竹林|老院子|大院子|老槐树|大槐树|黄葛树|黄桷树|老榕树|大榕树|大樟树|皂角树|大柳树|合作社|敬老院|养老院|养殖场|加工厂|木材厂|搅拌站|采石场|工地|安置点|移民点|聚居点|新村|车站|候车亭|招呼站|老戏台|文化站|图书室|农家书屋|灌溉渠|泵站|提灌站|主干道|环村路|进村路|入村口|进村口|村道|老街|新街|街上|巷口|胡同口|祠堂|水塔|水厂|公墓|码头|渡口|垃圾站|公厕|涵洞底下|涵洞|水沟旁|路边|田边|街上|巷子里|东头|西头|南头|北头)'
const NAMED =
  '(?:湾|坝|沟|坪|垭口|垭|塆|冲|院子|大院|屋场|垸|坳|岗|塘|庄|胡同|巷|寨|屯|洼|岭|坡|桥|梁子|堡|坎|沱|滩|嘴|墩|圩|畈|埠|墟|厝|楼|店|厂|仓库|粮库|超市|饭馆|餐馆|诊所|茶馆|民宿|小区|市场|工地|斗渠|支渠|涵洞)'

const GROUP = new RegExp(
  '(?<![每这分那成前老几哪])第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:村民小组|村民组|小组|组|社|队)(?![织保区会员合伍友照数图件号装建成团评论人]|长[^家门])',
  'g',
)
const HOUSE = new RegExp(
  `(?:隔壁|邻居|对门|楼上|楼下)?(?:(?:老|小)${COMMON_SURNAME}|${COMMON_SURNAME}${TITLE}|${COMMON_SURNAME}[\\u4e00-\\u9fff]{0,2}(?=家${SIDE})|${COMMON_SURNAME})(?:他|她|们|他们)?(?:家|屋)(?:${SIDE})?`,
  'g',
)
const KIN =
  '(?:奶奶|爷爷|外婆|外公|舅舅|姑姑|姑妈|叔叔|伯伯|大伯|婆婆|公公|妈妈|爸爸|妈|爸|哥|姐|嫂子|亲戚|老人|邻居|人)'
const OWN = new RegExp(
  `(?:我们|我|他|她|我${KIN}|${KIN})(?:家|屋|店)(?:的|)(?:院子|房子|)${SIDE}|(?:我们|我)(?:家|屋|店|)(?:楼下|楼上|隔壁|对门|院子门口|店里|后院)|(?<=^|[,。!?在])(?:屋后头|屋后面|屋后|屋背后|房后|楼下|楼上|门前)|我们(?:楼|院子|那栋|这栋|单元)`,
  'g',
)
const GENERIC_PLACE = new RegExp(GENERIC, 'g')
const NAMED_PLACE = new RegExp(
  `(?<=^|[,。!?;:、\\n在到从去往组社队我])([\\u4e00-\\u9fff]{1,3}?)${NAMED}(?=[那的这里上下边口头有又]|${SIDE}|${WAY}|路灯|水管|垃圾|电|水|停|$|[,。!?])`,
  'g',
)
const NOT_A_NAME =
  /[的了是有没不在到去那这里上下个我你他她们来说把被让给和跟就都还也要想能会吃喝看听打做买卖好大小多少很太真修挖填过翻爬走条座几一两]/
const TAIL = new RegExp(`(?:${SIDE})`, 'y')
const TAIL_WAY = new RegExp(`(?:的|那条|那段|这条|这段|那个|)(?:${WAY})`, 'y')
const RANGE = /(?:到|往|去|至|通往|通向|和)/y
const RANGE_END =
  /(?:的|)(?:那|这|)(?:一|)(?:段|条|截|)(?:水泥|公|土|大|小|马|村|山|老|石板|机耕|产业)?(?:路|道|渠|河堤|线|沟)/y
const LINK = /(?:的|那边|那里|这边|靠近|靠|挨着|往|去|进|,|、|在)?/y

/** Words before a place that make it the doer or the addressee (冒充村委会, 找村委会, 跟小学老师). */
const SPOKEN_TO =
  /(冒充|假冒|自称|找|问|跟|和|向|给|叫|喊|请|让|希望|建议|感谢|谢谢|告诉|通知|说是|联系|麻烦|反映到|报告|求|盼)$/
const DOER =
  /^(?:的人|的干部|的领导|不管|没人管|说|干部|领导|通知|答应|来人|能不能|什么时候|也不|都不|就|给|应该|可以|要|安排|组织|帮|管|收|老师|校长|开会|的钱|怎么|主任|书记)/

/** Words that may name a place. */
export interface Mention extends Hit {
  kind: 'group' | 'listed' | 'house' | 'generic' | 'named' | 'own'
  rank: number
  group: string | null
  key: string
  known: boolean
}

/** The number of a group in digits: 三 → 3, 十二 → 12; of 二三组 the first. */
function toDigits(word: string): string {
  const several = !/[十\d]/.test(word)
  return String(readNumeral(several ? (word[0] ?? '') : word) ?? 0)
}

function matches(pattern: RegExp, text: string): RegExpExecArray[] {
  return [...text.matchAll(pattern)].slice(0, 12)
}

function sticky(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

/** Everything that could be a place, without overlaps, in order. */
export function mentions(text: string, g: CompiledGazetteer): Mention[] {
  const found: Mention[] = []
  const free = (start: number, end: number): boolean => found.every((m) => end <= m.start || start >= m.end)
  for (const m of matches(GROUP, text)) {
    const group = toDigits(m[1] ?? '')
    found.push({ start: m.index, end: m.index + m[0].length, kind: 'group', rank: 3, group, key: '', known: true })
  }
  for (const place of g.places) {
    for (let at = text.indexOf(place.name), n = 0; at >= 0 && n < 4; at = text.indexOf(place.name, at + 1), n++) {
      const end = at + place.name.length
      if (!free(at, end) || acts(text, at, end)) continue
      found.push({ start: at, end, kind: 'listed', rank: 4, group: place.group ?? null, key: place.name, known: true })
    }
  }
  for (const m of matches(HOUSE, text)) {
    const end = m.index + m[0].length
    if (!free(m.index, end)) continue
    const name = m[0].replace(/^(隔壁|邻居|对门|楼上|楼下)/, '').replace(new RegExp(`${SIDE}$`), '')
    const beside = new RegExp(`${SIDE}$`).test(m[0])
    // 王家打麻将: somebody does something; a place only with 门口, 旁边, …
    found.push({ start: m.index, end, kind: 'house', rank: beside ? 3.5 : 1.5, group: null, key: name, known: false })
  }
  for (const m of matches(GENERIC_PLACE, text)) {
    const end = m.index + m[0].length
    if (!free(m.index, end) || acts(text, m.index, end)) continue
    found.push({
      start: m.index,
      end,
      kind: 'generic',
      rank: 2,
      group: null,
      key: m[0].replace(/(上|里|边)$/, ''),
      known: false,
    })
  }
  for (const m of matches(NAMED_PLACE, text)) {
    const end = m.index + m[0].length
    if (!free(m.index, end) || NOT_A_NAME.test(m[1] ?? '')) continue
    found.push({ start: m.index, end, kind: 'named', rank: 2.5, group: null, key: m[0], known: false })
  }
  for (const m of matches(OWN, text)) {
    const end = m.index + m[0].length
    // 我家门口 says where only to those who know me: no key, so that it never joins two tickets.
    if (free(m.index, end))
      found.push({ start: m.index, end, kind: 'own', rank: 0.5, group: null, key: '', known: false })
  }
  return found.sort((a, b) => a.start - b.start)
}

function acts(text: string, start: number, end: number): boolean {
  if (!/村委|村部|小学|学校|卫生|党群|服务中心|幼儿园|合作社|养老院|敬老院/.test(text.slice(start, end))) return false
  return SPOKEN_TO.test(text.slice(Math.max(0, start - 4), start)) || DOER.test(text.slice(end, end + 5))
}

/** The place a text is about, or null. */
export function findPlace(n: NormalText, g: CompiledGazetteer): Place | null {
  const { text } = n
  const list = mentions(text, g)
  const joined: Mention[] = []
  for (let i = 0; i < list.length; i++) {
    const first = list[i]
    if (!first) continue
    const all = { ...first, keys: first.key ? [first.key] : ([] as string[]) }
    let next = list[i + 1]
    while (next) {
      const link = sticky(LINK, text, all.end)
      const range = sticky(RANGE, text, all.end)
      if (next.start === all.end || (link > 0 && next.start === all.end + link && text[all.end] !== ',')) {
        // Two groups in a row are two places.
        if (all.group && next.group && all.group !== next.group) break
      } else if (range > 0 && next.start === all.end + range && sticky(RANGE_END, text, next.end) > 0) {
        all.end = next.end + sticky(RANGE_END, text, next.end)
        all.keys.push(`至${next.group ?? ''}${next.key}`)
        all.rank = Math.max(all.rank, next.rank) + 2
        i++
        next = undefined
        break
      } else break
      all.end = next.end
      all.group ??= next.group
      all.known ||= next.known
      if (next.key) all.keys.push(next.key)
      all.rank = Math.max(all.rank, next.rank) + 1
      i++
      next = list[i + 1]
    }
    const way = sticky(TAIL_WAY, text, all.end)
    // 后山公路 is one name; 三组路灯 is a group and a lamp.
    if (way > 0 && !/^.{0,3}(路灯|桥灯|路面|水渠堵)/.test(text.slice(all.end, all.end + way + 1)) && all.rank < 6) {
      const name = text.slice(all.end, all.end + way).replace(/^(的|那条|那段|这条|这段|那个)/, '')
      if (all.keys.length > 0 || name.length > 1) {
        if (name.length > 1 && !all.keys.some((k) => k.includes('家'))) all.keys.push(name)
        all.end += way
      }
    } else {
      const tail = sticky(TAIL, text, all.end)
      if (tail > 0) {
        all.end += tail
        all.rank += 0.2
      }
    }
    joined.push({ ...all, key: [...new Set(all.keys)].sort().join('') })
  }
  let best: Mention | undefined
  for (const mention of joined) if (!best || mention.rank > best.rank) best = mention
  if (!best || best.rank < 0.5) return null
  // A group named elsewhere in the text is where the place lies: 我住三组，村口的路灯坏了.
  const groups = new Set(list.flatMap((m) => (m.group && m.rank === 3 ? [m.group] : [])))
  const only = groups.size === 1 ? [...groups][0] : undefined
  const number = best.group ?? only ?? null
  const key = best.rank <= 0.7 ? '' : `${number ?? ''}|${best.key}`
  return {
    words: asWritten(n, best.start, best.end),
    key: key === '|' ? '' : key,
    group: number !== null && g.groups.has(number) ? number : null,
    span: { start: best.start, end: best.end },
    known: best.known,
  }
}

/** Words at the end of a place that do not make it another one: 村口那里 and 村口 are the same. */
const LOOSE_END = new RegExp(`(?:的|那|这|${SIDE})+$`)

/**
 * The place that certain words of a text name. What the rules have made of the same words stays its key; for words they
 * do not know, the group and the bare words are.
 */
export function placeAt(n: NormalText, g: CompiledGazetteer, span: Hit, byRules: Place | null): Place {
  const words = asWritten(n, span.start, span.end)
  const overlaps = byRules !== null && byRules.span.start < span.end && span.start < byRules.span.end
  const [groupKey = '', nameKey = ''] = byRules?.key.split('|') ?? []
  if (overlaps && nameKey !== '') return { ...byRules, words, span }
  const said = n.text.slice(span.start, span.end)
  const group = [...said.matchAll(GROUP)].map((match) => toDigits(match[1] ?? ''))[0] ?? (groupKey || null)
  const own = new RegExp(`^(?:${OWN.source})`).test(said)
  const name = own ? '' : said.replace(GROUP, '').replace(LOOSE_END, '')
  const key = group === null && name === '' ? '' : `${group ?? ''}|${name}`
  return {
    words,
    key,
    group: group !== null && g.groups.has(group) ? group : null,
    span,
    known: overlaps ? byRules.known : false,
  }
}
