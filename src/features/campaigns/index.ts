import type { Answer, Feature, Request, Services } from '../feature.ts'
import { firstAnswer } from '../feature.ts'
import { campaignTimers } from './call.ts'
import { type ReadWhen, takeDecision, takeDraft } from './draft.ts'
import { takeDone, takePhotos, takeSignUp } from './take-part.ts'

/** Clean-ups of the village: a call, a list of who comes for those who like, photos of before and after, a result. */
export function createCampaigns({ readWhen }: { readWhen: ReadWhen }): Feature {
  /** In the order in which a line is tried: the first that takes it decides. */
  const ways: readonly ((request: Request, services: Services) => Promise<Answer>)[] = [
    (request, services) => takeDraft(request, services, readWhen),
    (request, services) => takeDecision(request, services, readWhen),
    takeDone,
    takePhotos,
    takeSignUp,
  ]
  return {
    name: 'campaigns',
    handle: (request, services) => firstAnswer(ways, request, services),
    timers: campaignTimers,
  }
}
