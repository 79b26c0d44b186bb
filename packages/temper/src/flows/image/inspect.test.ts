import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { blobOf, jsonBlob, layerOf, pushAll, sampleImage, sampleReferrer } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { inspect } from './inspect.ts'
import { assertRegistry, login } from './login.ts'
import { nameOf, repositoryOf } from './name.ts'
import { tagNames } from './tag-names.ts'

let folder = ''
let context: Context
const warnings: string[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-inspect-'))
  const { progress } = sampleContext(folder)
  context = sampleContext(folder, { progress: { ...progress, warn: (text: string) => warnings.push(text) } })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let images = 0
async function inspected(
  config: Partial<ImageConfig>,
  { layers = 2, annotations = {} }: { readonly layers?: number; readonly annotations?: object } = {},
) {
  const blobs = Array.from({ length: layers }, (_, i) => layerOf(`l${i}`))
  const whole = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: blobs.map(({ descriptor }) => descriptor.digest) },
    ...config,
  }
  const configuration = jsonBlob(whole, mediaTypes.ociConfig)
  const manifest = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: configuration.descriptor,
      annotations,
      layers: blobs.map(({ descriptor }) => descriptor),
    },
    mediaTypes.ociManifest,
  )
  const path = `image-${images++}`
  const layout = openLayout(join(folder, path))
  for (const each of [...blobs, configuration, manifest]) await layout.push(each)
  await layout.tag(manifest.descriptor, 'v1')
  const result = await inspect({ reference: parseReference(`oci:${path}`), packages: false }, context)
  const [image] = result.images
  if (image === undefined) throw new Error('no image')
  return { ...result, image }
}

describe('what an image says of itself', () => {
  it('is its configuration, its annotations, and the sum of its layers', async () => {
    const { image, platforms, reference, attachments } = await inspected(
      { created: '2026-01-01T00:00:00Z', config: { User: '7' }, variant: 'v2' },
      { annotations: { a: 'b' }, layers: 3 },
    )
    expect(image).toMatchObject({
      platform: 'linux/amd64/v2',
      created: '2026-01-01T00:00:00Z',
      config: { User: '7' },
      annotations: { a: 'b' },
      size: 3 * 1536,
    })
    expect(image).not.toHaveProperty('packages')
    expect([platforms, attachments]).toEqual([['linux/amd64/v2'], []])
    expect(reference).toMatch(/^oci:image-/)
  })

  it('of one that says nothing is empty', async () => {
    const { image } = await inspected({}, { layers: 0 })
    expect(image).toMatchObject({ config: {}, layers: [], size: 0 })
    expect(image).not.toHaveProperty('created')
  })

  it.each<[string, ImageConfig['history'], readonly (readonly (string | undefined)[])[]]>([
    ['a line for each', [{ created_by: 'a' }, { created_by: 'b', comment: 'c' }], [['a'], ['b', 'c']]],
    [
      'lines for what makes no layer',
      [{ created_by: 'ENV', empty_layer: true }, { created_by: 'a' }, { created_by: 'b' }],
      [['a'], ['b']],
    ],
    ['fewer lines than layers', [{ created_by: 'a' }], [['a'], []]],
    [
      'more lines than layers',
      [{ created_by: 'a' }, { created_by: 'b' }, { created_by: 'c' }],
      [['a'], ['b']],
    ],
    ['lines that say nothing', [{}, { comment: 'c' }], [[], [undefined, 'c']]],
    ['no lines', undefined, [[], []]],
  ])('has for its two layers, with %s, who made them', async (_, history, expected) => {
    const { image } = await inspected(history === undefined ? {} : { history })
    expect(image.layers.map(({ createdBy, comment }) => [createdBy, comment])).toEqual(
      expected.map(([createdBy, comment]) => [createdBy, comment]),
    )
  })
})

