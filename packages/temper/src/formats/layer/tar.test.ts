import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { ByteStream } from '../../base/bytes.ts'
import { readTar } from '../tar/read.ts'
import { encodeTarHeader, tarEnd } from '../tar/write.ts'
import { layerTar } from './tar.ts'

const header = encodeTarHeader({
  path: 'a',
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
})
const sound = Buffer.concat([header, tarEnd])
const broken = Buffer.concat([header.map((byte, at) => (at === 0 ? byte ^ 1 : byte)), tarEnd])

/** Reads a layer that comes in pieces of some size; tells whether its source was closed. */
async function read(bytes: Uint8Array, piece: number): Promise<{ closed: boolean; error?: string }> {
  let closed = false
  const source = async function* (): ByteStream {
    try {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    } finally {
      closed = true
    }
  }
  try {
    const tar = await layerTar(source(), 'a layer')
    for await (const { entry } of readTar(tar, { what: 'a layer' })) expect(entry.path).toBe('a')
    return { closed }
  } catch (error) {
    return { closed, error: (error as { code: string }).code }
  }
}

test.each([
  ['uncompressed', (bytes: Uint8Array) => bytes],
  ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
])('the source of a layer is closed when it is damaged too: %s', async (_, pack) => {
  for (const piece of [1, 3, 6, 7, 512, 1 << 20]) {
    expect(await read(pack(sound), piece)).toEqual({ closed: true })
    expect(await read(pack(broken), piece)).toEqual({ closed: true, error: 'bad-archive' })
    expect(await read(pack(broken).subarray(0, 20), piece)).toEqual({ closed: true, error: 'bad-archive' })
  }
})
