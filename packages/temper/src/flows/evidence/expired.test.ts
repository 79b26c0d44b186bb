import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mediaTypes } from '../../model/image.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { sign } from './sign.ts'
import { verify } from './verify.ts'

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-expired-'))
  context = sampleContext(folder)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeFile(join(folder, 'ours.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
  await writeFile(join(folder, 'ours.pub'), publicKey.export({ format: 'pem', type: 'spki' }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each([
  ['2026-01-01', false],
  // The clock of the context stands at 2026-01-02.
  ['2026-01-02', true],
  ['2026-12-31', true],
  ['soon', false],
])('an image that may be used until %s verifies: %s', async (day, verified) => {
  await writeLayout(join(folder, day), [[{ path: 'x', type: 'file', content: day }]], {})
  const store = openLayout(join(folder, day))
  const root = await store.resolve('latest')
  const bytes: Uint8Array[] = []
  for await (const chunk of store.fetch(root)) bytes.push(chunk)
  const manifest = JSON.parse(Buffer.concat(bytes).toString())
  const annotated = jsonBlob(
    { ...manifest, annotations: { 'io.temper.expires': day } },
    mediaTypes.ociManifest,
  )
  await store.push(annotated)
  await store.tag(annotated.descriptor, 'debug')
  const reference = parseReference(`oci:${day}:debug`)
  const key = { kind: 'file', path: 'ours.key' } as const
  await sign({ reference, scheme: 'referrers', key, password: async () => '' }, context)
  const result = await verify({ reference, keys: ['ours.pub'], require: [] }, context)
  expect(result.verified).toBe(verified)
  const over = result.required.filter(({ type }) => type === 'io.temper.expires')
  expect(over.map(({ reason }) => reason)).toEqual(verified ? [] : [`the image could be used until ${day}`])
})
