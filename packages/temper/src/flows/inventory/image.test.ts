import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushAll, sampleImage, sampleIndex } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { writeForeignImage } from '../sbom/fixtures/foreign-image.ts'
import { folderInventory, imageInventory } from './image.ts'
import { type ScanTarget, targetName } from './target.ts'

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-image-inventory-'))
  context = sampleContext(folder)
  await writeForeignImage(join(folder, 'theirs.tar'))
  for (const [name, image] of [
    ['web', sampleImage('web')],
    ['both', sampleIndex()],
  ] as const) {
    const layout = openLayout(join(folder, name))
    await pushAll(layout, image)
    await layout.tag(image.descriptor, 'v1')
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const inventory = (text: string, options = {}) => imageInventory(parseReference(text), options, context)

describe('the inventory of an image', () => {
  it('tells of the image itself, and of what is in its layers', async () => {
    const inventoried = await inventory('docker-archive:theirs.tar')
    expect(inventoried).toMatchObject({
      kind: 'image',
      name: 'docker-archive:theirs.tar',
      platform: 'linux/amd64',
      created: '2026-01-02T03:04:05.678901234Z',
      title: 'theirs',
      from: 'layers',
    })
    expect(inventoried.inventory.components.map(({ name }) => name)).toEqual([
      'libc6',
      'tool',
      'app',
      'left-pad',
    ])
  })

  it('is called after its reference when it has no title', async () => {
    expect((await inventory('oci:web:v1')).title).toBe('web')
  })

  it('is of the platform that is asked for', async () => {
    await expect(inventory('oci:both:v1')).rejects.toMatchObject({ next: { action: 'choose-platform' } })
    const platform = { os: 'linux', architecture: 'arm64' } as const
    expect((await inventory('oci:both:v1', { platform })).platform).toBe('linux/arm64')
  })

  it('is not made of the layers when only a trusted document will do', async () => {
    await expect(inventory('oci:web:v1', { source: 'attached' })).rejects.toMatchObject({
      code: 'not-verified',
    })
  })
})

it('a folder is read from where the person is', async () => {
  await mkdir(join(folder, 'root/app'), { recursive: true })
  await writeFile(join(folder, 'root/app/package.json'), '{"name":"x","version":"1.0.0"}')
  const inventoried = await folderInventory('root', {}, context)
  expect(inventoried).toMatchObject({ kind: 'directory', name: 'dir:root', from: 'files' })
  expect(inventoried.inventory.components.map(({ purl }) => purl)).toEqual(['pkg:npm/x@1.0.0'])
  expect((await folderInventory(join(folder, 'root'), {}, context)).inventory).toEqual(inventoried.inventory)
})

it.each<[ScanTarget, string]>([
  [{ kind: 'image', reference: parseReference('oci:out/web:1') }, 'oci:out/web:1'],
  [{ kind: 'directory', path: '/srv/root' }, 'dir:/srv/root'],
  [{ kind: 'sbom', path: '-' }, 'sbom:-'],
  [{ kind: 'lock', path: 'web.lock.json' }, 'lock:web.lock.json'],
])('%j has the name %s', (target, name) => {
  expect(targetName(target)).toBe(name)
})
