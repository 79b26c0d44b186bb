import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ImageConfig } from '../../model/image.ts'
import { pushAll, sampleImage } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { configurationChanges, diffImages } from './diff.ts'

const changes = (old: ImageConfig['config'], young: ImageConfig['config']) => {
  const imageOf = (config: ImageConfig['config']) => ({
    config: {
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [] },
      ...(config === undefined ? {} : { config }),
    } as ImageConfig,
  })
  return configurationChanges(imageOf(old), imageOf(young))
}

describe('what changed in a configuration', () => {
  test('is told member by member', () => {
    expect(
      changes({ User: '0', Entrypoint: ['/a'] }, { Entrypoint: ['/a', '-v'], WorkingDir: '/srv' }),
    ).toEqual([
      { name: 'Entrypoint', old: ['/a'], new: ['/a', '-v'] },
      { name: 'User', old: '0' },
      { name: 'WorkingDir', new: '/srv' },
    ])
  })

  test('is told variable by variable, in whatever order they stand', () => {
    expect(changes({ Env: ['A=1', 'B=x=y', 'C'] }, { Env: ['B=x=z', 'A=1', 'D='] })).toEqual([
      { name: 'Env B', old: 'x=y', new: 'x=z' },
      { name: 'Env C', old: '' },
      { name: 'Env D', new: '' },
    ])
  })

  test('is nothing for the same, and for none at all', () => {
    expect(changes({ Labels: { a: 'b', c: 'd' } }, { Labels: { c: 'd', a: 'b' } })).toEqual([])
    expect(changes(undefined, {})).toEqual([])
  })
})

describe('two images', () => {
  test('are compared by files, configuration, size and layers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'temper-diff-'))
    try {
      const layout = openLayout(join(folder, 'images'))
      // The first layers of both hold the same file.
      for (const [tag, layers] of [
        ['old', 1],
        ['new', 3],
      ] as const) {
        const image = sampleImage('app', { layers })
        await pushAll(layout, image)
        await layout.tag(image.descriptor, tag)
      }
      const at = (tag: string) => parseReference(`oci:${join(folder, 'images')}:${tag}`)
      const context = sampleContext(folder)
      const diff = await diffImages({ old: at('old'), young: at('new') }, context)
      expect(diff).toMatchObject({
        equal: false,
        configuration: [],
        files: { added: ['app-2', 'app-3'], removed: [], changed: [] },
        measures: {
          old: { size: 1536, layers: 1 },
          new: { size: 3 * 1536, layers: 3 },
          shared: { size: 1536, layers: 1 },
        },
      })
      expect(diff.vulnerabilities).toBeUndefined()
      expect(await diffImages({ old: at('old'), young: at('old') }, context)).toMatchObject({ equal: true })
      await expect(
        diffImages({ old: at('old'), young: at('new'), feeds: join(folder, 'absent') }, context),
      ).rejects.toThrow()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
