import { open } from 'node:fs/promises'
import { measureLayer } from '../../assemble/layers/measure.ts'
import { readOwned } from '../../assemble/layers/stored.ts'
import { AssemblyCache } from '../../assemble/packages/cache.ts'
import { readPackage } from '../../assemble/packages/contents.ts'
import { createHasher, type Digest } from '../../base/digest.ts'
import { openDistro } from '../../distro/open.ts'
import { createCompressor } from '../../formats/compress/compress.ts'
import { proofReads } from '../../tree/proof/plugins.ts'
import type { ReaderSetup, ReaderWork } from './readers.ts'
import { decideBy } from './reading.ts'

/**
 * Does a reader's job. The answer is JSON, because a text is copied to another thread at once, objects piece by
 * piece.
 */
export async function openReader(
  { cacheDir, distribution, xzProgram, spec, verdicts }: ReaderSetup,
  signal: AbortSignal,
): Promise<(work: ReaderWork) => Promise<string>> {
  const distro = await openDistro(distribution, xzProgram === undefined ? {} : { xzProgram })
  const cache = new AssemblyCache(cacheDir)
  const compressor = await createCompressor(spec, { verdicts: new Map(verdicts) })
  return async (work) => {
    if (work.kind === 'measure') {
      const { head, keys, end } = work
      const maker = () => Promise.reject(new Error('not whole'))
      const stored = { head, end, segments: keys.map((key) => ({ key, maker })) }
      return JSON.stringify(await measureLayer(readOwned(stored, cache), spec))
    }
    const content = await readPackage(work.locked, {
      distro,
      cache,
      compressor,
      spec,
      signal,
      decide: decideBy(work.facts, { distro }),
      captures: proofReads,
      openArchive: async ({ digest }) => {
        const path = distro.archivePath(cacheDir, digest)
        // The cache is a folder that other programs can write to: no byte is used that was not hashed.
        if ((await digestOf(path)) !== digest) throw new Error('damaged')
        return await distro.openArchive(path)
      },
    })
    return JSON.stringify(content)
  }
}

async function digestOf(path: string): Promise<Digest> {
  const hasher = createHasher()
  const file = await open(path)
  try {
    const buffer = Buffer.allocUnsafeSlow(256 * 1024)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return hasher.digest()
      hasher.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}
