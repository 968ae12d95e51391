/** Bytes. */
export const LARGEST_PHOTO = 5 * 1024 * 1024

const SIGNATURES: readonly { mime: string; at: number; bytes: readonly number[] }[] = [
  { mime: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { mime: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mime: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { mime: 'image/webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
]

/**
 * The kind of photo that bytes are by their first bytes, null for anything else.
 * What an uploader says is not asked: an SVG or HTML file under a photo's name would run in this page's origin.
 */
export function photoType(bytes: Uint8Array): string | null {
  const found = SIGNATURES.find((signature) => signature.bytes.every((byte, i) => bytes[signature.at + i] === byte))
  return found?.mime ?? null
}
