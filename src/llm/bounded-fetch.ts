/** Longest reply that is read. What asks for a few hundred tokens gets some kilobytes. Bytes. */
const LONGEST = 256 * 1024

/**
 * A fetch for a service that may be broken or hostile: it follows no redirection, because that would carry the words
 * elsewhere, reads a bounded reply, and takes nothing for a reply that is not JSON (a login page of a network).
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'error' })
  const type = response.headers.get('content-type') ?? ''
  const body = await readBounded(response)
  const isJson = /[/+]json\b/i.test(type)
  if (response.ok && !isJson) throw new TypeError(`the service answered with ${type.slice(0, 40) || 'no type'}`)
  const headers = new Headers()
  for (const name of ['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry']) {
    const value = response.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(body, { status: response.status, headers })
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!response.body) return null
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body) {
    length += part.length
    if (length > LONGEST) throw new TypeError(`the service answered with more than ${LONGEST} bytes`)
    parts.push(part)
  }
  return Uint8Array.from(Buffer.concat(parts))
}
