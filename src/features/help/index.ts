import { MINUTE } from '../../clock.ts'
import { may } from '../../village/roles.ts'
import { answerHere, type Feature, type Request, type Services } from '../feature.ts'
import * as replies from './replies.ts'

/** Examples of grid workers' lines; given by the joiner of parts, since features do not know each other. */
export function createHelp(workExamples: readonly string[]): Feature {
  return {
    name: 'help',
    async handle(request, services) {
      const asked = ASKED.test(request.text.normalize('NFKC').trim())
      // What is to be copied by hand must be worth it.
      if (request.relayed) return null
      const spokenTo = request.private || request.addressed
      if (!spokenTo && !(asked && request.room?.kind === 'grid')) return null
      if (!asked && (request.late || request.text.trim() === '' || !(await isFirstForAWhile(request, services))))
        return null
      const worker = may(request.person.role, 'work-tickets')
      const help = worker ? replies.forWorker(workExamples) : replies.forVillager
      const text = asked || isGreeting(request.text) ? help : replies.didNotUnderstand
      return async () => [answerHere(request, { key: 'help', kind: 'other', text })]
    },
  }
}

const ASKED =
  /^[/@]?(?:小格[\s,，:：]*)?\/?(?:帮助|help|怎么用|使用说明|说明|你(?:能|会|可以)(?:干|做)(?:啥|什么|些?什么)|你是谁|怎么(?:报修|反映))[?？!！。]*$/i

function isGreeting(text: string): boolean {
  return /^\s*@?(?:小格)?[\s,，]*(?:你好|您好|在吗|在不在|在么|hi|hello|早上好|早)?[\s,，。.!！?？~～]*$/i.test(
    text.normalize('NFKC'),
  )
}

/** Somebody who goes on chatting is not told the same again and again. */
async function isFirstForAWhile(request: Request, services: Services): Promise<boolean> {
  const told = await services.db.outboxMessage.findFirst({
    where: {
      ...request.conversation,
      key: { endsWith: ':help' },
      createdAt: { gte: new Date(request.now.getTime() - 10 * MINUTE) },
    },
  })
  return told === null
}
