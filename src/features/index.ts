import { createAnswers } from './answers/index.ts'
import { binding } from './binding/index.ts'
import type { Feature } from './feature.ts'
import { createHelp } from './help/index.ts'
import { tickets } from './tickets/index.ts'
import { VERBS } from './tickets/verbs.ts'

/** Everything the assistant can do, in the order in which a message is offered: the first that takes it has it. */
export const features: readonly Feature[] = [
  binding,
  createAnswers(),
  tickets,
  createHelp(Object.values(VERBS).map((verb) => verb.example)),
]
