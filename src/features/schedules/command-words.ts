/** The words by which schedules are confirmed, changed, cancelled, read and listed. `END` is what may politely follow. */

const END = '[了啦哈哦喔呀嘛吧的哒呢~～。.!！，,\\s]*$'
const NUMBER = '(?:\\s*(?:安排)?\\s*[#＃]?\\s*(?<no>\\d{1,5})号?)?'
const whole = (words: string) => new RegExp(`^(?:${words})${END}`)

/** 小格 at the beginning, which is no part of what is said. */
export const ADDRESS = /^\s*@?小格[\s,，:：]*/

/** 确认, 确认2, 安排2确认. */
export const CONFIRM = new RegExp(
  `^(?:安排\\s*[#＃]?(?<first>\\d{1,5})[\\s,，:：]*)?(?:确认|确定|确认无误)(?:安排|发布|提醒)?${NUMBER}${END}`,
)

/** 取消, 这次取消, 安排2取消, 全部取消, 不开了. */
export const CANCEL = new RegExp(
  `^(?:安排\\s*[#＃]?(?<first>\\d{1,5})[\\s,，:：]*)?(?:把)?(?<before>这次|这回|本次|下次|这一次|这场|今天的?|明天的?|全部|都|整个|以后都?|往后都?|今后都?|所有的?)?(?:就)?(?:取消|作废|停了|停掉|不开|不搞|不办|不用开|不用搞|不用办|撤掉|删掉|删除|不要)(?<after>这次|这回|本次|这一次|这场|全部|整个|所有|以后的?)?${NUMBER}(?:安排|活动|会议?|提醒)?${END}`,
)
export const THIS_ONE = /这次|这回|本次|下次|这一次|这场|今天|明天|下一次/
export const ALL = /全部|都|整个|以后|往后|今后|所有|每次|每[月周天年个逢]/
/** 收到 and the like: plain enough to count without a quote. */
export const READ_PLAINLY = /收到|已阅|已读|看到/

/** 撤销. The words of tickets mean the same here. */
export const UNDO = whole('撤销|撤回|点错|弄错|搞错|发错|按错|撤销一下|刚才(?:的)?(?:不算|撤销)')

/** 收到 and what people write instead. */
export const READ = whole(
  '(?:(?:收到|好的?|好嘞|好勒|知道|晓得|明白|看到|了解|已阅|已读|ok|OK|得嘞|要得|没问题|准时(?:到|参加)?|参加|一定(?:到|来)|来|👌|👍|🙏|1)[了啦哈哦呀嘛的呢~～。.!！，,、\\s]*){1,3}(?:谢谢(?:书记|小格|提醒)?|辛苦)?',
)

/** 谁没看, 几个人收到. */
export const READERS =
  /^(?:这次|刚才(?:那个|的)?|提醒)?[\s,，]*(?:(?:还有)?(?:谁|哪些人?|哪几个|哪个|还有几个|几个人?|多少人?)(?:还)?(?:没有?|未)(?:看|回|收到|回复|看到|读|吭声|回话)|(?:有)?(?:几个人?|多少人?|谁|哪些人?)(?:已经?|都)?(?:收到|看|回复|回|看到|读|已读)(?:了|过)*|收到(?:的)?(?:情况|人数|名单)|回复情况|已读(?:情况|人数|名单))(?:了|过|吗|呢|没有?|的)*[?？。!！\s]*$/

/** 本周安排 and its like. */
export const LIST =
  /^(?:看一?下|看看|查一?下|查查|发一?下|列一?下|说一?下|问一?下)?(?<span>今天|今日|明天|明日|这个?周|本周|这个?星期|本星期|这个?礼拜|下个?周|下个?星期|下个?礼拜|这个?月|本月|当月|下个?月|近期|最近)(?:都)?(?:的|有)?(?:啥|什么|哪些|些什么|些啥)?(?:工作|活动|会议|会|日程)?(?:安排|日程|计划表?|行程)(?:表)?(?:吗|呢|呀|啊|么|是什么|有哪些|有啥|发一?下|来看看)*[?？。.!！\s]*$/

