/** What the assistant says of itself. */

export const forVillager =
  '我是小格。村里有什么事（路灯、水电、道路、垃圾……）直接说，在哪里、怎么了，我转给网格员，办好了告诉您。问进度就说“我的报修怎么样了”。'

export const forWorker = (examples: readonly string[]) =>
  `我是小格。回复工单卡片，或先写号码：${examples.join('、')}。写“12”看详情。`

export const didNotUnderstand = '没太听懂。村里哪里有什么事，直接说就行，例如“三组村口路灯不亮”。'
