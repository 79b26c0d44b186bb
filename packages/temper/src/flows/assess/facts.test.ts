import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { sampleImage as readableImage } from '../../formats/layer/fixtures/sample-image.ts'
import { mediaTypes } from '../../model/image.ts'
import { jsonBlob, pushAll, sampleImage, sampleIndex, sampleReferrer } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import { program } from '../../rules/image/fixtures/example.ts'
import { plainProgram } from '../../rules/image/fixtures/plain-image.ts'
import { imageRules } from '../../rules/image/rules.ts'
import type { ImageSubject } from '../../rules/image/subject.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { assessSubject } from './assess.ts'
import { factsOf, gatherFacts, pinned } from './facts.ts'
import { exampleSubject } from './fixtures/example-subject.ts'
import { policyInput } from './policy-input.ts'

let folder = ''
const context = () => sampleContext(folder)
const index = sampleIndex('both')
/** One image for one platform, another for no platform that is said, and the same platform twice. */
const odd = (() => {
  const [a, b] = [sampleImage('a'), sampleImage('b')]
  const platform = { os: 'linux', architecture: 'amd64' }
  const manifests = [a, b].map(({ descriptor }) => ({ ...descriptor, platform }))
  const document = sampleReferrer(a.descriptor, 'text/plain')
  const top = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: [
        ...manifests,
        { ...document.descriptor, platform: { os: 'unknown', architecture: 'unknown' } },
      ],
    },
    mediaTypes.ociIndex,
  )
  return { descriptor: top.descriptor, blobs: [...a.blobs, ...b.blobs, ...document.blobs, top] }
})()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-facts-'))
  for (const [name, image] of [
    ['both', index],
    ['odd', odd],
    ['one', sampleImage('one')],
  ] as const) {
    const layout = openLayout(join(folder, name))
    await pushAll(layout, image)
    await layout.tag(image.descriptor, 'v1')
    await layout.close()
  }
})
beforeAll(async () => {
  const layout = openLayout(join(folder, 'partial'))
  const [there] = [sampleImage('both-amd64', { architecture: 'amd64' })]
  for (const blob of [...there.blobs, ...index.blobs.slice(-1)]) await layout.push(blob)
  await layout.tag(index.descriptor, 'v1')
  await layout.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const gather = (text: string, more = {}) =>
  gatherFacts({ reference: parseReference(text), ...more }, context())

describe('the facts of what a reference stands for', () => {
  it('are those of each platform of an index, whose digest is told', async () => {
    const { reference, digest, images } = await gather('oci:both:v1')
    expect([reference, digest]).toEqual(['oci:both:v1', index.descriptor.digest])
    expect(images.map(({ image }) => image.platform)).toEqual(['linux/amd64', 'linux/arm64'])
    expect(new Set(images.map(({ image }) => image.digest)).size).toBe(2)
    for (const { image } of images) expect(image.repository).toBe('oci:both')
  })

  it('are those of one of them when it is asked for', async () => {
    const platform = { os: 'linux', architecture: 'arm64' }
    const { digest, images } = await gather('oci:both:v1', { platform })
    expect(digest).toBe(index.descriptor.digest)
    expect(images.map(({ image }) => image.platform)).toEqual(['linux/arm64'])
  })

  it('are those of both when two are for the same platform, and of nothing that is no image', async () => {
    const { images } = await gather('oci:odd:v1')
    expect(images.map(({ image }) => image.platform)).toEqual(['linux/amd64', 'linux/amd64'])
    expect(new Set(images.map(({ image }) => image.digest)).size).toBe(2)
  })

  it('are those of the only image that is there of an index, as Docker saves it', async () => {
    const { digest, images } = await gather('oci:partial:v1')
    expect(images.map(({ image }) => [image.platform, image.digest])).toEqual([['linux/amd64', digest]])
    expect(digest).not.toBe(index.descriptor.digest)
  })

  it('are those of a single image', async () => {
    const { digest, images } = await gather('oci:one:v1')
    expect(images.map(({ image }) => image.digest)).toEqual([digest])
  })
})

describe('what a policy reads', () => {
  const input = (text: string, more = {}) =>
    policyInput({ reference: parseReference(text), ...more }, context())

  it('is of one platform: with several, one has to be chosen', async () => {
    await expect(input('oci:both:v1')).rejects.toMatchObject({
      code: 'not-found',
      next: { action: 'choose-platform', platforms: ['linux/amd64', 'linux/arm64'] },
    })
    const platform = { os: 'linux', architecture: 'amd64' }
    expect(await input('oci:both:v1', { platform })).toMatchObject({ image: { platform: 'linux/amd64' } })
    expect(await input('oci:one:v1')).toMatchObject({ image: { user: '65532', entrypoint: ['/bin/app'] } })
  })
})

describe('an image by its digest', () => {
  const digest = sha256('x')
  it.each([
    ['registry.example/a:1', `registry.example/a:1@${digest}`],
    [`registry.example/a@${sha256('old')}`, `registry.example/a@${digest}`],
    // The tag of a layout would have to agree.
    ['oci:a:1', `oci:a@${digest}`],
    ['oci:a', `oci:a@${digest}`],
    ['oci-archive:a.tar:1', `oci-archive:a.tar@${digest}`],
    ['docker-archive:a.tar:a:1', 'docker-archive:a.tar:a:1'],
    ['docker:nginx', 'docker:nginx'],
  ])('of %s is %s', (text, expected) => {
    expect(formatReference(pinned(parseReference(text), digest))).toBe(expected)
  })
})

describe('what was found out about an image', () => {
  /** Of rules about pods nothing is missing in an image; that no package says which files are its own is missing to nobody. */
  const known = imageRules.filter(({ needs }) => !needs.some((part) => part === 'owners')).map(({ id }) => id)
  const reference = parseReference('registry.example/web:1')
  async function facts(known: { readonly [K in 'scan' | 'evidence']?: ImageSubject[K] | undefined } = {}) {
    const subject = await exampleSubject({
      title: 'with a shell',
      files: [program('usr/bin/bash', plainProgram)],
      known: () => ({ archive: { behind: [] }, ...known }),
    })
    return factsOf(
      { subject, assessment: assessSubject(subject, '2026-06-01T00:00:00Z') },
      readableImage([]),
      reference,
    )
  }

  it('is what the rules say, with where and what to do', async () => {
    const { violations, judged, unjudgedRules, tier, next, aspects } = await facts()
    expect(violations).toEqual([
      {
        rule: 'shell',
        level: 'error',
        subject: '/usr/bin/bash',
        place: { kind: 'path', path: '/usr/bin/bash', layer: expect.stringMatching(/^sha256:/) },
        found: expect.any(String),
        remedy: expect.any(String),
      },
    ])
    expect(judged).toEqual(new Set(known))
    expect(unjudgedRules).toEqual([])
    expect([tier, next?.length, aspects?.['attack-surface']]).toEqual(['minimal', 1, 'minimal'])
  })

  it('has rules that nobody could judge without advisories, each with its own level, and why', async () => {
    const { judged, unjudgedRules, unjudged, ...rest } = await facts({ scan: undefined })
    const wanting = imageRules.filter(({ needs }) => needs.includes('scan'))
    expect(unjudgedRules.map(({ rule, level }) => [rule, level])).toEqual(
      wanting.map(({ id, level }) => [id, level]),
    )
    for (const { why, remedy } of unjudgedRules)
      expect([why, remedy]).toEqual(['there are no advisories to compare with', 'fetch advisories'])
    expect(wanting.some(({ id }) => judged.has(id))).toBe(false)
    expect(judged.size).toBe(known.length - wanting.length)
    expect(rest).not.toHaveProperty('scan')
    expect(unjudged.scan).toEqual({
      why: expect.stringContaining('no advisories'),
      remedy: 'fetch advisories',
    })
  })

  it('has no evidence where nobody is trusted: a list of signatures alone proves nothing', async () => {
    const evidence = { attached: [], trustsAnyone: false, sboms: [], provenance: [] }
    const without = await facts({ evidence })
    expect(without).not.toHaveProperty('evidence')
    expect(without.unjudged.evidence?.why).toContain('no signer is trusted')
    const withIt = await facts()
    expect(withIt.evidence?.map(({ verified }) => verified)).toEqual([true, true, true, true])
    expect(Object.keys(withIt.evidence?.[0] ?? {}).sort()).toEqual(['reason', 'signers', 'type', 'verified'])
    expect(withIt.unjudged).toEqual({})
  })
})
