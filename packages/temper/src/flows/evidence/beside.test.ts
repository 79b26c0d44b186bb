import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Digest, hexOf } from '../../base/digest.ts'
import { type Blob, type Descriptor, mediaTypes } from '../../model/image.ts'
import { jsonBlob, pushAll, sampleImage } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { inspect } from '../image/inspect.ts'
import { sbom } from '../sbom/sbom.ts'
import { listEvidence } from './list.ts'
import { provenance } from './provenance.ts'

/* What BuildKit puts into the index of an image. */

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-beside-'))
  context = sampleContext(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const slsa = 'https://slsa.dev/provenance/v0.2'
const spdx = 'https://spdx.dev/Document'

function statement(subject: Digest | undefined, predicateType: string, predicate: object) {
  const value = {
    _type: 'https://in-toto.io/Statement/v0.1',
    subject:
      subject === undefined
        ? []
        : [{ name: 'pkg:docker/web@1?platform=linux%2Famd64', digest: { sha256: hexOf(subject) } }],
    predicateType,
    predicate,
  }
  return jsonBlob(value, 'application/vnd.in-toto+json')
}

const described = (blob: { readonly descriptor: Descriptor }, type: string) => ({
  ...blob.descriptor,
  annotations: { 'in-toto.io/predicate-type': type },
})

/** A bill of materials as BuildKit has it made: "sbom" of the image, "sbom-base" of its stage "base". */
const bill = (name: string) => (subject: Digest | undefined) =>
  statement(subject, spdx, { spdxVersion: 'SPDX-2.3', name })

/** The same in an envelope, as who signs it puts it in the place of the plain one. */
const enveloped = (name: string) => (subject: Digest | undefined) => {
  const value = {
    _type: 'https://in-toto.io/Statement/v0.1',
    subject: [{ name: 'web', digest: { sha256: hexOf(subject as Digest) } }],
    predicateType: spdx,
    predicate: { spdxVersion: 'SPDX-2.3', name },
  }
  const envelope = {
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(JSON.stringify(value)).toString('base64'),
    signatures: [{ keyid: '', sig: 'c2lnbmVk' }],
  }
  return jsonBlob(envelope, 'application/vnd.in-toto.spdx+dsse')
}

/** An index of one image, with statements that are about `about`. */
async function newIndex(
  name: string,
  {
    about,
    lost = false,
    silent = false,
    more = {},
    bills = [bill('sbom')],
  }: {
    about?: Digest
    lost?: boolean
    silent?: boolean
    more?: object
    bills?: readonly ((subject: Digest | undefined) => Blob)[]
  } = {},
) {
  const image = sampleImage(name)
  const subject = about ?? image.descriptor.digest
  const build = {
    builder: { id: 'https://builder.example' },
    buildType: 'https://mobyproject.org/buildkit@v1',
  }
  const made = statement(silent ? undefined : subject, slsa, build)
  const other = jsonBlob({ any: 'thing' }, 'application/vnd.example+json')
  const config = jsonBlob({ architecture: 'unknown', os: 'unknown' }, mediaTypes.ociConfig)
  const listed = bills.map((each) => each(silent ? undefined : subject))
  const layers = [...listed.map((each) => described(each, spdx)), described(made, slsa), other.descriptor]
  const beside = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: config.descriptor,
      layers,
      ...(Object.keys(more).length === 0 ? {} : { ...more, subject: image.descriptor }),
    },
    mediaTypes.ociManifest,
  )
  const annotations = {
    'vnd.docker.reference.digest': image.descriptor.digest,
    'vnd.docker.reference.type': 'attestation-manifest',
  }
  const manifests = [
    { ...image.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
    { ...beside.descriptor, annotations, platform: { os: 'unknown', architecture: 'unknown' } },
  ]
  const index = jsonBlob({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }, mediaTypes.ociIndex)
  const layout = openLayout(join(folder, name))
  const blobs = [...image.blobs, ...(lost ? [] : [...listed, made, other, config, beside]), index]
  await pushAll(layout, { descriptor: index.descriptor, blobs })
  await layout.tag(index.descriptor, 'v1')
  return {
    reference: parseReference(`oci:${name}:v1`),
    image: image.descriptor.digest,
    made: made.descriptor,
  }
}

