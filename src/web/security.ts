import type { MiddlewareHandler } from 'hono'
import { replies } from './replies.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sets the headers that every answer carries. A route may set a longer Cache-Control itself. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  c.header('Content-Security-Policy', POLICY)
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('X-Frame-Options', 'DENY')
  // Not `no-referrer`: with it browsers send `Origin: null` with a form, and no form would pass as our own.
  c.header('Referrer-Policy', 'same-origin')
  c.header('Cross-Origin-Resource-Policy', 'same-origin')
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
}

const LOOPBACK_NAME = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Refuses requests under a foreign host name: a page on the internet may point its own name at 127.0.0.1 and would
 * then count as this page. Used without a password, which is to say on loopback; with one, the password stands guard
 * and the page may have any name in front of it.
 */
export const loopbackNamesOnly: MiddlewareHandler = async (c, next) => {
  if (!LOOPBACK_NAME.test(new URL(c.req.url).hostname)) return c.text(replies.errors.host, 421)
  await next()
  return undefined
}

/** Refuses requests that change something and do not come from this very page. */
export const sameOriginOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && !isSameOrigin(c.req.raw)) {
    return c.text(replies.errors.foreign, 403)
  }
  await next()
  return undefined
}

function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('Sec-Fetch-Site')
  if (site !== null) return site === 'same-origin'
  // Over plain http from another computer browsers leave Sec-Fetch-Site out, but they always name the origin.
  const origin = request.headers.get('Origin')
  if (!origin || !URL.canParse(origin)) return false
  // Only the host: in front of a proxy the page is https, and behind it http.
  return new URL(origin).host === new URL(request.url).host
}
