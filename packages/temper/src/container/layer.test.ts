import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bytesOf, collect } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { type Layer, mediaTypes } from '../model/image.ts'
import { openLayer } from './layer.ts'

function layer(mediaType: string, bytes: Uint8Array): Layer {
  const descriptor = { mediaType, digest: sha256(bytes), size: bytes.length }
  return { descriptor, diffId: sha256('tar'), open: () => bytesOf(bytes) }
}

async function read(mediaType: string, bytes: Uint8Array): Promise<string> {
  const content = openLayer(layer(mediaType, bytes))
  return Buffer.from(await collect(content, { limit: 1e6, what: 'layer' })).toString()
}

const tar = Buffer.from('the bytes of a tar')

describe('a layer', () => {
  it.each([
    ['plain', mediaTypes.ociLayerTar, tar],
    ['plain, without distribution', 'application/vnd.oci.image.layer.nondistributable.v1.tar', tar],
    ['gzip', mediaTypes.ociLayerGzip, gzipSync(tar)],
    ['gzip of Docker', mediaTypes.dockerLayerGzip, gzipSync(tar)],
    ['gzip of elsewhere', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', gzipSync(tar)],
    ['zstd', mediaTypes.ociLayerZstd, zstdCompressSync(tar)],
    [
      'several members of gzip',
      mediaTypes.ociLayerGzip,
      Buffer.concat([gzipSync('the bytes '), gzipSync('of a tar')]),
    ],
  ])('is read as its type says: %s', async (_, mediaType, bytes) => {
    expect(await read(mediaType, bytes)).toBe('the bytes of a tar')
  })

  it.each([
    ['gzip that is none', mediaTypes.ociLayerGzip, tar],
    ['gzip that is zstd', mediaTypes.ociLayerGzip, zstdCompressSync(tar)],
    ['gzip that is cut off', mediaTypes.ociLayerGzip, gzipSync(tar).subarray(0, -9)],
    ['gzip with bytes behind it', mediaTypes.ociLayerGzip, Buffer.concat([gzipSync(tar), tar])],
    ['zstd that is none', mediaTypes.ociLayerZstd, tar],
    ['zstd that is cut off', mediaTypes.ociLayerZstd, zstdCompressSync(tar).subarray(0, -5)],
  ])('that is not what its type says is refused by its digest: %s', async (_, mediaType, bytes) => {
    await expect(read(mediaType, bytes)).rejects.toMatchObject({
      code: 'bad-archive',
      message: expect.stringContaining(`layer ${sha256(bytes)}`),
    })
  })

  it('may be read again from its start', async () => {
    const one = layer(mediaTypes.ociLayerGzip, gzipSync(tar))
    for (let round = 0; round < 2; round++)
      expect(await collect(openLayer(one), { limit: 100, what: 'layer' })).toHaveLength(tar.length)
  })
})
