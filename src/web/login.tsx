import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { HOUR, MINUTE, SECOND, systemClock } from '../clock.ts'
import { Document } from './document.tsx'
import { replies } from './replies.ts'

const COOKIE = 'xiaoge_session'
const SESSION = 12 * HOUR
const FREE_TRIES = 3
const LONGEST_WAIT = 5 * MINUTE
const MOST_ADDRESSES = 10_000

/** Reachable without the password: they show nothing of the village. */
const OPEN_PATHS = new Set(['/healthz', '/login', '/style.css', '/icon.svg'])

/**
 * Asks for the password before every route that is added afterwards; a session lasts twelve hours or until restart.
 * It goes by the computer's own clock: the demo's clock jumps, and would end every session with 过1天.
 */
export function requirePassword(hono: Hono, password: string): void {
  const key = randomBytes(32)
  const tries = createTries()
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const wanted = digest(password)
  const sign = (value: string) => createHmac('sha256', key).update(value).digest('base64url')
  const equal = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)

  function isSession(cookie: string | undefined): boolean {
    const [expires = '', signature = ''] = (cookie ?? '').split('.')
    if (!equal(Buffer.from(sign(expires)), Buffer.from(signature))) return false
    return Number(expires) > systemClock.now().getTime()
  }

  /** True, false, or the seconds to wait before the next try is looked at. */
  function check(c: Context, given: string): boolean | number {
    const address = addressOf(c)
    const wait = tries.wait(address)
    if (wait > 0) return Math.ceil(wait / SECOND)
    const right = equal(digest(given), wanted)
    if (right) tries.forget(address)
    else tries.failed(address)
    return right
  }

  const guard: MiddlewareHandler = async (c, next) => {
    if (OPEN_PATHS.has(c.req.path) || isSession(getCookie(c, COOKIE))) return next()
    if (c.req.path === '/metrics') {
      const basic = /^Basic (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
      const given =
        basic &&
        Buffer.from(basic, 'base64')
          .toString()
          .replace(/^[^:]*:/, '')
      const checked = given ? check(c, given) : false
      if (checked === true) return next()
      if (typeof checked === 'number') return tooMany(c, checked)
      c.header('WWW-Authenticate', 'Basic realm="xiaoge", charset="UTF-8"')
      return c.text(replies.errors.needLogin, 401)
    }
    if (c.req.method === 'GET' && c.req.header('Accept')?.includes('text/html')) return c.redirect('/login', 303)
    return c.text(replies.errors.needLogin, 401)
  }

  function tooMany(c: Context, seconds: number) {
    c.header('Retry-After', String(seconds))
    return c.text(replies.errors.waitBeforeTry(seconds), 429)
  }

  hono.use(guard)
  hono.get('/login', (c) => c.html(<LoginPage />))
  hono.post('/login', async (c) => {
    const { password: given } = await c.req.parseBody()
    const checked = check(c, typeof given === 'string' ? given : '')
    if (typeof checked === 'number') {
      c.header('Retry-After', String(checked))
      return c.html(<LoginPage error={replies.errors.waitBeforeTry(checked)} />, 429)
    }
    if (!checked) return c.html(<LoginPage error={replies.errors.wrongPassword} />, 401)
    const expires = String(systemClock.now().getTime() + SESSION)
    setCookie(c, COOKIE, `${expires}.${sign(expires)}`, {
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
      secure: isHttps(c),
      maxAge: SESSION / SECOND,
    })
    return c.redirect('/', 303)
  })
  hono.post('/logout', (c) => {
    deleteCookie(c, COOKIE, { path: '/' })
    return c.redirect('/login', 303)
  })
}

function isHttps(c: Context): boolean {
  return new URL(c.req.url).protocol === 'https:' || c.req.header('X-Forwarded-Proto') === 'https'
}

/** The address of the connection; X-Forwarded-For is not asked, since anybody can write it. */
function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? ''
  } catch {
    return ''
  }
}

/** Counts wrong tries by address; each beyond the third doubles the wait before the next. */
function createTries() {
  const wrong = new Map<string, { count: number; until: number }>()
  return {
    wait: (address: string) => (wrong.get(address)?.until ?? 0) - systemClock.now().getTime(),
    failed(address: string) {
      const count = (wrong.get(address)?.count ?? 0) + 1
      const pause = count < FREE_TRIES ? 0 : Math.min(SECOND * 2 ** (count - FREE_TRIES), LONGEST_WAIT)
      wrong.delete(address)
      wrong.set(address, { count, until: systemClock.now().getTime() + pause })
      const oldest = wrong.keys().next().value
      if (wrong.size > MOST_ADDRESSES && oldest !== undefined) wrong.delete(oldest)
    },
    forget: (address: string) => wrong.delete(address),
  }
}

function LoginPage(props: { error?: string }) {
  return (
    <Document title={replies.login.title}>
      <main class="plain">
        <h1>{replies.login.title}</h1>
        <form method="post" action="/login" class="login">
          <label for="password">{replies.login.label}</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required autofocus />
          {props.error && (
            <p class="error" role="alert">
              {props.error}
            </p>
          )}
          <button type="submit" class="primary">
            {replies.login.button}
          </button>
          <p class="hint">{replies.login.hint}</p>
        </form>
      </main>
    </Document>
  )
}
