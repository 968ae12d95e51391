/** The rate a voice is decoded to: enough for speech, and what recognisers want. Hertz. */
const RATE = 16_000

/** WeChat's voice format (SILK) as WAV, which browsers and other networks play; null where it is another format. */
export async function decodeVoice(bytes: Uint8Array): Promise<Uint8Array | null> {
  const { decode, isSilk } = await import('silk-wasm')
  if (!isSilk(bytes)) return null
  const { data } = await decode(bytes, RATE)
  return Buffer.concat([wavHeader(data.byteLength), data])
}

/** The head of a WAV file of 16-bit samples on one channel. */
function wavHeader(length: number): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(RATE, 24)
  head.writeUInt32LE(RATE * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(length, 40)
  return head
}
