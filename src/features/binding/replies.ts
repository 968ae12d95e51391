import type { Redemption } from '../../village/binding.ts'

/** The one line on being added to a room. */
export const WELCOME =
  '大家好，我是小格，帮村里记问题、传消息的助手。请管理员在本群发送「/绑定 绑定码」，绑定之前我不会说话。'

/** To somebody who writes directly before any village knows them. */
export const STRANGER =
  '我是小格，帮村里记问题、传消息。我还不知道您是哪个村的：请先在村里的群说句话；有绑定码的，发「/绑定 绑定码」给我。'

const ROOM_KINDS: Record<string, string> = { villagers: '村民群', grid: '网格群', party: '党员群' }

/** One short line on what came of a code. The code itself is never said again. */
export function redemptionReply(redemption: Redemption): string {
  switch (redemption.outcome) {
    case 'bound-room':
      return `绑定好了，本群是${ROOM_KINDS[redemption.room.kind] ?? '本村的群'}，从现在起有事在群里说一声就行。`
    case 'bound-person':
      return `绑定好了，${redemption.person.name}，以后在这里就能找到您。`
    case 'unknown':
      return '绑定码不对，请核对后再发，或请管理员换一个新码。'
    case 'expired':
      return '绑定码已过期（24 小时内有效），请管理员换一个新码。'
    case 'used':
      return '绑定码已经用过了，请管理员换一个新码。'
    case 'wrong-place':
      return redemption.belongs === 'room'
        ? '这是群的绑定码，请在要绑定的群里发送。'
        : '个人绑定码只能私聊发给我。这个码已作废，请管理员换一个新码。'
    case 'taken':
      return '本群已绑定到别的村，不能再绑定。'
  }
}

export const HOW_TO = '请发送「/绑定 绑定码」，绑定码是管理员给的 8 位字母和数字。'
