/** What the outbox says of itself. */

export const flood = (isPrivate: boolean, most: number) =>
  `${isPrivate ? '有一个私聊' : '有一个群'}一分钟里引我说了${most}多句，像是两个机器人在对话。多出来的我没有发，请去看一看：群里若有别的机器人，请把它的自动回复关掉。`
