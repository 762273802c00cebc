import { open } from 'node:fs/promises'

const chunkBytes = 1024 * 1024

/**
 * What a file holds, piece by piece. A piece is good only until the next is asked for: one buffer is used for all, since
 * a new one for each would fill the memory before it is collected.
 */
export async function* readChunks(path: string): AsyncIterable<Buffer> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafeSlow(chunkBytes)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
