import { gzipSync } from 'node:zlib'

/** A file of an archive: a path with "/" between its parts, at most 100 bytes in the last two and 155 before. */
export interface ArchiveFile {
  readonly path: string
  readonly content: Uint8Array
}

const blockSize = 512

/**
 * Files as a gzipped tar (POSIX.1-1988 "ustar"), in the order that they come in: no owner and no time, so that the same files give the
 * same bytes.
 */
export function tarGz(files: readonly ArchiveFile[]): Uint8Array {
  const parts = files.flatMap(({ path, content }) => [
    headerOf(path, content.length),
    content,
    Buffer.alloc(-content.length & (blockSize - 1)),
  ])
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * blockSize)]))
}

function headerOf(path: string, size: number): Buffer {
  const header = Buffer.alloc(blockSize)
  const { prefix, name } = split(path)
  header.write(name, 0, 100, 'utf8')
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`
  header.write(
    `${octal(0o644, 8)}${octal(0, 8)}${octal(0, 8)}${octal(size, 12)}${octal(0, 12)}`,
    100,
    'latin1',
  )
  // The sum is made over blanks in its own place.
  header.write('        0', 148, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  header.write(prefix, 345, 155, 'utf8')
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/** Long paths are written in two parts. Throws RangeError for one that fits in neither way. */
function split(path: string): { readonly prefix: string; readonly name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path }
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { prefix, name }
  }
  throw new RangeError(`a path too long for a tar archive: ${path}`)
}
