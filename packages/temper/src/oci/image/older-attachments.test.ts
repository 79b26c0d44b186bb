import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pushAll, sampleImage } from '../fixtures/sample.ts'
import { list } from '../fixtures/store.conformance.ts'
import { openLayout } from '../layout/layout.ts'
import { keepOnly } from '../layout/sweep.ts'
import { isAttachmentTag, olderTags } from '../name.ts'
import { olderAttachments } from './older-attachments.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temper-older-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('what is attached by tags is no image and no name, and stays with its image', async () => {
  const path = join(root, 'layout')
  const layout = openLayout(path)
  const [image, old, signature] = [sampleImage('image'), sampleImage('old'), sampleImage('signature')]
  for (const sample of [image, old, signature]) await pushAll(layout, sample)
  await layout.tag(image.descriptor, 'v1')
  const { signatures } = olderTags(image.descriptor.digest)
  await layout.tag(signature.descriptor, signatures)
  await layout.tag(old.descriptor, olderTags(old.descriptor.digest).attestations)

  expect(await list(layout.tags())).toEqual(['v1'])
  expect(await layout.images()).toEqual([image.descriptor])
  const attached = [{ tag: signatures, descriptor: signature.descriptor }]
  expect(await olderAttachments(layout, image.descriptor.digest)).toEqual(attached)

  await keepOnly(path, { root: image.descriptor, name: 'v1' })
  expect(await olderAttachments(layout, image.descriptor.digest)).toEqual(attached)
  expect(await olderAttachments(layout, old.descriptor.digest)).toEqual([])
  expect(await layout.has(old.descriptor)).toBe(false)
})

test.each([
  [`sha256-${'0'.repeat(64)}`, true],
  [`sha256-${'0'.repeat(64)}.sig`, true],
  [`sha256-${'0'.repeat(64)}.att`, true],
  [`sha256-${'0'.repeat(63)}`, false],
  [`sha256-${'0'.repeat(64)}.sig2`, false],
  ['1.26', false],
])('the tag %s stands for attachments: %s', (tag, expected) => {
  expect(isAttachmentTag(tag)).toBe(expected)
})