it('is told as evidence about its image, which nobody signed', async () => {
  const { reference, image, made } = await newIndex('web')
  const { evidence } = await listEvidence({ reference, keys: [] }, context)
  expect(evidence).toMatchObject([
    { type: spdx, subject: image, verified: false, reason: 'it is not signed' },
    { type: slsa, subject: image, digest: made.digest, verified: false, reason: 'it is not signed' },
  ])
  const { attachments, platforms } = await inspect({ reference, packages: false }, context)
  expect(attachments.map(({ artifactType }) => artifactType)).toEqual([spdx, slsa])
  expect(platforms).toEqual(['linux/amd64'])
  const result = await provenance({ reference, keys: [] }, context)
  expect(result).toMatchObject({ verified: false, digest: made.digest, subject: image })
})

it('is about the image that it lies beside where it names none, as BuildKit writes it of an image without a name', async () => {
  const { reference, image, made } = await newIndex('nameless', { silent: true })
  const { evidence } = await listEvidence({ reference, keys: [] }, context)
  expect(evidence).toMatchObject([
    { type: spdx, subject: image, verified: false, reason: 'it is not signed' },
    { type: slsa, subject: image, verified: false, reason: 'it is not signed' },
  ])
  const result = await provenance({ reference, keys: [] }, context)
  expect(result).toMatchObject({ verified: false, digest: made.digest, subject: image })
})

it('is told once where it is attached to the image too, as newer versions of BuildKit do', async () => {
  const more = { artifactType: 'application/vnd.docker.attestation.manifest.v1+json' }
  const { reference, image, made } = await newIndex('twice', { silent: true, more })
  const listed = (await listEvidence({ reference, keys: [] }, context)).evidence
  expect(listed.map(({ type, subject, reason }) => [type, subject, reason])).toEqual([
    [spdx, image, 'it is not signed'],
    [slsa, image, 'it is not signed'],
  ])
  const only = parseReference(`oci:twice@${image}`)
  const alone = await listEvidence({ reference: only, keys: [] }, context)
  expect(alone.evidence.map(({ digest }) => digest)).toContain(made.digest)
})

it('says nothing of an image that it is not about', async () => {
  const { reference } = await newIndex('lie', { about: `sha256:${'1'.repeat(64)}` as Digest })
  const { evidence } = await listEvidence({ reference, keys: [] }, context)
  expect(evidence).toHaveLength(2)
  for (const each of evidence) expect(each.reason).toContain('it is about')
  await expect(provenance({ reference, keys: [] }, context)).rejects.toMatchObject({ code: 'not-verified' })
})

it('is told where it was not copied with the image', async () => {
  const { reference, image } = await newIndex('lost', { lost: true })
  const { evidence } = await listEvidence({ reference, keys: [] }, context)
  expect(evidence).toMatchObject([{ type: 'unknown', subject: image, verified: false }])
  expect((await inspect({ reference, packages: false }, context)).attachments).toEqual([])
})

describe('a bill of materials in it', () => {
  const attached = async (reference: ReturnType<typeof parseReference>) =>
    await sbom({ target: { kind: 'image', reference }, format: 'spdx-json', source: 'attached' }, context)

  it.each([
    ['plain', bill],
    ['in envelopes', enveloped],
  ])('is given on request, and not that of a stage of the build (%s)', async (name, make) => {
    const bills = [make('sbom-base'), make('sbom')]
    const { reference, image } = await newIndex(name.replaceAll(' ', '-'), { bills })
    const { text, digest } = await attached(reference)
    expect(JSON.parse(text)).toEqual({ spdxVersion: 'SPDX-2.3', name: 'sbom' })
    expect(digest).toBe(image)
    const { evidence } = await listEvidence({ reference, keys: [] }, context)
    expect(evidence.filter(({ type }) => type === spdx)).toHaveLength(2)
  })

  it('is not given where it is about another image', async () => {
    const { reference } = await newIndex('false-bill', { about: `sha256:${'2'.repeat(64)}` as Digest })
    await expect(attached(reference)).rejects.toMatchObject({ code: 'not-found' })
  })
})
