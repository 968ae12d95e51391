import { createAnswers } from './answers/index.ts'
import { binding } from './binding/index.ts'
import { broadcasts } from './broadcasts/index.ts'
import { createCampaigns } from './campaigns/index.ts'
import { duties } from './duties/index.ts'
import type { Feature } from './feature.ts'
import { createHelp } from './help/index.ts'
import { relay } from './relay/index.ts'
import { retention } from './retention/index.ts'
import { schedules } from './schedules/index.ts'
import { readOnce } from './schedules/read-once.ts'
import { tickets } from './tickets/index.ts'
import { VERBS } from './tickets/verbs.ts'

/**
 * Everything the assistant can do, in the order in which a message is offered: the first that takes it has it. What is
 * only ever answered to its own cards stands before tickets, where 确认, 收到 and 取消 are steps.
 */
export const features: readonly Feature[] = [
  binding,
  relay,
  broadcasts,
  duties,
  createCampaigns({ readWhen: readOnce }),
  schedules,
  createAnswers(),
  tickets,
  retention,
  createHelp(Object.values(VERBS).map((verb) => verb.example)),
]
