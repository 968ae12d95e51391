import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from 'silk-wasm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { forget, homeIn, journalIn } from '../../src/channels/wechat/home.ts'
import { KIND } from '../../src/channels/wechat/incoming.ts'
import { LINK_TIMES, type LinkTimes } from '../../src/channels/wechat/protocol.ts'
import { createWechatChannel } from '../../src/channels/wechat/wechat.ts'
import { createSettableClock, MINUTE } from '../../src/clock.ts'
import { createLogger } from '../../src/logger.ts'
import type { IncomingEvent, OutgoingMessage } from '../../src/message.ts'
import { createFakeWechat, freePort, TOKEN } from '../support/fake-wechat.ts'

vi.setConfig({ testTimeout: 120_000 })

const ROOM = '101@chatroom'

/** A channel that keeps what comes in. It is not started. */
function aChannel(endpoint: string, options: { times?: Partial<LinkTimes>; token?: string; directory?: string } = {}) {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'xiaoge-wechat-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const clock = createSettableClock(new Date('2026-03-02T09:00:00+08:00'))
  const heard: IncomingEvent[] = []
  const alarms: string[] = []
  const drawn: string[] = []
  const channel = createWechatChannel(
    { token: options.token ?? TOKEN, endpoint, plaintext: false, perDay: 300 },
    {
      clock,
      logger: createLogger('silent'),
      dataDirectory: directory,
      times: { ...LINK_TIMES, echo: 500, ...options.times },
      pace: { gapMs: 0 },
      alarm: (words) => alarms.push(words),
      show: (code) => drawn.push(code),
    },
  )
  let fails = false
  onTestFinished(() => channel.stop())
  return {
    channel,
    clock,
    directory,
    heard,
    alarms,
    drawn,
    /** From now on nothing can be stored. */
    breakDisk: () => {
      fails = true
    },
    start: () =>
      channel.start(async (event) => {
        if (fails) throw new Error('the disk is full')
        heard.push(event)
      }),
    texts: () => heard.flatMap((event) => (event.type === 'message' ? [event.text] : [])),
    is: (state: string, ms = 30_000) =>
      expect.poll(() => channel.health().state, { timeout: ms, interval: 20 }).toBe(state),
    send: (more: Partial<OutgoingMessage> = {}) =>
      channel.send({
        key: 'k',
        channel: 'wechat',
        conversation: ROOM,
        private: false,
        kind: 'answer',
        text: '记下了',
        mentions: [],
        attachments: [],
        about: [],
        ...more,
      }),
  }
}

async function aGateway(options: Omit<Parameters<typeof createFakeWechat>[0], 'port'> = {}) {
  const gateway = await createFakeWechat({ port: await freePort(), ...options })
  onTestFinished(() => gateway.close())
  gateway.room(ROOM, '清河村村民群')
  gateway.person('wxid_1', '刘嫂')
  const says = (text: string) => gateway.tell({ type: KIND.Text, text, talkerId: 'wxid_1', roomId: ROOM })
  return { ...gateway, says }
}

