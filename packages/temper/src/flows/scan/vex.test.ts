import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signBundle } from '../../attest/envelope/bundle.ts'
import { sampleSigner } from '../../attest/fixtures/sample.ts'
import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { evidenceTypes, predicateTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { pushAll, sampleIndex } from '../../oci/fixtures/sample.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { attach } from '../evidence/attach.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import type { TargetInventory } from '../inventory/inventory.ts'
import { trustPolicyOf } from '../trust/policy.ts'
import { imageVex } from './vex.ts'

const [ours, theirs] = [sampleSigner(), sampleSigner()]
const index = sampleIndex('both')
const [amd64, arm64] = index.blobs
  .map(({ descriptor }) => descriptor)
  .filter(({ mediaType }) => mediaType.includes('manifest')) as [Descriptor, Descriptor]
const reference = parseReference('oci:image:v1')

let folder = ''
let store: Store
let context: Context
let trusting: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-image-vex-'))
  context = sampleContext(folder)
  await writeFile(join(folder, 'ours.pub'), ours.key.pem)
  const trust = join(folder, 'trust.yaml')
  await writeFile(
    trust,
    `version: 1\nkeys: { us: ours.pub }\nrules: [{ images: ['oci:**'], signed-by: [us] }]\n`,
  )
  trusting = { ...context, trust: () => trustPolicyOf(trust) }
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  store = openLayout(join(folder, 'image'))
  await pushAll(store, index)
  await store.tag(index.descriptor, 'v1')
})
afterEach(async () => {
  await store.close()
  await rm(join(folder, 'image'), { recursive: true })
})

async function signed(
  predicate: JsonObject,
  subject = amd64,
  options: { type?: string; by?: typeof ours } = {},
) {
  const { type = predicateTypes.openvex, by = ours } = options
  const statement = makeStatement([{ digest: digestSet(subject.digest) }], { predicateType: type, predicate })
  const bundle = await signBundle(statement, by)
  return await attach(store, attachedDocument(subject, bundle, { artifactType: evidenceTypes.bundle }))
}

const vex = (id: string, timestamp = '2026-01-01T00:00:00Z'): JsonObject => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': id,
  author: 'somebody',
  timestamp,
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2026-1' },
      products: [{ '@id': 'pkg:deb/debian/openssl' }],
      status: 'fixed',
    },
  ],
})

const inventoried = (over: Partial<TargetInventory> = {}): TargetInventory => ({
  inventory: { components: [], layers: [], notes: [] },
  kind: 'image',
  name: 'oci:image:v1',
  digest: amd64.digest,
  from: 'layers',
  ...over,
})
const read = (world = trusting, of = inventoried()) =>
  imageVex({ target: { kind: 'image', reference }, inventoried: of }, world)
const ids = async (world = trusting) => (await read(world)).documents.map(({ id }) => id)

describe('statements that are attached to an image', () => {
  it('count when somebody who is trusted signed them, and are of him, whoever they say wrote them', async () => {
    await signed(vex('theirs'), amd64, { by: theirs })
    const { digest } = await signed(vex('ours'))
    const { documents } = await read()
    expect(documents).toMatchObject([
      { id: 'ours', author: ours.key.id, origin: `attached ${digest}, signed by ${ours.key.id}` },
    ])
  })

  it('are not looked for where nobody is trusted', async () => {
    await signed(vex('ours'))
    expect(await read(context)).toMatchObject({ documents: [], notes: [] })
  })

  it('come newest first, those of the image before those of all its platforms', async () => {
    await signed(vex('all, newest', '2026-12-01T00:00:00Z'), index.descriptor)
    await signed(vex('old', '2026-01-01T00:00:00Z'))
    await signed(vex('new', '2026-02-01T00:00:00Z'))
    await signed(vex('another platform'), arm64)
    expect(await ids()).toEqual(['new', 'old', 'all, newest'])
  })

  it('may be CycloneDX, but a bill of materials without vulnerabilities is none', async () => {
    const bom = { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: 'urn:uuid:1', components: [] }
    await signed(bom, amd64, { type: predicateTypes.cyclonedx })
    await signed({ ...bom, vulnerabilities: [] }, amd64, { type: `${predicateTypes.cyclonedx}/v1.6` })
    const { documents, notes } = await read()
    expect(documents.map(({ format }) => format)).toEqual(['cyclonedx'])
    expect(notes).toEqual([])
  })

  it.each<[string, JsonObject]>([
    ['no VEX', { hello: 'world' }],
    ['a list', { '@context': 'https://openvex.dev/ns/v0.2.0', statements: 7 }],
    ['a context that is not known', { ...vex('x'), '@context': 'https://example.org' }],
  ])('that are %s are told, and stop nothing', async (_, predicate) => {
    await signed(predicate)
    await signed(vex('good'))
    const { documents, notes } = await read()
    expect(documents.map(({ id }) => id)).toContain('good')
    expect(notes.map(({ code }) => code)).toEqual(['vex-unusable'])
  })
})

describe('the names that statements may know a target by', () => {
  it('are those of the image and of the index that it is in', async () => {
    const { names } = await read(context, inventoried({ title: 'web', purl: 'pkg:oci/web' }))
    expect(names).toEqual(['oci:image:v1', amd64.digest, 'web', 'pkg:oci/web', index.descriptor.digest])
  })

  it('are each there once', async () => {
    const { names } = await read(context, inventoried({ digest: index.descriptor.digest }))
    expect(names).toEqual(['oci:image:v1', index.descriptor.digest])
  })

  it('of what is no image are its own', async () => {
    const target = { kind: 'directory', path: 'root' } as const
    const { digest: _, ...folder } = inventoried({ kind: 'directory', name: 'dir:root' })
    expect(await imageVex({ target, inventoried: folder }, trusting)).toEqual({
      documents: [],
      notes: [],
      names: ['dir:root'],
    })
  })
})
