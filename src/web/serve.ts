import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { SECOND } from '../clock.ts'

/** How long requests under way get to finish before their connections are cut. Milliseconds. */
const GRACE = SECOND

export interface Serving {
  /** Where the page is, for people to open. */
  url: string
  /** Stops listening, lets requests under way finish for a second and ends the event streams. */
  close(): Promise<void>
}

/** Serves the page. Port 0 takes any free port. Rejects with the remedy where the port is taken or not allowed. */
export async function serveWeb(hono: Hono, at: { host: string; port: number }): Promise<Serving> {
  const server = createAdaptorServer({ fetch: hono.fetch, hostname: at.host }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, at)))
    server.listen(at.port, at.host, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : at.port
  const host = at.host.includes(':') ? `[${at.host}]` : at.host
  return {
    url: `http://${host}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        // Event streams never end by themselves.
        const cut = setTimeout(() => server.closeAllConnections(), GRACE)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function listenError(error: Error, at: { host: string; port: number }): Error {
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    const message = `PORT=${at.port} is taken by another program. Stop that program, or choose another port, for example PORT=${at.port + 1}.`
    return new Error(message, { cause: error })
  }
  if (code === 'EACCES') {
    return new Error(`PORT=${at.port} is not allowed for this user. Choose one above 1023, for example PORT=3000.`, {
      cause: error,
    })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new Error(`HOST=${at.host} is no address of this computer. Use 127.0.0.1 or 0.0.0.0.`, { cause: error })
  }
  return error
}
