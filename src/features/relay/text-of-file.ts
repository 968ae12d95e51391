/** Largest file that is read. Bytes. */
const MOST_BYTES = 2 * 1024 * 1024

/** The words of a text file, in whichever of the usual encodings; null where it is no text or too large. */
export function textOfFile(bytes: Uint8Array): string | null {
  if (bytes.byteLength > MOST_BYTES) return null
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    // Older Chinese programs write GBK.
    const text = new TextDecoder('gb18030').decode(bytes)
    return text.includes('\0') || text.includes('\ufffd') ? null : text
  }
}
