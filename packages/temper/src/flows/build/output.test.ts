import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sampleRecipe } from '../../assemble/fixtures/sample.ts'
import { jsonBlobs } from '../../assemble/layers/image.ts'
import { sampleImage as sampleLayers } from '../../formats/layer/fixtures/sample-image.ts'
import { type Image, mediaTypes } from '../../model/image.ts'
import { blobOf } from '../../oci/fixtures/sample.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { evidenceAnnotation } from '../evidence/evidence-type.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { BuildOutput, type OutputRequest } from './output.ts'

let folder = ''
let context: Context
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-output-'))
  context = sampleContext(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** An image as `describeImage` gives it. */
function builtImage(title: string): Image {
  const { config, layers } = sampleLayers([[{ path: title, type: 'file', content: title }]])
  const configBlob = blobOf(JSON.stringify(config), mediaTypes.ociConfig)
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: configBlob.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
  } as const
  return {
    descriptor: blobOf(JSON.stringify(manifest), mediaTypes.ociManifest).descriptor,
    manifest,
    config,
    layers,
  }
}

const recipe = { ...sampleRecipe({}), name: 'web' }
const output = (request: OutputRequest = {}, more = {}) =>
  new BuildOutput(request, { ...recipe, ...more }, context)
const blobs = (image: Image) => [...image.layers, ...jsonBlobs(image)].map(({ descriptor }) => descriptor)

describe('where a build goes', () => {
  it.each<[string, OutputRequest, object, string]>([
    ['its own folder', {}, {}, 'out/web:latest'],
    ['the first tag of the recipe', {}, { tags: ['1.2', '1'] }, 'out/web:1.2'],
    ['a place with a tag', { layout: { path: 'here', tag: '3' } }, { tags: ['1'] }, 'here:3'],
    ['the tag of the first copy', { copies: [parseReference('oci:there:4')] }, { tags: ['1'] }, 'out/web:4'],
    [
      'the tag of a copy before that of the place',
      { layout: { path: 'here', tag: '3' }, copies: [parseReference('registry.example/web:5')] },
      {},
      'here:5',
    ],
  ])('is %s', (_, request, more, expected) => {
    expect(formatReference(output(request, more).reference)).toBe(`oci:${join(folder, expected)}`)
  })

  it('has the names that signatures say', () => {
    const copies = ['registry.example/a:1', 'oci:x:2', 'registry.example/b:3'].map(parseReference)
    expect(output({ copies }).names).toEqual(['registry.example/a:1', 'registry.example/b:3'])
    const named = { image: 'registry.example/team/web', tags: ['1', '2'] }
    expect(output({ toRecipeImage: true }, named).names).toEqual([
      'registry.example/team/web:1',
      'registry.example/team/web:2',
    ])
    expect(output({ toRecipeImage: true }, { ...named, tags: [] }).names).toEqual([
      'registry.example/team/web:latest',
    ])
  })

  it('is refused when it is nowhere, or a digest', () => {
    expect(() => output({ toRecipeImage: true })).toThrow(
      expect.objectContaining({ code: 'bad-usage', next: { action: 'name-registry' } }),
    )
    const copies = [parseReference(`oci:x@sha256:${'0'.repeat(64)}`)]
    expect(() => output({ copies })).toThrow(expect.objectContaining({ code: 'bad-usage' }))
  })

  it('is checked before the work', async () => {
    await expect(output().check()).resolves.toBeUndefined()
    await writeFile(join(folder, 'file'), '')
    for (const path of ['file', 'file/below'])
      await expect(output({ layout: { path } }).check()).rejects.toMatchObject({ code: 'file-system' })
  })
})

describe('what a build writes', () => {
  it('is there as a whole, or not held', async () => {
    const [image, other] = [builtImage('one'), builtImage('two')]
    const place = output()
    expect(await place.holds(image.descriptor, blobs(image))).toBe(false)
    const root = await place.write([image], undefined, [])
    expect(root).toEqual(image.descriptor)
    expect(await place.holds(root, blobs(image))).toBe(true)
    expect(await place.holds(other.descriptor, blobs(other))).toBe(false)
    expect(await place.holds(root, [...blobs(image), other.descriptor])).toBe(false)
    expect(await output({ layout: { path: 'out/web', tag: 'x' } }).holds(root, blobs(image))).toBe(false)
  })

  it('takes the place of what an earlier build attached, and of nothing else', async () => {
    const image = builtImage('one')
    const document = (text: string, annotations: Record<string, string>) =>
      attachedDocument(image.descriptor, Buffer.from(text), { artifactType: 'application/x', annotations })
    const place = output()
    const theirs = document('theirs', { who: 'somebody' })
    await place.write([image], undefined, [document('old', { ...evidenceAnnotation })])
    for (const blob of [...theirs.blobs, theirs.manifest]) await place.layout.push(blob)
    const fresh = document('new', { ...evidenceAnnotation })
    await place.write([image], undefined, [fresh])
    const listed: string[] = []
    for await (const { digest } of place.layout.referrers(image.descriptor.digest)) listed.push(digest)
    expect(listed.sort()).toEqual([theirs, fresh].map(({ manifest }) => manifest.descriptor.digest).sort())
  })

  it('is copied, and told by where it is', async () => {
    const image = builtImage('one')
    const place = output({ copies: ['oci:copy:v1', 'docker-archive:web.tar'].map(parseReference) })
    const root = await place.write([image], undefined, [])
    expect(await place.publish(root)).toMatchObject([
      { reference: 'oci:copy:v1' },
      { reference: 'docker-archive:web.tar' },
    ])
    expect((await openLayout(join(folder, 'copy')).resolve('v1')).digest).toBe(root.digest)
    expect((await readFile(join(folder, 'web.tar'))).length).toBeGreaterThan(1000)
  })
})