/** 标题改成清洁日. */
export const TITLE =
  /^(?:把)?(?:标题|名称|名字|题目|主题|活动名称?|会议名称?)(?:要|请)?(?:改|换|改一下)?(?:成|为|叫|是|到)?[:：\s]*[“"「『]?(?<title>[^“”"「」『』]{2,40}?)[”"」』]?[。.!！\s]*$/
export const CALLED = /^(?:就|改|应该)(?:叫|名为)[:：\s]*[“"「『]?(?<title>[^“”"「」『』]{2,40}?)[”"」』]?[。.!！\s]*$/

/** 推迟一天, 提前半小时. */
export const MOVE_BY =
  /^(?<all>以后都?|每次都?|今后都?)?(?:这次|这回|本次|这一次)?(?:活动|会议?|时间)?(?:再)?(?<verb>推迟|推后|延后|延期|延迟|顺延|后延|往后推|往后移|延|晚|提前|提早|往前移|早)(?<count>半|[一二两三四五六七八九十]{1,3}|\d{1,3})(?:个)?(?<half>半)?(?<unit>小时|钟头|分钟|刻钟|天|日|周|星期|礼拜)(?:开|举行|进行|吧)?[了吧哈。.!！\s]*$/

/** 不对， 不是3点， in front of what is meant. */
export const NOT_SO = /^(?:不对|不是[^，,。]{0,12}|错了|搞错了|写错了|那就|还是|请|麻烦)+[\s,，。]*/
/** What begins a change: 改到, 时间换成, 推迟到. It is cut off before the rest is read. */
export const CHANGE =
  /^(?:把)?[^，,。；;\n\d]{0,12}?(?:改|换|调整?|挪|移|推迟|推|延期?|延后|顺延|提前|提早|变更?)(?:个)?(?:时间|日期|一?下)?[，,\s]*(?:到|至|成|为|在|给|于)[:：\s]*|^(?:这次|这回|本次|下次|以后都?|每次都?|今后都?)?(?:时间|日期|地点)?(?:都)?(?:改|换)(?:个)?(?:时间|日期|一下)?[:：，,\s]*(?=\S)/
/** The same without a verb: 这次下午三点. */
export const SCOPE = /^(?:这次|这回|本次|下次|这一次|以后都?|每次都?|今后都?)(?:的)?(?:时间)?[\s,，]*/
/** A day without its month: 6日, 周四. */
export const SHORT_DAY =
  /^(?:的)?(?:第[一二三四五]个)?(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]|^(?:周|星期|礼拜)[一二三四五六日天]/
/** 安排2，… */
export const NUMBERED = /^(?:把)?安排\s*[#＃]?(?<no>\d{1,5})(?!\d)(?:的)?[\s,，:：]*/

/** 提醒, 发到群里: it is to be said again later, not just known. */
export const REMIND =
  /提醒|通知(?:大家|各位|到|群|一下|全村|全体|党员|村民)|(?:发|转)(?:到|在|至|给|进)?[^，。；,;\s]{0,8}群|群里(?:发|说|喊)/
export const RECURRING =
  /每(?:个?(?:月|周|星期|礼拜|天|日|年|季度?|逢)|隔|半月|工作日|两|二|三|四|双|[2-9])|逢(?:[一二三四五六七八九十\d]|周|单|双)|单周|双周|隔周/
/** Something people gather for. */
export const ACTIVITY =
  /开会|会议|[^机社协开误领体学不]会(?![计儿不说来去员费场场是有])|活动|培训|检查|值班|集合|打扫|扫除|体检|接种|疫苗|领取|演出|电影|选举|评选|慰问|走访|义诊|讲座|志愿|座谈|清淤|巡逻|巡河|防汛|学习|上课|班子|例会|安排/
/** A question, one's own doings, what is over or not sure: no order to schedule anything. */
export const NO_ORDER =
  /[?？]\s*$|[吗么]\s*[。!！]?$|怎么|为什么|什么时候|哪[天个]|几点[?？]?$|是不是|有没有|能不能|可不可以|不知道|可能|也许|昨[天晚]|前天|刚才|刚刚|上次|上[个]?[周月]|已经|我(?:要|得|先|去|在|还|就|们?家)|没空|来不了|请假|过了|开完|结束了/
/** Danger: its reminders do not wait for the morning. */
export const URGENT = /紧急|应急|抢险|防汛|汛情|险情|转移|撤离|山洪|泥石流|火情|地震|台风/

/** Which rooms a name means, in the order in which it is looked up. */
export const ROOM_WORDS: readonly (readonly ['party' | 'grid' | 'villagers', RegExp])[] = [
  ['party', /党|支部|支委|总支/],
  ['grid', /网格|工作群|干部|社长|组长|信息员/],
  ['villagers', /村民|群众|大群|全村|社员|乡亲|微信|业主|组群|便民|村群|村里/],
]
/** The room it is written in. */
export const THIS_ROOM = /^(?:本|这个?|此|咱们?|我们?)?群$/
/** All rooms of the kind. */
export const ALL_ROOMS = /两个|三个|几个|各|所有|每个|全部|[一二三]个/
