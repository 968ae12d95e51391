import { expect, test } from 'vitest'
import { choicesOn } from '../../src/features/tickets/choices.ts'
import { MOVES, STATUSES } from '../../src/features/tickets/status.ts'
import { parseWork } from '../../src/features/tickets/verbs.ts'

const offered = STATUSES.flatMap((status) => choicesOn({ status }).map((choice) => ({ status, choice })))

test.each(offered)('$choice below a card that is $status is a verb, and allowed there', ({ status, choice }) => {
  const work = parseWork(choice, [], true)
  expect(work).toMatchObject({ weak: false, argument: '' })
  const move = MOVES[work?.verb as keyof typeof MOVES] as { from: readonly string[] } | undefined
  if (move) expect(move.from).toContain(status)
  else expect(work?.verb).toBe('show')
})

test('what is over offers nothing', () => {
  for (const status of ['resolved', 'closed', 'rejected', 'merged', 'withdrawn'])
    expect(choicesOn({ status })).toEqual([])
})
