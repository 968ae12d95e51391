import type { Kind, Theme } from './draft.ts'

/** Words that name a kind, the longest first in effect: the first table row with a hit wins. */
export const KIND_WORDS: readonly (readonly [Kind, RegExp])[] = [
  ['party-day', /主题党日|党员活动日|党员固定活动日|固定党日|党日活动|党日|党员统一活动日/],
  ['branch-committee', /支委会|支部委员会|支部委员(?:会议|碰头)|支委们?(?:开|碰|议)|支委(?:会议|开会|碰头)|委员会会议/],
  ['members-meeting', /党员大会|支部大会|全体党员会|全体党员开会|党员会/],
  ['party-group', /党小组/],
  ['party-class', /党课/],
  [
    'council',
    /议事会|议事协商|协商议事|院坝会|坝坝会|村民代表(?:大会|会)|村民会议|村民大会|民主协商|四议两公开|屋场会|板凳会|恳谈会/,
  ],
  ['talk', /宣讲|宣传(?![员栏片册单部委牌材窗队])|普法|讲座|法律咨询|防诈|反诈宣传|政策宣传|上门宣传/],
  [
    'sanitation',
    /环境卫生|卫生整治|环境整治|人居环境|大扫除|清扫|打扫|扫除|保洁|清洁|捡垃圾|清垃圾|垃圾清理|清理垃圾|卫生日|卫生大?检查|搞卫生|大搞卫生|做卫生|清淤|清沟/,
  ],
]

export const KIND_NAMES: Record<Kind, string> = {
  'party-day': '主题党日',
  'branch-committee': '支委会',
  'party-group': '党小组会',
  'members-meeting': '党员大会',
  'party-class': '党课',
  sanitation: '环境卫生整治',
  talk: '宣讲',
  council: '议事会',
  other: '活动',
}

export const THEME_WORDS: readonly (readonly [Theme, RegExp])[] = [
  ['integrity', /廉政|廉洁|警示教育|反腐|纪律教育|违纪/],
  ['law', /普法|法治|法律|民法典|宪法|禁毒|反诈/],
  ['civility', /文明实践|志愿服务|志愿者|移风易俗|文明新风|学雷锋/],
  ['preaching', /宣讲教育|宣讲|宣传教育/],
  ['theory', /理论学习|理论|学习(?!雷锋)|党章|讲话精神|重温/],
]
