const magic = Buffer.from('glibc-ld.so.cache1.1')
const headerSize = 48
const entrySize = 24
const entryLimit = 100_000
const stringLimit = 4096

/**
 * Reads /etc/ld.so.cache in the format that glibc has written since 2.2 (dl-cache.h: header of 48 bytes,
 * entries of 24, strings by offset from the header): library file name → paths, in the cache's order.
 * Entries that point outside are left out, as the loader does.
 */
export function parseLoaderCache(content: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const libraries = new Map<string, string[]>()
  const file = Buffer.from(content.buffer, content.byteOffset, content.length)
  const start = file.indexOf(magic)
  if (start === -1 || file.length < start + headerSize) return libraries
  const bytes = file.subarray(start)
  const count = Math.min(bytes.readUInt32LE(20), entryLimit)
  for (let i = 0; i < count; i++) {
    const at = headerSize + i * entrySize
    if (at + entrySize > bytes.length) break
    const name = stringAt(bytes, bytes.readUInt32LE(at + 4))
    const path = stringAt(bytes, bytes.readUInt32LE(at + 8))
    if (name === undefined || path === undefined) continue
    const paths = libraries.get(name)
    if (paths) paths.push(path)
    else libraries.set(name, [path])
  }
  return libraries
}

function stringAt(bytes: Buffer, offset: number): string | undefined {
  const end = bytes.indexOf(0, offset)
  return end === -1 || end - offset > stringLimit ? undefined : bytes.toString('utf8', offset, end)
}
