import { describe, expect, it } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { Reference } from '../../model/reference.ts'
import { describeHardened } from './describe.ts'

const [name, digest] = ['org.opencontainers.image.base.name', 'org.opencontainers.image.base.digest']
const made = sampleImage([[{ path: 'a', type: 'file' }]], { Labels: { team: 'x', [name]: '', [digest]: '' } })
/** As buildah makes it of a folder: its own base has an empty name. */
const base = {
  ...made,
  manifest: { ...made.manifest, annotations: { kept: 'yes', [name]: '', [digest]: 'sha256:0' } },
}

function lineageOf(reference: Reference) {
  const image = describeHardened({
    base,
    reference,
    layers: base.layers,
    steps: [],
    user: '',
    created: '2026-01-01T00:00:00Z',
  })
  return { labels: image.config.config?.Labels, annotations: image.manifest.annotations }
}

describe('the base that a hardened image names', () => {
  it('has its digest alone when it was no image of a registry', () => {
    for (const reference of [
      { kind: 'oci', path: 'in' },
      { kind: 'docker', name: 'x' },
    ] as const) {
      const { labels, annotations } = lineageOf(reference)
      expect(labels).toEqual({ team: 'x', [digest]: base.descriptor.digest })
      expect(annotations).toMatchObject({ kept: 'yes', [digest]: base.descriptor.digest })
      expect(annotations).not.toHaveProperty([name])
    }
  })

  it('is that of the registry, not the base of the base', () => {
    const { labels, annotations } = lineageOf({
      kind: 'registry',
      registry: 'registry.example',
      repository: 'app',
      tag: '1',
    })
    expect(labels?.[name]).toBe('registry.example/app:1')
    expect(annotations?.[name]).toBe('registry.example/app:1')
  })
})
