import { expect, test } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { Store } from '../../model/store.ts'
import { baseLayersOf } from './base-layers.ts'

const empty = {
  resolve: async (name: string) => {
    throw new TemperError('not-found', `There is no ${name}`)
  },
} as unknown as Store
const based = (digest: string) =>
  sampleImage([[{ path: 'a', type: 'file' }]], { Labels: { 'org.opencontainers.image.base.digest': digest } })

test('a base that is not in the store, or not stated, tells nothing', async () => {
  expect(await baseLayersOf(empty, based(sha256('base')))).toEqual([])
  expect(await baseLayersOf(empty, based('nonsense'))).toEqual([])
})

test('a base in the store tells its layers', async () => {
  const base = sampleImage([[{ path: 'a', type: 'file' }]])
  const documents = new Map<string, string>()
  const put = (value: unknown) => {
    const text = JSON.stringify(value)
    documents.set(sha256(text), text)
    return { digest: sha256(text), size: text.length }
  }
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', ...put(base.config) }
  const manifest = put({ ...base.manifest, config })
  const store = {
    resolve: async () => ({ mediaType: base.manifest.mediaType, ...manifest }),
    fetch: async function* ({ digest }: { digest: string }) {
      yield Buffer.from(documents.get(digest) ?? '')
    },
  } as unknown as Store
  expect(await baseLayersOf(store, based(manifest.digest))).toEqual(base.config.rootfs.diff_ids)
})

test('a defect is not hidden', async () => {
  const broken = {
    resolve: async () => {
      throw new RangeError('defect')
    },
  } as unknown as Store
  await expect(baseLayersOf(broken, based(sha256('base')))).rejects.toThrow('defect')
})
