import { open } from 'node:fs/promises'
import { fileError } from '../../../base/file.ts'
import type { Row } from '../record/row.ts'
import { FileSink } from './file-sink.ts'

const headSize = 8
const chunkSize = 1024 * 1024

/** Writes sorted rows to a file of our own for a short time: lengths of key and value, then both. */
export async function writeRun(path: string, rows: readonly Row[]): Promise<void> {
  const sink = await FileSink.create(path)
  try {
    for (const { key, value } of rows) {
      const bytes = Buffer.allocUnsafe(headSize + key.length + value.length)
      bytes.writeUInt32LE(key.length, 0)
      bytes.writeUInt32LE(value.length, 4)
      bytes.write(key, headSize, 'latin1')
      bytes.set(value, headSize + key.length)
      sink.add(bytes)
      await sink.drain()
    }
    await sink.finish()
  } finally {
    await sink.close()
  }
}

/** The rows of such a file, in batches. */
export async function* readRun(path: string): AsyncGenerator<readonly Row[], void, void> {
  const file = await open(path).catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  try {
    let rest: Buffer = Buffer.alloc(0)
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize)
      if (bytesRead === 0) break
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
      const rows: Row[] = []
      const used = takeRows(bytes, rows)
      rest = bytes.subarray(used)
      yield rows
    }
    if (rest.length > 0) throw new RangeError(`${path}: a temporary file was cut off`)
  } finally {
    await file.close()
  }
}

function takeRows(bytes: Buffer, rows: Row[]): number {
  let at = 0
  while (at + headSize <= bytes.length) {
    const keyEnd = at + headSize + bytes.readUInt32LE(at)
    const end = keyEnd + bytes.readUInt32LE(at + 4)
    if (end > bytes.length) break
    rows.push({ key: bytes.toString('latin1', at + headSize, keyEnd), value: bytes.subarray(keyEnd, end) })
    at = end
  }
  return at
}
