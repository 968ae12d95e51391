/** A gateway to WeChat in a process of its own, to be killed or stopped. What its account says is told to the parent. */
import { createFakeWechat } from './fake-wechat.ts'

type FromParent =
  | { type: 'say'; id: string; room?: string; talker: string; name: string; text: string }
  | { type: 'room'; id: string; topic: string }

const [port = ''] = process.argv.slice(2)
const gateway = await createFakeWechat({
  port: Number(port),
  onShown: (shown) => process.send?.({ type: 'shown', shown }),
})

process.on('message', (message: FromParent) => {
  if (message.type === 'room') return gateway.room(message.id, message.topic)
  const { id, room, talker, name, text } = message
  gateway.person(talker, name)
  const where = room === undefined ? { listenerId: gateway.self } : { roomId: room }
  return gateway.tell({ id, type: 7, text, talkerId: talker, ...where })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ type: 'ready' })
