import type { WallTime } from '../clock.ts'
import type { AttachmentKind, OutgoingKind } from '../message.ts'

const pad = (n: number) => String(n).padStart(2, '0')

/** 11月24日 周二 10:51 */
export function timeText(wall: WallTime): string {
  return `${wall.month}月${wall.day}日 周${'日一二三四五六'[wall.weekday]} ${pad(wall.hour)}:${pad(wall.minute)}`
}

export const replies = {
  assistant: '小格',
  assistantAvatar: '格',
  pageTitle: (village: string) => `小格 · ${village}演示`,
  heading: (village: string) => `小格在${village}`,
  intro: '三部手机，同一个村。像平常在群里那样说话，看小格怎么办。',
  skip: '跳到手机',
  villageTime: '村里时间',
  play: '放一天给我看',
  stop: '停下来',
  hour: '过1小时',
  day: '过1天',
  playing: (line: number, total: number) => `第 ${line} / ${total} 步`,
  starting: '马上开始……',
  logout: '退出',

  phones: { villagers: '村民群', grid: '网格员群', own: '个人手机' },
  tabs: { villagers: '村民群', grid: '网格员群', own: '私聊' },
  chooser: { villagers: '我是', grid: '我是', own: '机主' },
  views: { direct: '和小格私聊', party: '党员群' },
  viewsLabel: '看哪个对话',
  show: '看',
  roles: {
    villager: '村民',
    informant: '信息员',
    'grid-worker': '网格员',
    'legal-helper': '法律明白人',
    secretary: '书记',
    admin: '管理员',
  } as Record<string, string>,
  duty: '值班',
  group: (name: string) => `${name}组`,
  label: (name: string, about: string) => `${name}（${about}）`,

  empty: { villagers: '还没有人说话。试试：三组村口路灯不亮了', grid: '有事的时候，小格会把卡片发到这里。' },
  emptyDirect: (name: string) => `${name}和小格还没有说过话。不方便在群里说的，可以在这里讲。`,
  emptyParty: '党员群里还没有消息。',
  log: (title: string) => `${title}的消息`,
  input: '说点什么',
  inputLabel: (title: string) => `在${title}里说`,
  send: '发送',
  save: '改好了',
  photo: '照片',
  photoAlt: (sender: string) => `${sender}发的照片`,
  removePhoto: '不要这张',
  quoting: '回复',
  quoteButton: (sender: string) => `回复${sender}的这句话`,
  editing: '修改这句话',
  cancel: '取消',
  why: '为什么',
  whyOf: (sender: string) => `小格为什么这样看${sender}的这句话`,
  whyTitle: '小格为什么这样看',
  close: '知道了',
  back: '回到手机',
  more: '更多：修改或撤回',
  moreSign: '⋯',
  edit: '修改',
  recall: '撤回',
  edited: '已修改',
  recalled: (name: string) => `${name}撤回了一句话`,
  recalledQuote: '这句话已撤回',
  joinName: (name: string, text: string) => `${name}：${text}`,
  unread: '有新消息',
  mention: (name: string) => `@${name}`,

  kinds: {
    receipt: '已记下',
    card: '工单',
    question: '问一句',
    answer: '答复',
    reminder: '提醒',
    broadcast: '通知',
    digest: '今日待办',
    result: '结果',
    refusal: '办不了',
    alarm: '紧急',
    other: '',
  } satisfies Record<OutgoingKind, string>,
  attachments: {
    image: '[照片]',
    voice: '[语音]',
    video: '[视频]',
    file: '[文件]',
    location: '[位置]',
  } satisfies Record<AttachmentKind, string>,

  errors: {
    empty: '还没写字，也没选照片。',
    tooLong: (most: number) => `一次最多写 ${most.toLocaleString('en-US')} 个字，请分几次发。`,
    photoTooBig: '照片太大了，一张最多 5 MB。请换一张小一点的，或者截个图再发。',
    photoKind: '只能发照片（JPG、PNG、GIF 或 WebP）。',
    bodyTooBig: '发的东西太大了，没有收下。',
    nobody: '演示村里没有这个人，请重新选一个。',
    noMessage: '没有找到这句话。',
    noRoom: '这个群还没有绑定，不能说话。',
    notYours: '只能修改或撤回自己说的话。',
    busy: '时间正在走，请等一下再按。',
    playing: '正在放一天，先停下来再按。',
    alreadyPlaying: '已经在放了，请看手机。',
    foreign: '这个请求不是从本页面发出的，没有执行。',
    host: '请用 http://localhost 或 http://127.0.0.1 打开这个页面。',
    needLogin: '请先登录。',
    wrongPassword: '密码不对，请再试一次。',
    waitBeforeTry: (seconds: number) => `试得太多了，请等 ${seconds} 秒再试。`,
    notFound: '没有这个页面。',
    gone: '这个附件已经不在了。',
    fault: '出了点问题，没有办成。请再试一次；还不行，请看程序的日志。',
    offline: '连不上小格了，正在重连……',
  },

  login: { title: '登录小格', label: '密码', button: '进去', hint: '密码是启动时设置的 XIAOGE_PASSWORD。' },
  plain: {
    title: '小格在运行',
    lead: '小格是村里的群聊助手，住在聊天群里。',
    body: '村民在群里像平常一样说话，网格员在群里回复卡片。这个页面上不用做什么。',
    health: '看看运行状况',
  },

  /** How a network stands, in one line. */
  connection: (
    name: string,
    health: { state: string; lastIn: string | null; lastOut: string | null; budgetLeft?: number },
  ): string => {
    const at = (iso: string | null) => (iso === null ? '还没有' : CLOCK.format(new Date(iso)))
    const left = health.budgetLeft === undefined ? '' : `，今天还能说 ${health.budgetLeft} 句`
    const state = STATES[health.state] ?? health.state
    return `${NETWORKS[name] ?? name}：${state}。最近听到 ${at(health.lastIn)}，最近说出 ${at(health.lastOut)}${left}`
  },
}

const NETWORKS: Record<string, string> = {
  telegram: 'Telegram',
  wechat: '微信',
  simulator: '演示页面',
  relay: '人工中转',
}

const STATES: Record<string, string> = {
  up: '通着',
  down: '断了',
  'needs-login': '要重新登录',
  limited: '用不顺',
}

const CLOCK = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