/** A gateway in a process of its own. */
async function aProcess(port: number): Promise<ChildProcess> {
  const child = fork('test/support/wechat-gateway-child.ts', [String(port)], { execArgv: ['--import', 'tsx'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

test('a gateway that goes away is used again within two seconds of its return, five times', async () => {
  const gateway = await aGateway()
  const { start, is, texts, send } = aChannel(gateway.endpoint)
  await start()
  await is('up')
  const outages = [0, 300, 1500, 3000, 500]
  const recoveries: number[] = []
  for (const [n, ms] of outages.entries()) {
    await gateway.goDown()
    await is('down')
    expect(await send()).toMatchObject({ ok: false, retry: 'after' })
    await sleep(ms)
    await gateway.comeBack()
    const back = performance.now()
    await is('up')
    recoveries.push(Math.round(performance.now() - back))
    await expect.poll(gateway.listened).toBe(true)
    gateway.says(`第${n}次`)
    await expect.poll(texts, { timeout: 5000 }).toContain(`第${n}次`)
  }
  console.info(`recovered after ${recoveries.join(', ')} ms`)
  expect(Math.max(...recoveries)).toBeLessThanOrEqual(2000)
  expect(texts()).toEqual(outages.map((_, n) => `第${n}次`))
})

test('a gateway that hangs is noticed, and used again when it goes on', async () => {
  const port = await freePort()
  const child = await aProcess(port)
  const { start, is } = aChannel(`127.0.0.1:${port}`, { times: { ask: 500, silence: 2500, knockLimit: 500 } })
  await start()
  await is('up')
  child.kill('SIGSTOP')
  await is('down', 10_000)
  await sleep(2000)
  child.kill('SIGCONT')
  const back = performance.now()
  await is('up')
  expect(performance.now() - back).toBeLessThanOrEqual(2000)
})

test('a quiet gateway is not taken for a dead one as long as it answers', async () => {
  const gateway = await aGateway()
  const { start, is, channel } = aChannel(gateway.endpoint, { times: { ask: 500, silence: 4000 } })
  await start()
  await is('up')
  const states = new Set<string>()
  for (let n = 0; n < 60; n++) {
    states.add(channel.health().state)
    await sleep(100)
  }
  expect([...states]).toEqual(['up'])
})

test('a gateway without a login is given up, tried again, and used once somebody has logged in', async () => {
  const gateway = await aGateway({ mute: true })
  const { start, is, channel } = aChannel(gateway.endpoint, { times: { login: 1500 } })
  await start()
  await expect.poll(() => channel.health().reason, { timeout: 30_000 }).toContain('nobody is logged in')
  gateway.login()
  await is('up')
})

test('a code to scan is shown, told once to whoever looks after it, and gone after the login', async () => {
  const gateway = await aGateway({ loggedOut: true })
  const { start, is, alarms, drawn } = aChannel(gateway.endpoint, { times: { login: 1500 } })
  await start()
  await is('needs-login')
  await expect.poll(() => drawn.length, { timeout: 10_000 }).toBe(1)
  gateway.puppet.emit('scan', { qrcode: 'https://login.example/def', status: 2 })
  await expect.poll(() => drawn.length, { timeout: 10_000 }).toBe(2)
  expect(alarms.filter((words) => words.includes('https://login.example/')).length).toBe(1)
  // Longer than the time for a login: now it is a person's turn.
  await sleep(2000)
  await is('needs-login')
  gateway.login()
  await is('up')
  await gateway.logout()
  await is('needs-login')
  gateway.login()
  await is('up')
})

test('a token that is refused is named', async () => {
  const gateway = await aGateway()
  const { start, channel } = aChannel(gateway.endpoint, { token: 'insecure_wrong', times: { login: 15_000 } })
  await start()
  await expect
    .poll(() => channel.health().reason, { timeout: 40_000 })
    .toContain('refuses WECHATY_PUPPET_SERVICE_TOKEN')
})

test('where ids change at each login it listens and says nothing', async () => {
  const gateway = await aGateway({ self: '@f2a1c3d4e5b6a7980123456789abcdef' })
  const { start, is, channel, texts, send } = aChannel(gateway.endpoint)
  await start()
  await is('limited')
  expect(channel.health().reason).toContain('ids of this gateway change')
  gateway.says('三组路灯坏了')
  await expect.poll(texts, { timeout: 5000 }).toEqual(['三组路灯坏了'])
  expect(await send()).toMatchObject({ ok: false, retry: 'never' })
  expect(gateway.shown).toEqual([])
})

test('when WeChat says that it is too much, everything waits', async () => {
  const gateway = await aGateway()
  const { start, is, send, channel, clock } = aChannel(gateway.endpoint)
  await start()
  await is('up')
  gateway.tell({ type: KIND.Unknown, text: '操作过于频繁，请稍后再试', roomId: ROOM })
  await is('limited')
  expect(channel.health().reason).toContain('too much')
  expect(await send()).toMatchObject({ ok: false, retry: 'after', ms: 10 * MINUTE })
  expect(await send({ kind: 'alarm' })).toMatchObject({ ok: false, retry: 'after' })
  clock.set(new Date(clock.now().getTime() + 10 * MINUTE))
  await is('up')
  expect(await send()).toMatchObject({ ok: true })
  gateway.meet({ error: '操作过于频繁，请稍后再试' })
  expect(await send()).toMatchObject({ ok: false, retry: 'after', ms: 30 * MINUTE })
})

test('learns the id of what it says, mentions people, and sends photos', async () => {
  const gateway = await aGateway()
  const { start, is, send } = aChannel(gateway.endpoint)
  await start()
  await is('up')
  const delivery = await send({ text: '@刘嫂 办好了', mentions: [{ id: 'wxid_1', name: '刘嫂' }] })
  expect(gateway.shown).toMatchObject([{ text: '@刘嫂\u2005办好了', mentions: ['wxid_1'], conversation: ROOM }])
  expect(delivery).toEqual({ ok: true, messageId: gateway.shown[0]?.id })
  const bytes = new Uint8Array([0xff, 0xd8, 0xff, 1])
  await send({
    text: '',
    attachments: [{ kind: 'image', key: 'x', channel: 'telegram', mime: 'image/jpeg', bytes } as never],
  })
  expect(gateway.shown[1]?.file).toEqual({ name: 'image.jpg', bytes: 4 })
  await send({ conversation: 'wxid_1', private: true })
  expect(gateway.shown[2]?.conversation).toBe('wxid_1')
})

test('a voice is kept as WAV, and what is too large only as a name', async () => {
  const gateway = await aGateway()
  const { start, is, heard, channel } = aChannel(gateway.endpoint)
  await start()
  await is('up')
  const samples = Int16Array.from({ length: 16_000 }, (_, n) => 8000 * Math.sin(n / 6))
  const { data } = await encode(samples, 16_000)
  const id = gateway.newId()
  gateway.file(id, data)
  gateway.tell({ id, type: KIND.Audio, text: '<msg><voicemsg/></msg>', talkerId: 'wxid_1', roomId: ROOM })
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(1)
  const [event] = heard
  const [attachment] = event?.type === 'message' ? event.attachments : []
  expect(attachment).toMatchObject({ kind: 'voice', mime: 'audio/wav' })
  const wav = Buffer.from(await channel.open(attachment as never))
  expect(wav.subarray(0, 4).toString()).toBe('RIFF')
  expect(wav.length).toBeGreaterThan(30_000)

  const large = gateway.newId()
  gateway.file(large, new Uint8Array(21 * 1024 * 1024))
  gateway.tell({ id: large, type: KIND.Attachment, filename: '全村.zip', text: '', talkerId: 'wxid_1', roomId: ROOM })
  await expect.poll(() => heard.length, { timeout: 30_000 }).toBe(2)
  expect(heard[1]).toMatchObject({ attachments: [{ kind: 'file', key: '', name: '全村.zip' }] })
  await expect(channel.open({ kind: 'file', key: '' })).rejects.toThrow('no file')
})

test('what could not be stored is told again after a start, and what a person has withdrawn from it is not', async () => {
  const gateway = await aGateway()
  const first = aChannel(gateway.endpoint)
  await first.start()
  await first.is('up')
  first.breakDisk()
  gateway.says('三组路灯坏了')
  gateway.tell({ type: KIND.Text, text: '四组的也坏了', talkerId: 'wxid_2', roomId: ROOM })
  const journal = journalIn(first.directory)
  await expect.poll(() => readdirSync(journal).length, { timeout: 5000 }).toBe(2)
  await first.channel.stop()
  await forget(first.directory, ['wxid_2'])
  const second = aChannel(gateway.endpoint, { directory: first.directory })
  await second.start()
  await expect.poll(second.texts, { timeout: 30_000 }).toEqual(['三组路灯坏了'])
  await expect.poll(() => readdirSync(journal).length).toBe(0)
})

test('the process of the connection is replaced when it dies, and when what it remembers is erased', async () => {
  const gateway = await aGateway()
  const { start, is, channel, directory, texts } = aChannel(gateway.endpoint)
  await start()
  await is('up')
  const first = channel.linkPid() as number
  process.kill(first, 'SIGKILL')
  await expect.poll(() => channel.linkPid() ?? first, { timeout: 30_000 }).not.toBe(first)
  await is('up')
  gateway.says('还在吗')
  await expect.poll(texts, { timeout: 5000 }).toEqual(['还在吗'])
  const second = channel.linkPid() as number
  expect(existsSync(join(homeIn(directory), '.wechaty'))).toBe(true)
  await forget(directory, [])
  await expect.poll(() => channel.linkPid() ?? second, { timeout: 30_000 }).not.toBe(second)
  await is('up')
})
