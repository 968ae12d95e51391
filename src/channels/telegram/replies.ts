/** What Telegram itself shows: menus of commands, and the word on a tapped button. */

export interface MenuCommand {
  /** Telegram takes only Latin letters here. */
  command: string
  description: string
  /** What the command says for whoever taps it. */
  text: string
}

export const VILLAGERS_MENU: readonly MenuCommand[] = [
  { command: 'help', description: '怎么用小格', text: '帮助' },
  { command: 'progress', description: '我报的事办得怎么样了', text: '我的报修怎么样了' },
]

export const WORKERS_MENU: readonly MenuCommand[] = [
  { command: 'todo', description: '还有哪些没办', text: '待办' },
  { command: 'undo', description: '撤销刚才那一步（5分钟内）', text: '撤销' },
  { command: 'help', description: '怎么用小格', text: '帮助' },
]

/** The note that appears for a moment after a tap. */
export const tapped = (choice: string) => `已回“${choice}”`
