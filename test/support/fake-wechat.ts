import { type AddressInfo, createServer } from 'node:net'
import { FileBox, type FileBoxInterface } from 'file-box'
import { log } from 'wechaty-puppet'
import { mock, PuppetMock } from 'wechaty-puppet-mock'
import { KIND, type Payload } from '../../src/channels/wechat/incoming.ts'

// By name only: its types redefine `promisify` of Node for everybody.
const SERVICE: string = 'wechaty-puppet-service'
interface Server {
  start(): Promise<void>
  stop(): Promise<void>
}
const { PuppetServer } = (await import(SERVICE)) as { PuppetServer: new (options: object) => Server }

export const TOKEN = 'insecure_11111111-1111-4111-8111-111111111111'
const SELF = 'wxid_xiaoge'

/** What a sending meets, one each. */
export type Meeting = 'done-then-silent' | 'silent' | { error: string }

/** Something the account said. */
export interface Shown {
  conversation: string
  text: string
  id: string
  mentions: string[]
  file?: { name: string; bytes: number }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * A gateway to a WeChat that is not there: a real puppet server on loopback, behind it a puppet without a network. Like
 * real gateways it answers a sending without an id and tells the account what it has said itself.
 */
export async function createFakeWechat(options: {
  port: number
  /** Nobody is logged in; it shows a code. */
  loggedOut?: boolean
  /** Neither a login nor a code. */
  mute?: boolean
  self?: string
  onShown?: (shown: Shown) => void
}) {
  log.level('silent')
  const self = options.self ?? SELF
  const shown: Shown[] = []
  const meetings: Meeting[] = []
  const files = new Map<string, Uint8Array>()
  const contacts = new Map<string, string>([[self, '小格']])
  const topics = new Map<string, string>()
  const aliases = new Map<string, string>()
  const mocker = new mock.Mocker()
  let count = 0
  // Wherever it runs: ids are not to come again after it was killed.
  const newId = () => `${process.pid}${String(++count).padStart(8, '0')}`

  class Gateway extends PuppetMock {
    override async messageSendText(conversation: string, text: string, mentions: string[] = []) {
      return this.meet({ conversation, text, mentions })
    }
    override async messageSendFile(conversation: string, file: FileBoxInterface) {
      const { length } = await file.toBuffer()
      return this.meet({ conversation, text: '', mentions: [], file: { name: file.name, bytes: length } })
    }
    private async meet(said: Omit<Shown, 'id'>): Promise<undefined> {
      const meeting = meetings.shift()
      if (typeof meeting === 'object') throw new Error(meeting.error)
      if (meeting === 'silent') return new Promise<undefined>(() => {})
      const one = { ...said, id: newId() }
      shown.push(one)
      options.onShown?.(one)
      if (meeting === 'done-then-silent') return new Promise<undefined>(() => {})
      const room = topics.has(one.conversation)
      tell({
        id: one.id,
        type: one.file ? KIND.Image : KIND.Text,
        text: one.text,
        talkerId: self,
        ...(room ? { roomId: one.conversation } : { listenerId: one.conversation }),
      })
      return undefined
    }
    override async messageRawPayload(id: string) {
      const payload = payloads.get(id)
      if (!payload) throw new Error(`no payload found for id ${id}`)
      return payload as never
    }
    override async messageFile(id: string) {
      const bytes = files.get(id)
      if (!bytes) throw new Error('no such file')
      return FileBox.fromBase64(Buffer.from(bytes).toString('base64'), 'file.bin')
    }
    override async contactRawPayload(id: string) {
      const name = contacts.get(id)
      if (name === undefined) throw new Error(`no payload found for id ${id}`)
      return { id, name, alias: '', avatar: '', friend: true, gender: 0, phone: [], type: 1 } as never
    }
    override async roomRawPayload(id: string) {
      const topic = topics.get(id)
      if (topic === undefined) throw new Error(`no payload found for id ${id}`)
      return { id, topic, memberIdList: [...contacts.keys()], adminIdList: [], avatar: '' } as never
    }
    override async roomMemberRawPayload(room: string, id: string) {
      return { id, name: contacts.get(id) ?? '', roomAlias: aliases.get(`${room} ${id}`) ?? '', avatar: '' } as never
    }
  }

  const payloads = new Map<string, Payload>()
  const puppet = new Gateway({ mocker })
  puppet.on('error', () => {})
  puppet.on('start', () => {
    if (options.mute) return
    if (options.loggedOut) puppet.emit('scan', { qrcode: 'https://login.example/abc', status: 2 })
    else login()
  })

  function login(): void {
    options.loggedOut = false
    options.mute = false
    if (!puppet.isLoggedIn) puppet.login(self)
  }

  /** The gateway tells of a message. Returns its id. */
  function tell(payload: Partial<Payload> & { type: number }): string {
    const full = { id: newId(), timestamp: Math.floor(Date.now() / 1000), mentionIdList: [], ...payload } as Payload
    payloads.set(full.id, full)
    puppet.emit('message', { messageId: full.id })
    return full.id
  }

  const newServer = () => new PuppetServer({ endpoint: `127.0.0.1:${options.port}`, puppet, token: TOKEN })
  let server: Server | null = newServer()
  await server.start()

  return {
    endpoint: `127.0.0.1:${options.port}`,
    self,
    shown,
    puppet,
    tell,
    login,
    person: (id: string, name: string) => contacts.set(id, name),
    room: (id: string, topic: string) => topics.set(id, topic),
    alias: (room: string, id: string, alias: string) => aliases.set(`${room} ${id}`, alias),
    file: (messageId: string, bytes: Uint8Array) => files.set(messageId, bytes),
    newId,
    meet: (...next: Meeting[]) => meetings.push(...next),
    /** Tells of a message that it has told of before. */
    tellAgain(id: string) {
      puppet.emit('message', { messageId: id })
    },
    logout: () => puppet.logout('somebody pressed the button'),
    /** Whether a program listens. */
    listened: () => puppet.listenerCount('heartbeat') > 0,
    async goDown() {
      await server?.stop()
      server = null
    },
    async comeBack() {
      server = newServer()
      await server.start()
    },
    async close() {
      await server?.stop()
      await puppet.stop().catch(() => {})
    },
  }
}
