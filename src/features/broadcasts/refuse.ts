import { answerHere, type Commit, type Request, type Services } from '../feature.ts'
import * as replies from './replies.ts'

/** A polite no to somebody without the right, never in a group. */
export async function refuse(request: Request, services: Services): Promise<Commit> {
  const { person } = request
  const { replyTo: _, ...reply } = answerHere(request, {
    key: 'refusal',
    kind: 'refusal',
    text: replies.NOT_YOUR_RIGHT,
  })
  if (request.private) return async () => [reply]
  if (!(await services.canReach(services.db, person.id))) return async () => []
  return async () => [{ ...reply, to: { person: person.id } }]
}
