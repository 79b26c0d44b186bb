import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hexOf, sha256 } from '../../base/digest.ts'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import { blobOf, jsonBlob, pushAll, sampleImage, sampleReferrer } from '../fixtures/sample.ts'
import { list, read, storeConformance } from '../fixtures/store.conformance.ts'
import { olderTags } from '../name.ts'
import { openLayout } from './layout.ts'

let root: string
let count = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temper-layout-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))
const newPath = () => join(root, `layout-${++count}`)

storeConformance('layout', {
  create: async () => {
    const path = newPath()
    return { open: async () => openLayout(path) }
  },
})

async function withImage(path = newPath()): Promise<{ path: string; descriptor: Descriptor }> {
  const store = openLayout(path)
  const image = sampleImage()
  await pushAll(store, image)
  await store.tag(image.descriptor, 'v1')
  return { path, descriptor: image.descriptor }
}

async function indexOf(path: string): Promise<{ manifests: { digest: string; annotations?: object }[] }> {
  return JSON.parse(await readFile(join(path, 'index.json'), 'utf8'))
}

describe('layout', () => {
  test('has the same bytes in every file each time, and nothing else', async () => {
    const [a, b] = [await withImage(), await withImage()]
    const files = await readdir(a.path, { recursive: true })
    expect(files.sort()).toEqual((await readdir(b.path, { recursive: true })).sort())
    expect(files.filter((file) => !file.startsWith('blobs')).sort()).toEqual(['index.json', 'oci-layout'])
    expect(await readFile(join(a.path, 'index.json'), 'utf8')).toBe(
      await readFile(join(b.path, 'index.json'), 'utf8'),
    )
  })

  test('has no index.json before the tag', async () => {
    const path = newPath()
    await pushAll(openLayout(path), sampleImage())
    expect(await readdir(path)).not.toContain('index.json')
  })

  test('names one descriptor; attachments stand beside it without a name', async () => {
    const { path, descriptor } = await withImage()
    const store = openLayout(path)
    await pushAll(store, sampleReferrer(descriptor, 'a/b'))
    await store.tag(descriptor, 'v1')
    const { manifests } = await indexOf(path)
    expect(manifests.map((each) => each.annotations)).toEqual([
      { 'org.opencontainers.image.ref.name': 'v1' },
      { note: 'hello' },
    ])
    expect(await store.images()).toEqual([descriptor])
  })

  test('drops the entry of an image that lost its only name', async () => {
    const { path } = await withImage()
    const next = sampleImage('next')
    const store = openLayout(path)
    await pushAll(store, next)
    await store.tag(next.descriptor, 'v1')
    expect((await indexOf(path)).manifests.map((each) => each.digest)).toEqual([next.descriptor.digest])
  })

  test('keeps members of foreign entries', async () => {
    const { path } = await withImage()
    const index = await indexOf(path)
    const foreign = { ...index.manifests[0], annotations: {}, data: 'AAAA', urls: ['https://example.com'] }
    await writeFile(join(path, 'index.json'), JSON.stringify({ ...index, extra: 1, manifests: [foreign] }))
    const next = sampleImage('next')
    const store = openLayout(path)
    await pushAll(store, next)
    await store.tag(next.descriptor, 'v2')
    expect(await indexOf(path)).toMatchObject({ extra: 1, manifests: [foreign, {}] })
  })

  test('several processes lose no entry of each other', async () => {
    const path = newPath()
    const image = sampleImage()
    await pushAll(openLayout(path), image)
    const script = `
      import { openLayout } from ${JSON.stringify(join(import.meta.dirname, 'layout.ts'))}
      const store = openLayout(${JSON.stringify(path)})
      for (let i = 0; i < 5; i++) await store.tag(${JSON.stringify(image.descriptor)}, process.argv[1] + '-' + i)`
    const run = promisify(execFile)
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        run(process.execPath, [
          '--disable-warning=ExperimentalWarning',
          '--input-type=module',
          '-e',
          script,
          name,
        ]),
      ),
    )
    const expected = ['a', 'b', 'c'].flatMap((name) => [0, 1, 2, 3, 4].map((i) => `${name}-${i}`))
    expect(await list(openLayout(path).tags())).toEqual(expected)
    expect((await readdir(path)).sort()).toEqual(['blobs', 'index.json', 'oci-layout'])
  })

  test.each([
    ['empty, as a full disk leaves it', ''],
    ['of a process that is alive, as process 1 of any container is', `1 localhost ${'0'.repeat(16)}\n`],
  ])('takes over a lock that nobody renews: %s', async (_what, content) => {
    const { path, descriptor } = await withImage()
    await writeFile(join(path, 'index.json.lock'), content)
    await utimes(join(path, 'index.json.lock'), 1, 1)
    await Promise.all(['v2', 'v3', 'v4'].map((name) => openLayout(path).tag(descriptor, name)))
    expect(await list(openLayout(path).tags())).toEqual(['v1', 'v2', 'v3', 'v4'])
    expect(await readdir(path)).not.toContain('index.json.lock')
  })
})

