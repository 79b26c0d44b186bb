import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signBundle } from '../../attest/envelope/bundle.ts'
import { sampleSigner } from '../../attest/fixtures/sample.ts'
import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { evidenceTypes, predicateTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { createMemoryStore } from '../../oci/fixtures/memory.ts'
import { pushAll, sampleImage, sampleIndex } from '../../oci/fixtures/sample.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import { parseReference } from '../../oci/reference.ts'
import type { SubjectEvidence } from '../../rules/image/subject.ts'
import { attach } from '../evidence/attach.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { readEvidence } from './evidence.ts'

const signer = sampleSigner()
const image = sampleImage('web')
let store: Store
beforeEach(async () => {
  store = createMemoryStore()
  await pushAll(store, image)
})

async function signed(type: string, predicate: JsonObject, subject: Descriptor = image.descriptor) {
  const statement = makeStatement([{ digest: digestSet(subject.digest) }], { predicateType: type, predicate })
  const artifactType = evidenceTypes.bundle
  return await attach(store, attachedDocument(subject, await signBundle(statement, signer), { artifactType }))
}

const plain = (text: string, artifactType: string) =>
  attach(store, attachedDocument(image.descriptor, Buffer.from(text), { artifactType }))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-evidence-of-'))
  await writeFile(join(folder, 'ours.pub'), signer.key.pem)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(
  keys: readonly string[] = ['ours.pub'],
  { root, of }: { readonly root: Descriptor; readonly of: Descriptor } = {
    root: image.descriptor,
    of: image.descriptor,
  },
): Promise<SubjectEvidence> {
  const reference = parseReference('registry.example/team/web:1')
  const source = { store, root, reference, text: 'web' }
  return (await readEvidence(source, of, { trust: { keys }, context: sampleContext(folder) })).evidence
}

const spdx = (name: string): JsonObject => ({
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  dataLicense: 'CC0-1.0',
  name: 'doc',
  documentNamespace: 'https://example.org/doc',
  creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: x'] },
  packages: [
    {
      SPDXID: 'SPDXRef-1',
      name,
      versionInfo: '1.0',
      downloadLocation: 'NOASSERTION',
      externalRefs: [
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: `pkg:npm/${name}@1.0`,
        },
      ],
    },
  ],
})

describe('bills of materials of an image', () => {
  it('are read, signed or not, whatever the version that their type names', async () => {
    await signed(predicateTypes.spdxjson, spdx('signed'))
    await signed(`${predicateTypes.cyclonedx}/v1.6`, {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [{ type: 'library', name: 'c', version: '2', purl: 'pkg:npm/c@2' }],
    })
    await plain(JSON.stringify(spdx('plain')), 'application/spdx+json')
    const { sboms, attached } = await read()
    const listed = sboms.map(({ inventory }) => inventory?.components.map(({ purl }) => purl))
    expect(listed.flat().sort()).toEqual(['pkg:npm/c@2', 'pkg:npm/plain@1.0', 'pkg:npm/signed@1.0'])
    expect(attached).toHaveLength(3)
    for (const each of attached) expect(each).not.toHaveProperty('statement')
  })

  it.each([
    ['says of no format', '{"packages":[]}'],
    ['is cut off', '{"spdxVersion":"SPDX-2.3","packages":['],
    ['is another thing', 'hello'],
  ])('one that %s is listed without content', async (_, text) => {
    await plain(text, 'application/spdx+json')
    const { sboms } = await read()
    expect(sboms).toHaveLength(1)
    expect(sboms[0]).not.toHaveProperty('inventory')
  })
})

describe('provenance of an image', () => {
  const hex = 'a'.repeat(64)

  it.each([
    [
      predicateTypes.slsaprovenance1,
      {
        buildDefinition: {
          buildType: 'https://ci.example/build',
          resolvedDependencies: [{ uri: 'pkg:a/b', digest: { sha256: hex } }],
        },
        runDetails: { builder: { id: 'https://ci.example/builder' } },
      },
    ],
    [
      predicateTypes.slsaprovenance,
      {
        builder: { id: 'https://ci.example/builder' },
        buildType: 'https://ci.example/build',
        materials: [{ uri: 'pkg:a/b', digest: { sha256: hex } }],
      },
    ],
  ])('%s says the same in its own places', async (type, predicate) => {
    await signed(type, predicate)
    const { provenance } = await read()
    expect(provenance).toEqual([
      {
        evidence: expect.objectContaining({ type, verified: true }),
        builder: 'https://ci.example/builder',
        buildType: 'https://ci.example/build',
        materials: [{ uri: 'pkg:a/b', digest: { sha256: hex } }],
      },
    ])
  })

  it.each<[string, JsonObject, object]>([
    ['nothing', {}, { materials: [] }],
    ['a builder that is no object', { runDetails: { builder: 'me' } }, { materials: [] }],
    ['a builder whose id is a number', { builder: { id: 7 } }, { materials: [] }],
    ['materials that are no list', { materials: { 0: {} } }, { materials: [] }],
    ['materials that are no objects', { materials: [null, 'x', 3] }, { materials: [{}, {}, {}] }],
    [
      'digests that are no texts',
      { materials: [{ uri: 1, digest: { sha256: 7, sha1: 'b', __proto__x: null } }] },
      { materials: [{ digest: { sha1: 'b' } }] },
    ],
    [
      'both forms, of which the newer counts',
      {
        buildType: 'old',
        materials: [{ uri: 'old' }],
        buildDefinition: { buildType: 'new', resolvedDependencies: [{ uri: 'new' }] },
      },
      { buildType: 'new', materials: [{ uri: 'new' }] },
    ],
  ])('that says %s is read as far as it goes', async (_, predicate, expected) => {
    await signed(predicateTypes.slsaprovenance1, predicate)
    const [{ evidence: _evidence, ...said } = {}] = (await read()).provenance
    expect(said).toEqual(expected)
  })
})

describe('who is trusted about it', () => {
  it('is nobody unless somebody is named, and then nothing is verified', async () => {
    await signed(predicateTypes.slsaprovenance1, {})
    const [nobody, us] = [await read([]), await read()]
    expect([nobody.trustsAnyone, us.trustsAnyone]).toEqual([false, true])
    expect([nobody.provenance, us.provenance].map(([first]) => first?.evidence.verified)).toEqual([
      false,
      true,
    ])
  })
})

describe('an image that is one of several', () => {
  it('has what is attached to it, then what is attached to all of them, and not what the others have', async () => {
    const index = sampleIndex('all')
    await pushAll(store, index)
    const manifests = index.blobs
      .map(({ descriptor }) => descriptor)
      .filter(({ mediaType }) => /manifest/.test(mediaType))
    const [amd64, arm64] = manifests
    if (amd64 === undefined || arm64 === undefined) throw new Error('no images')
    const build = (buildType: string) => ({ buildType })
    await signed(predicateTypes.slsaprovenance, build('amd64'), amd64)
    await signed(predicateTypes.slsaprovenance, build('arm64'), arm64)
    await signed(predicateTypes.slsaprovenance, build('index'), index.descriptor)
    const both = await read(['ours.pub'], { root: index.descriptor, of: amd64 })
    expect(both.provenance.map(({ buildType }) => buildType)).toEqual(['amd64', 'index'])
    const alone = await read(['ours.pub'], { root: amd64, of: amd64 })
    expect(alone.attached).toHaveLength(1)
  })
})
