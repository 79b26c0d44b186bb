import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hexOf } from '../../base/digest.ts'
import { pushAll, sampleImage, sampleIndex, sampleReferrer } from '../fixtures/sample.ts'
import { list } from '../fixtures/store.conformance.ts'
import { openLayout } from './layout.ts'
import { keepOnly } from './sweep.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temper-sweep-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('leaves one image with what refers to it, and removes all else', async () => {
  const path = join(root, 'swept')
  const layout = openLayout(path)
  const [old, index] = [sampleImage('old'), sampleIndex('new')]
  await pushAll(layout, old)
  await layout.tag(old.descriptor, 'v1')
  await layout.tag(old.descriptor, 'v0')
  await pushAll(layout, sampleReferrer(old.descriptor, 'a/b', 'old'))
  await pushAll(layout, index)
  const attached = sampleReferrer(index.descriptor, 'a/b', 'new')
  await pushAll(layout, attached)
  await keepOnly(path, { root: index.descriptor, name: 'v1' })
  expect(await list(layout.tags())).toEqual(['v1'])
  expect(await layout.images()).toEqual([index.descriptor])
  expect(await list(layout.referrers(index.descriptor.digest))).toHaveLength(1)
  const expected = [...index.blobs, ...attached.blobs].map((blob) => hexOf(blob.descriptor.digest))
  expect((await readdir(join(path, 'blobs/sha256'))).sort()).toEqual([...new Set(expected)].sort())
})

test('removes what stopped writes left, not what is being written', async () => {
  const path = join(root, 'leftovers')
  const layout = openLayout(path)
  const image = sampleImage('image')
  await pushAll(layout, image)
  for (const [name, time] of [
    ['.tmp-1-old', 1],
    ['.tmp-1-new', 4_000_000_000],
    ['notes.txt', 1],
  ] as const) {
    await writeFile(join(path, name), '')
    await utimes(join(path, name), time, time)
  }
  await keepOnly(path, { root: image.descriptor, name: 'v1' })
  expect((await readdir(path)).sort()).toEqual([
    '.tmp-1-new',
    'blobs',
    'index.json',
    'notes.txt',
    'oci-layout',
  ])
})

test('changes nothing when the image is not complete', async () => {
  const path = join(root, 'incomplete')
  const layout = openLayout(path)
  const [old, next] = [sampleImage('old'), sampleImage('next')]
  await pushAll(layout, old)
  await layout.tag(old.descriptor, 'v1')
  await pushAll(layout, { descriptor: next.descriptor, blobs: next.blobs.slice(1) })
  const before = [await readFile(join(path, 'index.json'), 'utf8'), await readdir(join(path, 'blobs/sha256'))]
  await expect(keepOnly(path, { root: next.descriptor, name: 'v1' })).rejects.toMatchObject({
    code: 'not-found',
  })
  expect([
    await readFile(join(path, 'index.json'), 'utf8'),
    await readdir(join(path, 'blobs/sha256')),
  ]).toEqual(before)
})

test('leaves out what is replaced, with what refers to it, and lists the image first', async () => {
  const path = join(root, 'replaced')
  const layout = openLayout(path)
  const image = sampleImage('image')
  const [before, after] = ['before', 'after'].map((text) => sampleReferrer(image.descriptor, 'a/b', text))
  if (!before || !after) throw new Error('two samples')
  const signature = sampleReferrer(before.descriptor, 'c/d', 'signed')
  for (const sample of [image, before, signature, after]) await pushAll(layout, sample)
  await keepOnly(
    path,
    { root: image.descriptor, name: 'v1' },
    { replaced: ({ annotations }) => annotations?.['note'] === 'before' },
  )
  const listed: { manifests: { digest: string }[] } = JSON.parse(
    await readFile(join(path, 'index.json'), 'utf8'),
  )
  expect(listed.manifests.map(({ digest }) => digest)).toEqual([
    image.descriptor.digest,
    after.descriptor.digest,
  ])
  await layout.tag(image.descriptor, 'v2')
  const again: typeof listed = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'))
  expect(again.manifests.at(-1)?.digest).toBe(after.descriptor.digest)
  const kept = new Set([...image.blobs, ...after.blobs].map((blob) => hexOf(blob.descriptor.digest)))
  expect((await readdir(join(path, 'blobs/sha256'))).sort()).toEqual([...kept].sort())
})
