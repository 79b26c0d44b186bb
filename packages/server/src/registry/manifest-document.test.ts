import { expect, it } from 'vitest'
import { parseManifestDocument } from './manifest-document.ts'

const read = (text: string | Uint8Array) => () =>
  parseManifestDocument(Buffer.from(text), 'application/vnd.oci.image.index.v1+json')

it('takes what it does not know in a manifest', () => {
  const text = `{"manifests":[],"other":${'['.repeat(30)}${']'.repeat(30)}}`
  expect(read(text)()).toMatchObject({ manifests: [] })
})

it.each<[string, string | Uint8Array, RegExp]>([
  ['cut off', '{"manifests":[', /expected JSON, found text that is not JSON/],
  ['not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), /expected JSON, found bytes that are not UTF-8/],
  ['nested deeper than any', `{"a":${'['.repeat(1 << 20)}`, /nested deeper than 40 levels/],
])('refuses a manifest that is %s', (_, text, message) => {
  expect(read(text)).toThrow(
    expect.objectContaining({ code: 'MANIFEST_INVALID', message: expect.stringMatching(message) }),
  )
})
