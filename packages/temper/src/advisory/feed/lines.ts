import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'

const lineFeed = 0x0a

/** Lines of a UTF-8 text without their ends, in batches. A line of more than `limit` bytes is an error. */
export async function* linesOf(
  source: ByteStream,
  options: { readonly what: string; readonly limit: number },
): AsyncGenerator<readonly string[], void, void> {
  let parts: Buffer[] = []
  let size = 0
  const keep = (bytes: Buffer) => {
    size += bytes.length
    if (size > options.limit)
      throw new TemperError('limit-exceeded', `${options.what}: a line has more than ${options.limit} bytes`)
    // The source may use its buffer again.
    parts.push(Buffer.from(bytes))
  }
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const lines: string[] = []
    let start = 0
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      if (parts.length === 0 && end - start <= options.limit) lines.push(bytes.toString('utf8', start, end))
      else {
        keep(bytes.subarray(start, end))
        lines.push(Buffer.concat(parts).toString('utf8'))
        parts = []
        size = 0
      }
      start = end + 1
    }
    if (start < bytes.length) keep(bytes.subarray(start))
    yield lines
  }
  if (parts.length > 0) yield [Buffer.concat(parts).toString('utf8')]
}
