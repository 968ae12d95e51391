/** Requests that get a fixed polite no, and dangers that need people, before anything is looked up. */
export type Unsafe = 'other people' | 'evasion' | 'judgement' | 'politics'
export type Danger = 'violence' | 'despair'

const DANGERS: readonly { danger: Danger; words: RegExp }[] = [
  {
    danger: 'despair',
    words: /不想活|活不下去|想死|寻死|自杀|喝(?:了)?农药|上吊|跳(?:楼|河|井|水库)(?!价)|割腕|了断自己/,
  },
  {
    danger: 'violence',
    words:
      /(?:正在|又在|还在|现在)[^,。?!]{0,8}(?:打我|打人|打孩子|打老|砍|拿刀|掐)|拿(?:着)?刀[^,。?!]{0,6}(?:追|砍|要杀|冲)|救命|要杀(?:我|了我)|把我(?:打得|锁在|关在)/,
  },
]
/** A question about such a thing is none: 自杀能不能赔, 家暴怎么离婚. */
const ASKS_ABOUT = /保险|赔|责任|判|算不算|怎么定|属于|离婚|继承|犯法|违法|工伤/

const UNSAFE: readonly { reason: Unsafe; words: RegExp }[] = [
  {
    reason: 'other people',
    words:
      /(?:查|告诉我|给我|发我|要|看看|打听)(?:一下|下)?[^,。?!]{0,12}(?:他|她|别人|人家|邻居|老[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,3})[^,。?!]{0,6}(?:的)?(?:身份证号|电话号|手机号|住址|银行卡号|存款|病历|户口信息|开房|聊天记录|行踪|定位)/,
  },
  {
    reason: 'evasion',
    words:
      /(?:怎么|如何|咋|教我|有什么办法|有啥办法|帮我)[^,。?!]{0,14}(?:逃税|偷税|骗(?:保|取|到?补贴|到?低保|低保|医保)|造假|伪造|做假|躲(?:债|过|开)|赖账|不(?:还钱|还债|被发现|被抓|被查)|规避|钻空子|假离婚|转移财产|套取|藏(?:钱|财产)|报复|整(?:他|她|死)|弄死|贿赂|送礼(?:让|给)|作弊|销毁证据|逃(?:跑|避))/,
  },
  {
    reason: 'other people',
    words:
      /(?:谁家|哪些人|哪家)[^,。?!]{0,10}(?:低保|五保|残疾|贫困|欠债|有病)[^?!]{0,8}(?:名单|名字|发给?我|告诉我)|(?:查|看|偷看)(?:一下|下)?(?:他|她|别人|人家|[\u4e00-\u9fff]{1,3})的?(?:聊天记录|通话记录|微信|定位|行踪)/,
  },
  {
    reason: 'evasion',
    words:
      /(?:怎么|怎样|如何|咋样?|咋个|哪里能|有啥办法|教我)(?:(?!不让|防|阻止|制止|避免)[^,。?!]){0,12}(?:偷偷|瞒着|躲过|不被|不让(?:人|别人|他|她|村里|派出所|警察|交警|法院|政府|林业|环保|税务|银行))[^,。?!]{0,12}(?:发现|知道|查到|查出|抓|处罚|检测|报|执行|砍|挖|倒|卖|转|拿)/,
  },
  {
    reason: 'evasion',
    words:
      /(?:买|办|搞|开|写|做|弄)(?:个|张|本|份|到|一[张本份])?假(?:的)?(?:驾照|证|证明|病历|发票|公章|借条|欠条|合同|户口|账)|(?:怎么|如何|咋)[^,。?!]{0,8}(?:装穷|装病|装残)|(?:怎么|如何|咋)[^,。?!]{0,6}(?:花钱|送钱|送礼)[^,。?!]{0,4}(?:拉票|买票|当选)|(?:钱|财产|房子|存款)[^,。?!]{0,6}(?:转走|转移|藏起来|藏到)[^?!]{0,10}(?:执行不到|不让|分不到|查不到)/,
  },
  {
    reason: 'judgement',
    words:
      /(?:[\u4e00-\u9fff]{2,4})(?:是不是|算不算)(?:个)?(?:坏人|小偷|骗子|贪官|人渣|流氓)|(?:谁对谁错|评评理)|是[\u4e00-\u9fff]{1,4}对还是[\u4e00-\u9fff]{1,4}(?:对|错)|(?:书记|主任|村长|支书|网格员)[^,。?!]{0,8}(?:是不是贪|贪了多少|是好是坏|该不该抓)/,
  },
  {
    reason: 'politics',
    words:
      /(?:国家主席|总书记|中央领导)[^,。?!]{0,10}(?:好不好|怎么样|评价|下台)|台湾(?:独立|打不打)|(?:国家|中央|党)(?:的)?(?:这个|这些)?(?:政策|制度|领导)[^,。?!]{0,6}(?:错|不对|好不好|该不该)|(?:打仗|打起来|开战)[^,。?!]{0,4}谁(?:会|能)?赢|多党制|推翻(?:政府|政权|国家|党)|反动|法轮功|六四|天安门事件/,
  },
]

/** Whether something is allowed, or what it costs, may be asked of anything. */
const ASKS_WHETHER = /犯不犯|犯法|违法|违不违|合法|合不合|怎么罚|罚多少|后果|要不要坐牢|可以不[?？]?$/

/** A danger somebody is in now; null for none, also where such a thing is only asked about. */
export function dangerIn(question: string): Danger | null {
  if (ASKS_ABOUT.test(question)) return null
  return DANGERS.find(({ words }) => words.test(question))?.danger ?? null
}

/** Why a question is not answered whatever the corpus has; null where it may be. */
export function unsafeIn(question: string): Unsafe | null {
  if (ASKS_WHETHER.test(question)) return null
  return UNSAFE.find(({ words }) => words.test(question))?.reason ?? null
}
