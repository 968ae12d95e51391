import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import type { IncomingMessage } from '../../src/message.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { villageFile } from '../support/conversation.ts'
import { createDatabase, providers } from '../support/database.ts'
import { createFakeOpenAi } from '../support/fake-openai.ts'

const ADVICE = { intent: 'report', category: 'facility', urgency: 'normal', sensitive: false, place: '活动室' }
const MESSAGE: IncomingMessage = {
  type: 'message',
  channel: 'pipe',
  conversation: 'villagers',
  messageId: 'm1',
  private: false,
  sender: { id: '刘嫂', name: '刘嫂' },
  text: '活动室的空调不冷，老人家都热得不肯来打牌',
  addressed: false,
  attachments: [],
  sentAt: new Date(),
}

for (const provider of providers) {
  test(`kill -9 while the model is being asked: the message is handled after the restart, once (${provider})`, {
    timeout: 240_000,
  }, async () => {
    const { url, remove } = await createDatabase(provider)
    const setup = await openDatabase(url)
    await setup.transaction((tx) => importVillage(tx, villageFile('qinghe'), { now: new Date(), bindTo: 'pipe' }))
    await setup.close()
    const server = await createFakeOpenAi()
    server.behave(() => {})

    const begin = async (): Promise<ChildProcess> => {
      const child = fork('test/support/crash-child.ts', [url, JSON.stringify(server.config)], {
        execArgv: ['--import', 'tsx'],
        serialization: 'advanced',
      })
      child.on('message', (message: { type: string; message?: { key: string } }) => {
        if (message.type === 'send') child.send({ type: 'sent', key: message.message?.key })
      })
      await once(child, 'message')
      return child
    }
    const kill = async (child: ChildProcess) => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const until = async (what: () => boolean | Promise<boolean>) => {
      for (let n = 0; n < 200 && !(await what()); n++) await sleep(50)
      expect(await what()).toBe(true)
    }

    const first = await begin()
    first.send({ type: 'event', event: MESSAGE })
    await until(() => server.asked.length === 1)
    await kill(first)
    server.says(ADVICE)
    const second = await begin()
    const { db, close } = await openDatabase(url)
    await until(async () => (await db.inboxEvent.count({ where: { state: 'done' } })) === 1)
    await kill(second)
    const third = await begin()
    await sleep(500)
    await kill(third)

    expect(server.asked.length).toBe(2)
    expect((await db.ticket.findMany()).map(({ status, category }) => [status, category])).toEqual([
      ['candidate', 'facility'],
    ])
    expect(await db.outboxMessage.count()).toBe(1)
    const calls = await db.llmCall.findMany({ orderBy: { id: 'asc' } })
    expect(calls.map(({ outcome }) => outcome)).toEqual(['open', 'ok'])
    await close()
    await remove()
  })
}
