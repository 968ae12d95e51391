/** The whole life of a ticket. Nothing else decides which move is allowed. */
export const STATUSES = [
  'candidate',
  'open',
  'confirmed',
  'assigned',
  'handling',
  'resolved',
  'closed',
  'rejected',
  'merged',
  'withdrawn',
] as const
export type Status = (typeof STATUSES)[number]

interface Move {
  from: readonly Status[]
  to: Status
}

const AT_WORK = ['open', 'confirmed', 'assigned', 'handling'] as const
const BEFORE_THE_END = ['candidate', ...AT_WORK] as const

/** What can happen to a ticket, from which states, and where it leads. */
export const MOVES = {
  /** A worker takes a candidate or says that a report is true. */
  confirm: { from: ['candidate', 'open'], to: 'confirmed' },
  assign: { from: BEFORE_THE_END, to: 'assigned' },
  start: { from: BEFORE_THE_END, to: 'handling' },
  resolve: { from: BEFORE_THE_END, to: 'resolved' },
  reject: { from: BEFORE_THE_END, to: 'rejected' },
  merge: { from: BEFORE_THE_END, to: 'merged' },
  split: { from: ['merged'], to: 'open' },
  /** The reporter takes it back. */
  withdraw: { from: BEFORE_THE_END, to: 'withdrawn' },
  /** The reporter says it is repaired before a worker did. */
  fixed: { from: [...BEFORE_THE_END, 'resolved'], to: 'closed' },
  satisfied: { from: ['resolved'], to: 'closed' },
  reopen: { from: ['resolved', 'closed'], to: 'open' },
  /** Nobody said anything for some days after the result. */
  'close-silently': { from: ['resolved'], to: 'closed' },
  /** No worker took the candidate for some days. */
  'let-lapse': { from: ['candidate'], to: 'rejected' },
} as const satisfies Record<string, Move>
export type MoveName = keyof typeof MOVES

/** The state a move leads to, or null where it is not allowed. */
export function moved(status: string, move: MoveName): Status | null {
  const { from, to } = MOVES[move]
  return (from as readonly string[]).includes(status) ? to : null
}

/** Statuses in which something is still to be done. */
export const OPEN_STATUSES: readonly Status[] = BEFORE_THE_END
/** Whether something is still to be done about a ticket. */
export function isOpen(status: string): boolean {
  return OPEN_STATUSES.some((open) => open === status)
}

export const WORKING_STATUSES: readonly Status[] = AT_WORK

/** How many of the five steps are done: 信息收集 → 问题发现 → 任务分办 → 协调处置 → 结果反馈. */
const STEPS: Record<Status, number> = {
  candidate: 1,
  open: 1,
  confirmed: 2,
  assigned: 3,
  handling: 4,
  resolved: 5,
  closed: 5,
  rejected: 5,
  merged: 1,
  withdrawn: 5,
}

/** The five-step line, for example ●●○○○. */
export function stepLine(status: string): string {
  const done = STEPS[status as Status] ?? 0
  return '●'.repeat(done) + '○'.repeat(5 - done)
}
