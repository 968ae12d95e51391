import type { AttachmentKind } from '../../message.ts'

/** The signs that chat programs leave in a copied text where something else than words stood; null for what means nothing. */
export const PLACEHOLDERS: Record<string, AttachmentKind | null> = {
  图片: 'image',
  照片: 'image',
  相片: 'image',
  Photo: 'image',
  Image: 'image',
  语音: 'voice',
  语音消息: 'voice',
  Voice: 'voice',
  视频: 'video',
  小视频: 'video',
  Video: 'video',
  文件: 'file',
  File: 'file',
  位置: 'location',
  地理位置: 'location',
  Location: 'location',
  表情: null,
  动画表情: null,
  表情包: null,
  Sticker: null,
  链接: null,
  红包: null,
  微信红包: null,
  转账: null,
  聊天记录: null,
  小程序: null,
  拍一拍: null,
}

/** Lines that a chat program writes itself, in nobody's name. */
export const SYSTEM_LINES: readonly RegExp[] = [
  /撤回了?(?:一条|1条|了)?(?:成员的)?(?:一条)?消息/,
  /邀请.{1,80}加入了?群聊/,
  /(?:加入|退出)了?(?:群聊|群)$/,
  /修改群名为|移出了?群聊|成为新群主|拍了拍/,
  /^以(?:下|上)(?:是|为)(?:新消息|打招呼的内容)/,
  /^(?:查看更多|展开)(?:历史)?消息/,
  /领取了.{1,40}红包/,
  /^.{0,30}(?:群|与).{0,30}的聊天记录/,
  /recalled a message$|unsent a message$/,
]

/** Not a person, but the label of a line in a form that somebody fills in: 地点：三组村口. */
export const LABELS: ReadonlySet<string> = new Set(
  (
    '地点 位置 地址 时间 日期 问题 事项 事由 情况 内容 标题 主题 主持 参加 参会 电话 手机 联系人 联系电话 联系方式 姓名 名字 性别 年龄 ' +
    '类型 类别 原因 结果 备注 说明 要求 注意 提醒 提示 通知 公告 附件 来源 反映人 报修人 当事人 诉求 建议 答复 回复 处理 处理结果 组别 户主 网格 ' +
    '第一 第二 第三 第四 首先 其次 最后 另外 还有 对象 范围 目的 方式 广播 群发 草稿 大家 各位 各位村民 各位乡亲 全体村民 乡亲们 http https'
  ).split(' '),
)

/** What ends in a time of day and is a plan, not a person: 主题党日 9:00. */
export const PLANS =
  /^(?:每|明|后天|大后天|下|本|这|周|星期|礼拜|今|昨|初|农历|国庆|中秋|春节|端午|清明|元旦)|(?:党日|党课|会议?|大会|活动|培训|讲座|值班|集合|开始|结束|截止|提醒|通知|整治|宣讲|停水|停电|来电|来水|到|至|于|前|后)$/

/** What opens a text that somebody means to pass on although it is but one line: 转：张三：路灯坏了. */
export const OPENING = /^(?:转|转发|代转|群里说|群里反映|群里的话|群消息|微信群)\s*[：:]\s*/

/** The assistant itself, as it is called in a room. */
export const OWN_NAME = '小格'