it('packages are sorted, and what of a database is damaged is a warning with its place', async () => {
  const packageOf = (name: string, version: string) =>
    `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n\n`
  const files: readonly SampleEntry[] = [
    { path: 'etc/os-release', type: 'file', content: 'ID=debian\nVERSION_ID=13\n' },
    {
      path: 'var/lib/dpkg/status',
      type: 'file',
      content: `${packageOf('b', '1')}${packageOf('a', '2')}nonsense without a colon\n\n`,
    },
  ]
  await writeLayout(join(folder, 'debian'), [files], {})
  const { images: summaries } = await inspect(
    { reference: parseReference('oci:debian'), packages: true },
    context,
  )
  expect(
    summaries[0]?.packages?.map(({ name, version, source, type }) => [name, version, source, type]),
  ).toEqual([
    ['a', '2', 'a', 'deb'],
    ['b', '1', 'b', 'deb'],
  ])
  expect(warnings).toEqual([expect.stringMatching(/^\/var\/lib\/dpkg\/status: /)])
})

it('what is attached is listed by its type, and what has none by its media type', async () => {
  const layout = openLayout(join(folder, 'attached'))
  const image = sampleImage('a')
  await pushAll(layout, image)
  await layout.tag(image.descriptor, 'v1')
  const { mediaType, digest, size } = image.descriptor
  const empty = blobOf('{}', mediaTypes.ociEmpty)
  const bare = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      layers: [],
      subject: { mediaType, digest, size },
      config: { ...empty.descriptor, mediaType: 'application/vnd.example.config' },
    },
    mediaTypes.ociManifest,
  )
  await pushAll(layout, sampleReferrer(image.descriptor, 'a/b'))
  for (const each of [empty, bare]) await layout.push(each)
  const { attachments } = await inspect(
    { reference: parseReference('oci:attached'), packages: false },
    context,
  )
  expect(attachments.map(({ artifactType }) => artifactType).sort()).toEqual([
    'a/b',
    'application/vnd.example.config',
  ])
})

it.each(['oci:none', 'oci:none:v1'])('%s, which is not there, is told', async (text) => {
  await expect(inspect({ reference: parseReference(text), packages: false }, context)).rejects.toMatchObject({
    code: 'not-found',
  })
})

describe('names of images', () => {
  it.each([
    ['docker://nginx', 'docker.io/library/nginx', 'docker.io/library/nginx:latest'],
    ['registry.example/a/b:1', 'registry.example/a/b', 'registry.example/a/b:1'],
    [`registry.example/a@sha256:${'0'.repeat(64)}`, 'registry.example/a', 'registry.example/a'],
    [`registry.example/a:2@sha256:${'0'.repeat(64)}`, 'registry.example/a', 'registry.example/a:2'],
    ['localhost:5000/a', 'localhost:5000/a', 'localhost:5000/a:latest'],
    ['oci:out/a:1', 'oci:out/a', undefined],
    ['oci-archive:a.tar', 'oci-archive:a.tar', undefined],
    ['docker-archive:a.tar:b:1', 'docker-archive:a.tar', undefined],
    ['docker:nginx', 'docker:nginx', undefined],
  ])('%s is in %s, and called %s', (text, repository, name) => {
    const reference = parseReference(text)
    expect([repositoryOf(reference), nameOf(reference)]).toEqual([repository, name])
  })

  it('may be listed without looking at what they name, as many as are asked for', async () => {
    const layout = openLayout(join(folder, 'tags'))
    const image = sampleImage('a')
    await pushAll(layout, image)
    for (const tag of ['1', '2', '3']) await layout.tag(image.descriptor, tag)
    const reference = parseReference('oci:tags')
    expect([...(await tagNames(reference, { limit: 10 }, context))].sort()).toEqual(['1', '2', '3'])
    expect(await tagNames(reference, { limit: 2 }, context)).toHaveLength(2)
  })
})

describe('a registry to log in at', () => {
  it.each(['registry.example', 'registry.example:5000', 'localhost', '127.0.0.1:5000', '[::1]:5000'])(
    'may be %s',
    (host) => {
      expect(() => assertRegistry(host)).not.toThrow()
    },
  )

  it.each([
    '',
    'https://registry.example',
    'registry.example/team',
    'a b',
    'user@registry.example',
    'x:y',
    '\n',
  ])('is not %j, and nobody is asked', async (host) => {
    const nobody = { username: 'u', password: 'p' } as never
    await expect(login(host, nobody, context)).rejects.toMatchObject({ code: 'bad-reference' })
  })
})
