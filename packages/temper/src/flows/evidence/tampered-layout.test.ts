import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import { type Digest, hexOf } from '../../base/digest.ts'
import type { Signer } from '../../model/attestation.ts'
import { pushAll, sampleImage } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import type { Context } from '../context.ts'
import { judgeAttached } from '../trust/attached.ts'
import { openSigner } from '../trust/trusted-keys.ts'
import { attachSigned } from './attest.ts'

/* One document in a layout that somebody damaged must not hide the others. */

let folder = ''
let signer: Signer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-tampered-'))
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(join(folder, 'a.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const key = { key: { kind: 'file', path: 'a.key' } as const, password: async () => '' }
  signer = await openSigner(key, { workingDir: folder } as Context)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let layouts = 0
async function evidenceOf(damage: (bytes: Buffer) => Buffer, which: 'manifest' | 'document') {
  const path = join(folder, `layout-${++layouts}`)
  const store = openLayout(path)
  const image = sampleImage('web')
  await pushAll(store, image)
  await store.tag(image.descriptor, 'v1')
  const context = { now: () => new Date('2026-01-02T03:04:05Z') }
  const attached: Digest[] = []
  for (const name of ['one', 'two', 'three']) {
    const subject = [{ digest: digestSet(image.descriptor.digest) }]
    const statement = makeStatement(subject, { predicateType: `https://example.com/${name}`, predicate: {} })
    const options = { statement, signer, scheme: 'referrers', context } as const
    attached.push(await attachSigned(store, image.descriptor, options))
  }
  const trust = { keys: [signer.key], identities: [] }
  const [, second] = attached
  const before = await judgeAttached(store, image.descriptor, { trust })
  const document = before.find(({ digest }) => digest === second)?.document?.digest
  const file = join(path, 'blobs/sha256', hexOf((which === 'manifest' ? second : document) ?? 'sha256:'))
  await writeFile(file, damage(await readFile(file)))
  const after = await judgeAttached(openLayout(path), image.descriptor, { trust })
  return { second, after, images: await openLayout(path).images() }
}

const bend = (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 10 ? byte ^ 1 : byte)))

describe('a document that was damaged', () => {
  it.each([
    ['manifest', 'in one bit', bend],
    ['manifest', 'by cutting it', (bytes: Buffer) => bytes.subarray(1)],
    ['document', 'in one bit', bend],
    ['document', 'by cutting it', (bytes: Buffer) => bytes.subarray(1)],
  ] as const)('in its %s %s is refused, and the others stay', async (which, _how, damage) => {
    const { second, after, images } = await evidenceOf(damage, which)
    const good = after.filter(({ verified }) => verified).map(({ type }) => type)
    expect(good.sort()).toEqual(['https://example.com/one', 'https://example.com/three'])
    expect(after.filter(({ verified }) => !verified)).toMatchObject([
      { digest: second, reason: expect.stringMatching(/expected/) },
    ])
    expect(images).toHaveLength(1)
  })
})
