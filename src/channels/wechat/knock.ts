import { connect } from 'node:http2'
import type { GatewaySettings } from './protocol.ts'

/**
 * Whether a gateway answers: not only that its port is open, which it is of one that hangs, too. Wechaty must not be
 * started against one that does not: it would wait for ever, or report success.
 */
export function knock(gateway: Pick<GatewaySettings, 'endpoint' | 'plaintext'>, limit: number): Promise<string | null> {
  return new Promise((resolve) => {
    const scheme = gateway.plaintext ? 'http' : 'https'
    // Wechaty's own gateways show a certificate that no authority knows; whom it trusts is checked when it connects.
    const session = connect(`${scheme}://${gateway.endpoint}`, { rejectUnauthorized: false, servername: 'localhost' })
    const end = (reason: string | null) => {
      clearTimeout(timer)
      session.destroy()
      resolve(reason)
    }
    const timer = setTimeout(() => end('the gateway does not answer'), limit)
    session.once('remoteSettings', () => end(null))
    session.on('error', (error: NodeJS.ErrnoException) => end(reasonOf(error, gateway.plaintext)))
    session.once('close', () => end('the gateway closes the connection'))
  })
}

function reasonOf({ code = '' }: NodeJS.ErrnoException, plaintext: boolean): string {
  if (/SSL|TLS|PROTO|EPROTO/.test(code) && !plaintext) {
    return 'the gateway does not speak TLS: ask its maker, or set WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT=true'
  }
  return `the gateway cannot be reached (${code || 'no answer'})`
}