describe('layout from outside', () => {
  test('refuses a blob that is a symlink, even to the right bytes', async () => {
    const { path, descriptor } = await withImage()
    const blob = join(path, 'blobs/sha256', hexOf(descriptor.digest))
    await rename(blob, join(root, 'elsewhere'))
    await symlink(join(root, 'elsewhere'), blob)
    const store = openLayout(path)
    expect(await store.has(descriptor)).toBe(false)
    await expect(read(store, descriptor)).rejects.toMatchObject({ code: 'bad-image' })
  })

  test('refuses a blob folder that is a symlink: nothing is written through it', async () => {
    const { path } = await withImage()
    await rename(join(path, 'blobs/sha256'), join(root, 'target'))
    await symlink(join(root, 'target'), join(path, 'blobs/sha256'))
    await expect(openLayout(path).push(blobOf('x'))).rejects.toMatchObject({ code: 'bad-image' })
  })

  test('knows by their kinds what is attached to the image that cosign saved', async () => {
    const path = newPath()
    const store = openLayout(path)
    const [image, signature, statement] = [sampleImage('a'), sampleImage('sig'), sampleImage('att')]
    for (const each of [image, signature, statement]) await pushAll(store, each)
    const entry = (kind: string, { descriptor }: { readonly descriptor: Descriptor }) => ({
      ...descriptor,
      annotations: { kind: `dev.cosignproject.cosign/${kind}` },
    })
    const manifests = [entry('sigs', signature), entry('image', image), entry('atts', statement)]
    const write = (all: readonly object[]) =>
      writeFile(join(path, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: all }))
    await writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    await write(manifests)
    const { signatures, attestations } = olderTags(image.descriptor.digest)
    const saved = openLayout(path)
    expect(await saved.images()).toEqual([image.descriptor])
    expect(await saved.resolve(signatures)).toEqual(signature.descriptor)
    expect(await saved.resolve(attestations)).toEqual(statement.descriptor)
    // Of several images nobody says whose they are.
    await write([...manifests, entry('image', sampleImage('b'))])
    await expect(openLayout(path).resolve(signatures)).rejects.toMatchObject({ code: 'not-found' })
    // What is attached by a tag comes after the image that it is attached to, whichever was named first.
    await write([])
    const other = openLayout(path)
    await other.tag(signature.descriptor, signatures)
    await other.tag(image.descriptor, 'v1')
    expect((await indexOf(path)).manifests.map(({ digest }) => digest)).toEqual([
      image.descriptor.digest,
      signature.descriptor.digest,
    ])
  })

  test('finds what refers to an image in the list that other tools keep under a tag', async () => {
    const { path, descriptor } = await withImage()
    const store = openLayout(path)
    const listed = sampleReferrer(descriptor, 'listed')
    const untold = sampleReferrer(descriptor, 'untold')
    await pushAll(store, listed)
    await pushAll(store, untold)
    const { artifactType: _, ...plain } = untold.descriptor
    const absent = { ...listed.descriptor, digest: sha256('absent'), artifactType: 'application/absent' }
    const manifests = [listed.descriptor, plain, absent]
    const index = jsonBlob(
      { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
      mediaTypes.ociIndex,
    )
    await store.push(index)
    await store.tag(index.descriptor, `sha256-${hexOf(descriptor.digest)}`)
    const before = await list(store.referrers(descriptor.digest))
    const entries = await indexOf(path)
    const kept = entries.manifests.filter(
      ({ digest }) => ![listed, untold].some((each) => each.descriptor.digest === digest),
    )
    await writeFile(join(path, 'index.json'), JSON.stringify({ ...entries, manifests: kept }))
    const digests = (all: readonly Descriptor[]) => all.map(({ digest }) => digest).sort()
    const after = await list(openLayout(path).referrers(descriptor.digest))
    expect(digests(after)).toEqual(digests(manifests))
    // Each once, wherever it is listed.
    expect(digests(before)).toEqual(digests(manifests))
    expect(after.map(({ artifactType }) => artifactType)).not.toContain(undefined)
    expect(await list(openLayout(path).referrers(descriptor.digest, 'application/absent'))).toEqual([absent])
    expect(await openLayout(path).images()).toHaveLength(1)
  })

  test('finds out changed and truncated blobs', async () => {
    const { path, descriptor } = await withImage()
    const blob = join(path, 'blobs/sha256', hexOf(descriptor.digest))
    const bytes = await readFile(blob)
    await writeFile(blob, Buffer.from(bytes).fill(0x20, 5, 6))
    await expect(read(openLayout(path), descriptor)).rejects.toMatchObject({ code: 'digest-mismatch' })
    await writeFile(blob, bytes.subarray(1))
    const store = openLayout(path)
    await expect(read(store, descriptor)).rejects.toMatchObject({ code: 'digest-mismatch' })
    expect(await store.has(descriptor)).toBe(false)
    // A push repairs it.
    await pushAll(store, sampleImage())
    expect((await read(store, descriptor)).length).toBe(descriptor.size)
  })

  test('refuses folders that are something else, and unknown versions', async () => {
    const path = newPath()
    await mkdir(path)
    await writeFile(join(path, 'letter.txt'), 'Dear all')
    await expect(openLayout(path).push(blobOf('x'))).rejects.toMatchObject({ code: 'bad-image' })
    await expect(openLayout(path).resolve('v1')).rejects.toMatchObject({ code: 'bad-image' })
    await writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}')
    await expect(openLayout(path).resolve('v1')).rejects.toMatchObject({ code: 'bad-image' })
  })

  test.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['deep nesting', '['.repeat(100_000)],
    [
      'a wrong digest',
      '{"schemaVersion":2,"manifests":[{"mediaType":"a/b","size":1,"digest":"sha256:../../x"}]}',
    ],
    ['a negative size', `{"manifests":[{"mediaType":"a/b","size":-1,"digest":"sha256:${'0'.repeat(64)}"}]}`],
  ])('reports an index.json with %s', async (_, text) => {
    const { path } = await withImage()
    await writeFile(join(path, 'index.json'), text)
    await expect(openLayout(path).resolve('v1')).rejects.toMatchObject({
      code: expect.stringMatching(/^(bad-image|limit-exceeded)$/),
    })
  })
})
