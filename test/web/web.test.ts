import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DAY, HOUR, MINUTE, wallTime } from '../../src/clock.ts'
import { DEMO_DAY, type DemoScene } from '../../src/web/demo-day.ts'
import { createPlay, type PlayParts } from '../../src/web/play.ts'
import { replies } from '../../src/web/replies.ts'
import { serveWeb } from '../../src/web/web.tsx'
import { type Fixture, openFixture, PNG, post } from './fixture.ts'

let fixture: Fixture

beforeEach(async () => {
  fixture = await openFixture()
})

afterEach(async () => {
  vi.useRealTimers()
  await fixture.close()
})

const villager = { phone: 'villagers', person: 'u-liu', view: 'direct' }
const list = async (web: Hono, query = 'phone=villagers&person=u-liu') =>
  (await web.request(`/demo/messages?${query}`)).text()
const said = () => fixture.database.db.inboxEvent.findMany({ orderBy: { id: 'asc' } })

describe('the page', () => {
  test('shows three phones with their rooms, people and likeliest writers', async () => {
    const page = await (await fixture.web().request('/')).text()
    expect(page).toMatch(/^<!doctype html>/i)
    for (const title of Object.values(replies.phones)) expect(page).toContain(title)
    expect(page).toContain('东升村')
    expect(page).toContain('<option value="u-zhou" selected="">老周（3组 网格员 值班）</option>')
    expect(page).toContain('<option value="u-liu" selected="">刘嫂（3组 村民）</option>')
    expect(page).toContain('<option value="u-chen" selected="">陈书记（书记）</option>')
    expect(page).not.toMatch(/ on[a-z]+="|style="|https?:\/\//)
  })

  test('can be read without a script, also for another person and the party room', async () => {
    await fixture.speak('u-wang', '您说的事记下了', { private: true })
    await fixture.speak('room-party', '明天主题党日', { kind: 'reminder' })
    const web = fixture.web()
    expect(await (await web.request('/?own=u-wang&view=direct')).text()).toContain('您说的事记下了')
    const party = await (await web.request('/?own=u-wang&view=party')).text()
    expect(party).toContain('明天主题党日')
    expect(party).not.toContain('您说的事记下了')
  })

  test('carries strict headers', async () => {
    const { headers } = await fixture.web().request('/')
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('X-Frame-Options')).toBe('DENY')
    expect(headers.get('Referrer-Policy')).toBe('same-origin')
    expect(headers.get('Cache-Control')).toBe('no-store')
  })

  test('serves its own style, script and icon', async () => {
    const web = fixture.web()
    for (const [path, type] of [
      ['/style.css', 'text/css'],
      ['/client.js', 'text/javascript'],
      ['/icon.svg', 'image/svg+xml'],
    ] as const) {
      const response = await web.request(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Type')).toContain(type)
    }
    const missing = await web.request('/nothing')
    expect([missing.status, await missing.text()]).toEqual([404, replies.errors.notFound])
  })

  test('is one plain page where there is no demo', async () => {
    const web = fixture.web({ demo: null })
    const page = await (await web.request('/')).text()
    expect(page).toContain(replies.plain.title)
    expect(page).toContain('href="/healthz"')
    expect(page).toContain('演示页面：通着')
    expect((await web.request('/demo/messages?phone=grid')).status).toBe(404)
  })
})

describe('messages', () => {
  test('are said as the chosen person, in the room of the phone', async () => {
    const web = fixture.web()
    expect((await post(web, '/demo/say', { ...villager, text: ' 三组村口路灯\r\n又灭了 ' })).status).toBe(204)
    await post(web, '/demo/say', { phone: 'own', person: 'u-wang', view: 'direct', text: '在吗' })
    await post(web, '/demo/say', { phone: 'own', person: 'u-chen', view: 'party', text: '@小格 本周安排' })
    expect(await said()).toMatchObject([
      { channel: 'simulator', conversation: 'room-villagers', private: false, senderId: 'u-liu', senderName: '刘嫂' },
      { conversation: 'u-wang', private: true, senderId: 'u-wang', text: '在吗', addressed: false },
      { conversation: 'room-party', private: false, senderId: 'u-chen', addressed: true },
    ])
    expect(await list(web)).toContain('三组村口路灯\n又灭了')
    expect(await list(web)).toMatch(/class="message own"/)
    expect(await list(web, 'phone=villagers&person=u-wang')).not.toMatch(/class="message own"/)
  })

  test('show the newest text, and a grey line where taken back', async () => {
    const web = fixture.web()
    await post(web, '/demo/say', { ...villager, text: '路登灭了' })
    const id = (await said())[0]?.messageId ?? ''
    await post(web, '/demo/edit', { ...villager, message: id, text: '路等灭了' })
    fixture.clock.jump(1000)
    await post(web, '/demo/edit', { ...villager, message: id, text: '路灯灭了' })
    expect(await list(web)).toContain('路灯灭了')
    expect(await list(web)).toContain(replies.edited)
    expect(await list(web)).not.toMatch(/路登|路等/)
    const foreign = await post(web, '/demo/recall', { ...villager, person: 'u-wang', message: id })
    expect([foreign.status, await foreign.text()]).toEqual([422, replies.errors.notYours])
    await post(web, '/demo/recall', { ...villager, message: id })
    expect(await list(web)).toContain(replies.recalled('刘嫂'))
    expect(await list(web)).not.toContain('路灯灭了')
  })

  test('say why they were or were not taken, to who reads that conversation only', async () => {
    const web = fixture.web()
    await post(web, '/demo/say', { ...villager, text: '<b>路灯</b>' })
    await post(web, '/demo/say', { phone: 'own', person: 'u-wang', view: 'direct', text: '在吗' })
    const [inRoom, direct] = (await said()).map(({ messageId }) => messageId)
    const why = (query: Record<string, string | undefined>, headers = {}) =>
      web.request(`/demo/why?${new URLSearchParams(query as Record<string, string>).toString()}`, { headers })
    const link = /href="(\/demo\/why[^"]*)"/.exec(await list(web))?.[1]?.replaceAll('&amp;', '&') ?? ''
    const explained = await (await web.request(link)).text()
    expect(explained).toContain('&lt;&lt;b&gt;路灯&lt;/b&gt;&gt;')
    expect(explained).toContain('<dt>room</dt><dd>room-villagers</dd>')
    expect(explained).not.toContain('<html')
    const page = await (await web.request(link, { headers: { Accept: 'text/html' } })).text()
    expect(page).toMatch(/^<!doctype html>[^]*<dd>room-villagers<\/dd>[^]*<a href="\/">/)
    const own = { phone: 'own', view: 'direct' }
    expect(await (await why({ ...own, person: 'u-wang', message: direct })).text()).toContain('<dt>private</dt>')
    for (const query of [
      { ...own, person: 'u-liu', message: direct },
      { ...own, person: 'u-wang', message: inRoom },
      { phone: 'grid', person: 'u-zhou', message: inRoom },
      { phone: 'villagers' },
    ]) {
      const answer = await why(query)
      expect([answer.status, await answer.text()]).toEqual([404, replies.errors.noMessage])
    }
    expect((await why({ phone: 'nobody', message: inRoom })).status).toBe(404)
    const spoken = await fixture.speak('room-villagers', '记下了')
    expect((await list(web)).match(/class="why"/g)).toHaveLength(1)
    expect((await why({ phone: 'villagers', person: 'u-liu', message: spoken })).status).toBe(404)
    await post(web, '/demo/recall', { ...villager, message: inRoom ?? '' })
    expect(await list(web)).not.toContain('class="why"')
  })

  test('reply to a message of a person or of the assistant', async () => {
    const web = fixture.web()
    const card = await fixture.speak('room-grid', '#12 路灯 · 三组村口', { kind: 'card' })
    await post(web, '/demo/say', { phone: 'grid', person: 'u-zhou', view: '', text: '收', quote: card })
    expect((await said())[0]?.quote).toEqual({ messageId: card, text: '#12 路灯 · 三组村口' })
    const id = (await said())[0]?.messageId ?? ''
    await fixture.speak('room-grid', '好的', { replyTo: id })
    const shown = await list(web, 'phone=grid&person=u-zhou')
    expect(shown).toContain('<blockquote>小格：#12 路灯 · 三组村口</blockquote>')
    expect(shown).toContain('<blockquote>老周：收</blockquote>')
    expect(shown).toContain('bot kind-card')
    await post(web, '/demo/say', { ...villager, text: '看不到的', quote: card })
    expect((await said())[1]?.quote).toBeNull()
  })

  test('mark mentions, in the text or before it', async () => {
    await fixture.speak('room-grid', '@老周 请看', { mentions: [{ id: 'u-zhou', name: '老周' }] })
    await fixture.speak('room-grid', '起火了', { kind: 'alarm', mentions: [{ id: 'u-wu', name: '小吴' }] })
    const shown = await list(fixture.web(), 'phone=grid&person=u-zhou')
    expect(shown).toContain('<span class="mention">@老周</span> 请看')
    expect(shown).toContain('<span class="mention">@小吴</span> 起火了')
  })

  test('of the outbox are shown once they are sent', async () => {
    await fixture.speak('room-villagers', '还没发出的话')
    await fixture.database.db.outboxMessage.updateMany({ data: { state: 'pending', sentAt: null } })
    expect(await list(fixture.web())).not.toContain('还没发出的话')
  })

  test('beyond the last 60 are left out, but can still be quoted', async () => {
    const web = fixture.web()
    await post(web, '/demo/say', { ...villager, text: '最早的一句' })
    const id = (await said())[0]?.messageId ?? ''
    for (let i = 0; i < 60; i++) {
      fixture.clock.jump(1000)
      await fixture.speak('room-villagers', `第${i}句`, i === 59 ? { replyTo: id } : {})
    }
    const shown = await list(web)
    expect(shown.match(/<li class="message/g)).toHaveLength(60)
    expect(shown).toContain('<blockquote>刘嫂：最早的一句</blockquote>')
  })

  test('and names are escaped', async () => {
    const { db } = fixture.database
    await db.person.updateMany({ where: { name: '刘嫂' }, data: { name: '<script>alert(1)</script>' } })
    const web = fixture.web()
    await post(web, '/demo/say', { ...villager, text: '"><img src=x onerror=alert(1)><script>alert(2)</script>' })
    await fixture.speak('room-villagers', '<b>粗</b>', { mentions: [{ id: 'x', name: '<i>(+' }] })
    const page = await (await web.request('/')).text()
    expect(page).not.toMatch(/<script>|<img src=x|<b>粗|<i>/)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  test('are refused with the reason: empty, too long, by nobody, nowhere', async () => {
    const web = fixture.web()
    const refusal = async (fields: Record<string, string>) => {
      const response = await post(web, '/demo/say', { ...villager, ...fields })
      return [response.status, await response.text()]
    }
    expect(await refusal({ text: '  ' })).toEqual([422, replies.errors.empty])
    expect(await refusal({ text: '长'.repeat(10_001) })).toEqual([413, '一次最多写 10,000 个字，请分几次发。'])
    expect(await refusal({ text: '在', person: 'nobody' })).toEqual([422, replies.errors.nobody])
    expect(await refusal({ text: '在', phone: 'elsewhere' })).toEqual([404, replies.errors.notFound])
    await fixture.database.db.room.updateMany({ data: { channel: null, conversation: null } })
    expect(await refusal({ text: '在' })).toEqual([422, replies.errors.noRoom])
    expect((await web.request('/')).status).toBe(200)
    const noForm = { method: 'POST', body: 'x', headers: { 'Sec-Fetch-Site': 'same-origin' } }
    expect((await web.request('/demo/say', noForm)).status).toBe(422)
    expect(await said()).toEqual([])
  })
})

describe('photos', () => {
  test('are kept and shown', async () => {
    const web = fixture.web()
    await post(web, '/demo/say', { ...villager, text: '', photo: new File([PNG], 'a.png', { type: 'text/html' }) })
    const [row] = await said()
    expect(row?.attachments).toMatchObject([{ kind: 'image', name: 'a.png', mime: 'image/png', size: PNG.length }])
    const path = /src="(\/demo\/attachments\/[0-9a-f]{64})"/.exec(await list(web))?.[1] ?? ''
    const photo = await web.request(path)
    expect(photo.headers.get('Content-Type')).toBe('image/png')
    expect(photo.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(new Uint8Array(await photo.arrayBuffer())).toEqual(PNG)
  })

  test('are never served as anything that runs', async () => {
    const web = fixture.web()
    const page = new TextEncoder().encode('<script>alert(1)</script>')
    const refused = await post(web, '/demo/say', { ...villager, photo: new File([page], 'a.png') })
    expect([refused.status, await refused.text()]).toEqual([415, replies.errors.photoKind])
    const { key } = await fixture.simulator.keep(page, { kind: 'file' })
    const served = await web.request(`/demo/attachments/${key}`)
    expect(served.headers.get('Content-Type')).toBe('application/octet-stream')
    expect(served.headers.get('Content-Disposition')).toBe('attachment')
    for (const key of ['0'.repeat(64), '..%2Ftest.db', 'x']) {
      expect((await web.request(`/demo/attachments/${key}`)).status).toBe(404)
    }
  })

  test('have a limit, and so has everything that is sent', async () => {
    const web = fixture.web()
    const big = new Uint8Array(5 * 1024 * 1024 + 1)
    big.set(PNG)
    const photo = await post(web, '/demo/say', { ...villager, photo: new File([big], 'a.png') })
    expect([photo.status, await photo.text()]).toEqual([413, replies.errors.photoTooBig])
    const huge = new File([new Uint8Array(7 * 1024 * 1024)], 'a.png')
    const body = await post(web, '/demo/say', { ...villager, photo: huge })
    expect([body.status, await body.text()]).toEqual([413, replies.errors.bodyTooBig])
  })
})

describe('the event stream', () => {
  test('tells where something was said, and ends with its reader', async () => {
    const web = fixture.web()
    const gone = new AbortController()
    const response = await web.request('/demo/events', { signal: gone.signal })
    expect(response.headers.get('Content-Type')).toContain('text/event-stream')
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    const hear = async (words: string) => {
      while (!heard.includes(words)) heard += (await reader.read()).value ?? ''
    }
    await hear('event: status')
    await post(web, '/demo/say', { ...villager, text: '在' })
    await hear('event: said\ndata: room-villagers')
    await fixture.speak('u-wang', '您好', { private: true })
    await hear('data: u-wang')
    await reader.cancel()
  })
})

describe('time', () => {
  test('jumps by an hour and by a day', async () => {
    const web = fixture.web()
    expect((await post(web, '/demo/jump', { by: 'hour' })).status).toBe(204)
    expect((await post(web, '/demo/jump', { by: 'day' })).status).toBe(204)
    expect((await post(web, '/demo/jump', { by: 'year' })).status).toBe(422)
    expect(fixture.jumps).toEqual([HOUR, DAY])
    expect(await (await web.request('/demo/status')).text()).toMatch(/\d+月\d+日 周. \d\d:\d\d/)
  })

  test('jumps once at a time', async () => {
    let arrive = () => {}
    const jump = () => new Promise<void>((resolve) => (arrive = resolve))
    const explain = async () => null
    const web = fixture.web({ demo: { simulator: fixture.simulator, villageId: fixture.villageId, jump, explain } })
    const first = post(web, '/demo/jump', { by: 'hour' })
    await vi.waitFor(async () => {
      const second = await post(web, '/demo/jump', { by: 'hour' })
      expect([second.status, await second.text()]).toEqual([409, replies.errors.busy])
    })
    expect((await post(web, '/demo/play', {})).status).toBe(409)
    arrive()
    expect((await first).status).toBe(204)
  })

  test('a form sent without a script leads back to the page', async () => {
    const response = await post(fixture.web(), '/demo/jump', { by: 'hour' }, { Accept: 'text/html,*/*' })
    expect([response.status, response.headers.get('Location')]).toEqual([303, '/'])
  })
})

describe('the demo day', () => {
  const parts = (): PlayParts => ({
    db: fixture.database.db,
    clock: fixture.clock,
    simulator: fixture.simulator,
    villageId: fixture.villageId,
    jump: async (ms) => {
      fixture.jumps.push(ms)
      fixture.clock.jump(ms)
    },
    changed: () => {},
    failed: (error) => {
      throw error
    },
    pace: 0,
  })

  test('is about 25 lines in about 90 seconds, ends at eight, and quotes only lines before', () => {
    const steps = DEMO_DAY.flatMap((scene) => scene.steps)
    const lines = steps.flatMap((step) => ('by' in step ? [step] : []))
    expect(lines.length).toBeGreaterThanOrEqual(20)
    const seconds = steps.reduce((sum, step) => sum + step.after, 0)
    expect(seconds).toBeGreaterThan(70)
    expect(seconds).toBeLessThan(110)
    for (const [i, line] of lines.entries()) {
      const earlier = lines.slice(0, i).map(({ id }) => id)
      if (line.quote !== undefined) expect(earlier).toContain(line.quote)
      for (const [, id] of line.text.matchAll(/\{no:(\w+)\}/g)) expect(earlier).toContain(id)
    }
  })

  test('plays to its end, and at eight of the next morning', async () => {
    const play = createPlay(parts())
    expect(play.start()).toBe(true)
    expect(play.start()).toBe(false)
    await play.finished()
    expect(play.state()).toBeNull()
    const rows = await said()
    expect(rows.at(-1)?.text).toBe('早，水通了，安逸')
    expect(rows.some((row) => row.private)).toBe(true)
    expect(rows.some((row) => JSON.stringify(row.attachments).includes('image/jpeg'))).toBe(true)
    const wall = wallTime(fixture.clock.now(), 'Asia/Shanghai')
    expect([wall.hour, wall.minute]).toEqual([8, 1])
  })

  test('quotes the newest thing the assistant said about a line, and fills in its number and names', async () => {
    const scenes: DemoScene[] = [
      {
        title: '',
        steps: [
          { id: 'lamp', by: 'liu', where: 'villagers', text: '路灯灭了', after: 0 },
          { minutes: 2, after: 0 },
          { by: 'worker', where: 'grid', text: '{no:lamp} 派 {name:second}', quote: 'lamp', after: 0 },
        ],
      },
    ]
    const jump = async () => {
      const id = (await said())[0]?.messageId ?? ''
      await fixture.speak('room-grid', '#7 路灯', { kind: 'card', about: [id] })
      await fixture.speak('room-grid', '#7 路灯 ●', { kind: 'card', about: ['m-x', id] })
      await fixture.speak('room-grid', '#8 别的', { kind: 'card', about: ['m-x'] })
    }
    const play = createPlay({ ...parts(), jump, scenes })
    play.start()
    await play.finished()
    expect((await said())[1]).toMatchObject({
      senderName: '老周',
      text: '7 派 小吴',
      quote: { messageId: 'bot-k-2', text: '#7 路灯 ●' },
    })
  })

  test('is started and stopped on the page, one at a time', async () => {
    const web = fixture.web()
    expect((await post(web, '/demo/play', {})).status).toBe(204)
    const again = await post(web, '/demo/play', {})
    expect([again.status, await again.text()]).toEqual([409, replies.errors.alreadyPlaying])
    expect((await post(web, '/demo/jump', { by: 'hour' })).status).toBe(409)
    expect(await (await web.request('/demo/status')).text()).toContain(replies.stop)
    expect((await post(web, '/demo/stop', {})).status).toBe(204)
    await vi.waitFor(async () => expect(await (await web.request('/demo/status')).text()).toContain(replies.play))
  })
})

describe('foreign pages', () => {
  test('change nothing', async () => {
    const web = fixture.web()
    const send = (headers: Record<string, string>, path = '/demo/say') => {
      const body = new URLSearchParams({ ...villager, text: '冒充' })
      return web.request(`http://localhost:3000${path}`, { method: 'POST', body, headers })
    }
    expect((await send({ 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost:3000' })).status).toBe(403)
    expect((await send({ 'Sec-Fetch-Site': 'same-site' })).status).toBe(403)
    expect((await send({ Origin: 'http://evil.example' })).status).toBe(403)
    expect((await send({ Origin: 'http://localhost:4000' })).status).toBe(403)
    expect((await send({ Origin: 'null' })).status).toBe(403)
    expect((await send({})).status).toBe(403)
    for (const path of ['/demo/play', '/demo/jump', '/demo/recall']) expect((await send({}, path)).status).toBe(403)
    expect(await said()).toEqual([])
    expect((await send({ Origin: 'http://localhost:3000' })).status).toBe(204)
  })

  test('under their own name are refused without a password', async () => {
    const web = fixture.web()
    const at = async (origin: string) => (await web.request(`${origin}/`)).status
    expect(await at('http://rebound.example')).toBe(421)
    expect(await at('http://localhost.example')).toBe(421)
    for (const name of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) expect(await at(`http://${name}`)).toBe(200)
  })
})

describe('with a password', () => {
  const password = 'drei-wörter-村'
  const login = (web: Hono, given: string) => post(web, '/login', { password: given })
  const cookieOf = (response: Response) => response.headers.get('Set-Cookie')?.split(';')[0] ?? ''

  test('everything but the health asks for it', async () => {
    const web = fixture.web({ password })
    for (const path of ['/demo/events', '/demo/messages?phone=grid', '/demo/status', '/metrics', '/client.js', '/x']) {
      expect([path, (await web.request(path)).status]).toEqual([path, 401])
    }
    expect((await web.request(`/demo/attachments/${'0'.repeat(64)}`)).status).toBe(401)
    expect((await post(web, '/demo/say', { ...villager, text: '在' })).status).toBe(401)
    const page = await web.request('/', { headers: { Accept: 'text/html' } })
    expect([page.status, page.headers.get('Location')]).toEqual([303, '/login'])
    expect(await (await web.request('/login')).text()).toContain(replies.login.title)
    expect((await web.request('/healthz')).status).toBe(200)
    expect((await fixture.web({ password, demo: null }).request('/')).status).toBe(401)
  })

  test('the right one opens a session, which a restart, a day and a forgery end', async () => {
    const web = fixture.web({ password })
    const response = await login(web, password)
    expect(response.headers.get('Set-Cookie')).toMatch(/HttpOnly/)
    expect(response.headers.get('Set-Cookie')).toMatch(/SameSite=Strict/)
    const Cookie = cookieOf(response)
    const status = async (of: Hono, cookie: string) => (await of.request('/', { headers: { Cookie: cookie } })).status
    expect(await status(web, Cookie)).toBe(200)
    expect(await status(web, Cookie.replace(/=\d/, '=9'))).toBe(401)
    expect(await status(web, `${Cookie}x`)).toBe(401)
    expect(await status(fixture.web({ password }), Cookie)).toBe(401)
    fixture.clock.jump(DAY)
    expect(await status(web, Cookie)).toBe(200)
    vi.useFakeTimers({ toFake: ['Date'], now: fixture.clock.now() })
    expect(await status(web, Cookie)).toBe(401)
    expect((await post(web, '/logout', {}, { Cookie })).status).toBe(401)
  })

  test('wrong tries make the next one wait, longer and longer', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const web = fixture.web({ password })
    for (let i = 0; i < 3; i++) expect((await login(web, 'falsch')).status).toBe(401)
    const early = await login(web, password)
    expect([early.status, early.headers.get('Retry-After')]).toEqual([429, '1'])
    expect(await early.text()).toContain(replies.errors.waitBeforeTry(1))
    for (const wait of [1, 2, 4]) {
      expect((await login(web, password)).status).toBe(429)
      vi.setSystemTime(Date.now() + wait * 1000)
      expect((await login(web, 'falsch')).status).toBe(401)
    }
    vi.setSystemTime(Date.now() + 5 * MINUTE)
    expect((await login(web, password)).status).toBe(303)
    expect((await login(web, 'falsch')).status).toBe(401)
  })

  test('metrics take it as Basic auth too', async () => {
    const web = fixture.web({ password })
    const metrics = (given: string) => {
      const Authorization = `Basic ${Buffer.from(`prometheus:${given}`).toString('base64')}`
      return web.request('/metrics', { headers: { Authorization } })
    }
    expect((await metrics(password)).status).toBe(200)
    expect((await metrics('falsch')).status).toBe(401)
    expect((await web.request('/metrics')).headers.get('WWW-Authenticate')).toContain('Basic')
  })

  test('a page under any name is served, since a proxy may stand in front', async () => {
    expect((await fixture.web({ password }).request('http://xiaoge.example/login')).status).toBe(200)
  })
})

describe('health and metrics', () => {
  test('health is 200 while ok and 503 otherwise', async () => {
    const web = fixture.web()
    const ok = await web.request('/healthz')
    expect([ok.status, await ok.json()]).toEqual([
      200,
      { status: 'ok', channels: { simulator: { state: 'up', lastIn: null, lastOut: null } } },
    ])
    fixture.health.now = { status: 'failing' }
    expect((await web.request('/healthz')).status).toBe(503)
    const broken = await fixture.web({ health: () => Promise.reject(new Error('x')) }).request('/healthz')
    expect([broken.status, await broken.json()]).toEqual([503, { status: 'failing' }])
  })

  test('metrics count what stands in the database, without names or words', async () => {
    const web = fixture.web()
    await post(web, '/demo/say', { ...villager, text: '路灯灭了' })
    await fixture.speak('room-villagers', '收到')
    const { db } = fixture.database
    const now = fixture.clock.now()
    await db.inboxEvent.updateMany({ data: { state: 'new', receivedAt: new Date(now.getTime() - 90_000) } })
    const ticket = { villageId: fixture.villageId, category: 'road', urgency: 'normal', placeKey: '', accusedIds: [] }
    const words = { text: '路灯灭了', summary: '路灯', openedAt: now, updatedAt: now }
    for (const no of [1, 2]) await db.ticket.create({ data: { ...ticket, ...words, no, status: 'open' } })
    fixture.metrics.observeUnderstanding(0.3)
    await fixture.metrics.timeUnderstanding(() => 1)
    const response = await web.request('/metrics')
    expect(response.headers.get('Content-Type')).toContain('text/plain')
    const text = await response.text()
    expect(text).toMatch(/^xiaoge_inbox_lag_seconds 9\d(\.\d+)?$/m)
    expect(text).toContain('xiaoge_inbox_messages{state="new"} 1')
    expect(text).toContain('xiaoge_inbox_messages{state="failed"} 0')
    expect(text).toContain('xiaoge_outbox_messages{state="sent"} 1')
    expect(text).toContain('xiaoge_tickets{status="open"} 2')
    expect(text).toContain('xiaoge_understanding_seconds_count 2')
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).not.toMatch(/刘嫂|u-liu|路灯|simulator|room-/)
    await db.ticket.deleteMany()
    expect(await (await web.request('/metrics')).text()).not.toContain('status="open"')
  })
})

describe('the server', () => {
  test('serves on a free port and closes although event streams are open', async () => {
    const serving = await serveWeb(fixture.web(), { host: '127.0.0.1', port: 0 })
    expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/$/)
    expect((await fetch(`${serving.url}healthz`)).status).toBe(200)
    const stream = await fetch(`${serving.url}demo/events`)
    const reader = stream.body?.getReader()
    await reader?.read()
    await serving.close()
    await expect(fetch(serving.url)).rejects.toThrow()
    await expect(reader?.read().then((chunk) => (chunk.done ? Promise.reject(new Error()) : chunk))).rejects.toThrow()
  })

  test('names PORT where another program has it', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    await expect(serveWeb(fixture.web(), { host: '127.0.0.1', port })).rejects.toThrow(`PORT=${port} is taken`)
    other.close()
  })

  test('tells a sender over the wire that a photo is too big', async () => {
    const serving = await serveWeb(fixture.web(), { host: '127.0.0.1', port: 0 })
    const body = new FormData()
    body.append('photo', new File([new Uint8Array(9 * 1024 * 1024)], 'a.png'))
    const headers = { 'Sec-Fetch-Site': 'same-origin' }
    const response = await fetch(`${serving.url}demo/say`, { method: 'POST', body, headers })
    expect([response.status, await response.text()]).toEqual([413, replies.errors.bodyTooBig])
    await serving.close()
  })
})
