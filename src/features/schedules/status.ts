/**
 * The life of a schedule. `asked`: a question about its time is open. `draft`: its card is shown and waits for a word.
 * `armed`: it reminds. `ended`: its last time is over.
 */
export const STATUSES = ['asked', 'draft', 'armed', 'cancelled', 'lapsed', 'ended'] as const
export type Status = (typeof STATUSES)[number]

interface Move {
  from: readonly Status[]
  to: Status
}

/** Every step that changes the status; nothing else does, but for the undoing of one. */
export const MOVES = {
  draft: { from: ['asked'], to: 'draft' },
  confirm: { from: ['draft'], to: 'armed' },
  cancel: { from: ['asked', 'draft', 'armed'], to: 'cancelled' },
  lapse: { from: ['asked', 'draft'], to: 'lapsed' },
  end: { from: ['armed'], to: 'ended' },
} as const satisfies Record<string, Move>
export type MoveName = keyof typeof MOVES

/** What a move makes of a status; null where it is not allowed. */
export function moved(status: string, name: MoveName): Status | null {
  const { from, to } = MOVES[name]
  return (from as readonly string[]).includes(status) ? to : null
}

/** Waiting for a word of somebody who may give it. */
export const OPEN: readonly Status[] = ['asked', 'draft']
