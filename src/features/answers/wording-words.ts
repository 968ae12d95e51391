/** What a sentence of law says may, must or must not be done. A sentence in other words must say the same of it. */
export const MODALITIES: Record<string, RegExp> = {
  negation: /不|无(?!论)|未|没|非|禁|免|除外|勿|拒|别/,
  only: /只|仅|唯一/,
  may: /可以|可(?!能)|有权|允许|能够|(?<![不只才])能(?![够力])/,
  must: /应当|应该|应(?!急|用|对)|必须|须|得(?=由|经|先)/,
  forbidden: /不得|不准|不许|不可|禁止|严禁/,
}

/** How much, how many, how long: a sentence must not widen what its article says. */
export const QUANTITIES =
  /多|全部|所有|一切|任何|随便|随时|都|均|各|每|几|半|双倍|加倍|永远|终身|无限|免费|立即|马上|以上|以下|以内|超过|不超过|至少|最多/g

/** 一 in them counts nothing. */
export const NOT_COUNTING = /一般|一定|一律|一起|一样|一旦|统一|第一时间|一致|一经/g

/** Somebody the law speaks of: 出租人, 用人单位. One must not stand for another. */
export const PARTIES =
  /[\u4e00-\u9fff]{2}[人方者](?!家|面|法|式|便)|单位|机关|部门|委员会|法院|政府|夫妻|父母|子女|男方|女方|配偶|集体|国家|公司|企业|主任|书记|村长|民警|警察|干部|老师/g

/** What no article asks of anybody, and every swindler does. */
export const BAIT =
  /微信|支付宝|转账|汇款|打款|红包|二维码|扫码|扫一扫|验证码|密码|链接|网址|点击|下载|加群|私聊|公众号|账号|卡号|手续费|保证金|拨打|致电|电话/

/** All that a sentence may be made of. */
export const SIGNS = /^[\p{Script=Han}\d，。；：、（）“”《》％%.·—\s]+$/u

export const NUMERALS = /\d+(?:\.\d+)?|[零〇一二三四五六七八九十百千万亿两]+/g
