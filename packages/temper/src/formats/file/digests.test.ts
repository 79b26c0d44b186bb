import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FileDigests } from './digests.ts'

it('gives the same digests however the bytes come', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), (chunks) => {
      const bytes = Buffer.concat(chunks)
      const digests = new FileDigests(bytes.length)
      for (const chunk of chunks) digests.update(chunk)
      expect(digests.finish()).toEqual({
        digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
        sha1: createHash('sha1').update(bytes).digest('hex'),
      })
    }),
  )
})
