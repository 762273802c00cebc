import { read } from 'node:fs'
import { open } from 'node:fs/promises'
import { stdin } from 'node:process'
import { promisify } from 'node:util'

const chunkBytes = 1024 * 1024
const readAt = promisify(read)

/**
 * What a file holds, piece by piece. A piece is good only until the next is asked for: one buffer is used for all, since
 * a new one for each would fill the memory before it is collected.
 *
 * @param file its path, `-` for the standard input; or the descriptor of one that is open, which stays open
 */
export async function* readChunks(file: string | number): AsyncIterable<Buffer> {
  if (typeof file === 'number') yield* readOpen(file)
  else if (file === '-')
    yield* stdin as AsyncIterable<Buffer> // nobody gave it an encoding
  else yield* readNamed(file)
}

async function* readNamed(path: string): AsyncIterable<Buffer> {
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

async function* readOpen(file: number): AsyncIterable<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes)
  for (let offset = 0; ;) {
    const { bytesRead } = await readAt(file, buffer, 0, chunkBytes, offset)
    if (bytesRead === 0) return
    offset += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
