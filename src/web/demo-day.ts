/** The people of the demo day by role and order, so that it plays in any demo village. */
export const CAST = {
  liu: { role: 'villager', nth: 0 },
  wang: { role: 'villager', nth: 1 },
  chen: { role: 'villager', nth: 2 },
  zhao: { role: 'villager', nth: 3 },
  worker: { role: 'grid-worker', nth: 0 },
  second: { role: 'grid-worker', nth: 1 },
  secretary: { role: 'secretary', nth: 0 },
} as const
export type CastMember = keyof typeof CAST

export interface DemoLine {
  id?: string
  by: CastMember
  where: 'villagers' | 'grid' | 'direct'
  /** `{no:ID}` is the number of the ticket that came of line ID, `{name:second}` a person of the cast. */
  text: string
  photo?: 'lamp-dark' | 'lamp-lit'
  /** Replies to the newest thing the assistant said here about that line. */
  quote?: string
  /** Seconds on the watcher's clock before it is said. */
  after: number
}

/** Village time passes: some minutes, or until the wall shows an hour. */
export type DemoPause = { minutes: number; after: number } | { untilHour: number; after: number }

export interface DemoScene {
  /** What the watcher is told. */
  title: string
  steps: readonly (DemoLine | DemoPause)[]
}

/** One day of village life, about 90 seconds long. */
export const DEMO_DAY: readonly DemoScene[] = [
  {
    title: '闲聊：小格不出声',
    steps: [
      { by: 'wang', where: 'villagers', text: '今天赶场的人多不多', after: 1 },
      { by: 'chen', where: 'villagers', text: '多得很，白菜才八角一斤', after: 2 },
    ],
  },
  {
    title: '路灯坏了，分几句说，还带一张照片',
    steps: [
      { id: 'lamp', by: 'liu', where: 'villagers', text: '路灯又不亮了，黑灯瞎火的', after: 3 },
      { by: 'liu', where: 'villagers', text: '就三组村口那盏', after: 2 },
      { by: 'liu', where: 'villagers', text: '看嘛', photo: 'lamp-dark', after: 2 },
      { minutes: 2, after: 2 },
    ],
  },
  {
    title: '网格员只回一个字',
    steps: [
      { by: 'worker', where: 'grid', text: '收', after: 3 },
      { by: 'chen', where: 'villagers', text: '+1，昨晚我差点摔一跤，三组村口那盏路灯该修了', after: 3 },
    ],
  },
  {
    title: '没说在哪里，小格问一句',
    steps: [
      { id: 'water', by: 'wang', where: 'villagers', text: '自来水管爆了，水到处流', after: 4 },
      { minutes: 2, after: 3 },
      { by: 'wang', where: 'villagers', text: '四组晒谷场旁边', after: 4 },
      { minutes: 2, after: 2 },
      { by: 'worker', where: 'grid', text: '派 {name:second}', quote: 'water', after: 4 },
      { by: 'second', where: 'grid', text: '{no:water} 在办', after: 4 },
    ],
  },
  {
    title: '起火了：马上说打119，马上找值班的人',
    steps: [
      { id: 'fire', by: 'zhao', where: 'villagers', text: '着火了！二组石板桥边的草垛着火了，快来人啊', after: 4 },
      { by: 'worker', where: 'grid', text: '收到，我马上到', quote: 'fire', after: 4 },
      { minutes: 20, after: 3 },
      { by: 'zhao', where: 'villagers', text: '火灭了，谢谢大家', after: 3 },
      { by: 'worker', where: 'grid', text: '办结 明火已扑灭，没有人受伤，现场已清理', quote: 'fire', after: 4 },
    ],
  },
  {
    title: '不好在群里说的，私下跟小格说',
    steps: [
      { by: 'chen', where: 'direct', text: '我男人喝了酒又打我，不敢跟别人讲', after: 4 },
      { minutes: 10, after: 4 },
    ],
  },
  {
    title: '修好了，带照片回话，报的人说满意',
    steps: [
      {
        by: 'worker',
        where: 'grid',
        text: '办结 换了灯泡，已经亮了',
        quote: 'lamp',
        photo: 'lamp-lit',
        after: 3,
      },
      { by: 'liu', where: 'villagers', text: '满意，谢谢', after: 5 },
      { by: 'second', where: 'grid', text: '办结 水管接头换了，不漏了', quote: 'water', after: 4 },
    ],
  },
  {
    title: '书记写一句话，小格列出日子，回“确认”才算数',
    steps: [
      {
        id: 'clean',
        by: 'secretary',
        where: 'grid',
        text: '明天上午九点环境卫生整治，提前一小时提醒，发村民群',
        after: 4,
      },
      { by: 'secretary', where: 'grid', text: '确认', quote: 'clean', after: 5 },
    ],
  },
  {
    title: '第二天早上八点，网格员群收到今日待办，村民群收到提醒',
    steps: [
      { untilHour: 8, after: 3 },
      { by: 'wang', where: 'villagers', text: '早，水通了，安逸', after: 3 },
    ],
  },
]
