import { describe, expect, it } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { Image, ImageConfig } from '../../model/image.ts'
import { parseReference } from '../../oci/reference.ts'
import { describeImage } from './image-description.ts'

const reference = parseReference('docker://nginx:1.27')
const imageWith = (config: NonNullable<ImageConfig['config']>, over: Partial<ImageConfig> = {}): Image => {
  const image = sampleImage([[{ path: 'a', type: 'file' }], [{ path: 'b', type: 'file' }]], config)
  return { ...image, config: { ...image.config, ...over } }
}

describe('the description of an image', () => {
  it('has what its configuration says, in an order that does not depend on it', () => {
    const image = imageWith(
      {
        User: '7',
        Entrypoint: ['/a'],
        Cmd: ['-v'],
        WorkingDir: '/srv',
        StopSignal: 'SIGINT',
        Env: ['PATH=/bin', 'A=x=y', 'B=', 'C'],
        ExposedPorts: { '9000/tcp': {}, '53/udp': {} },
        Volumes: { '/z': {}, '/a': {} },
        Labels: { a: 'b' },
      },
      { created: '2026-01-01T00:00:00Z', architecture: 'arm', variant: 'v7' },
    )
    expect(describeImage(image, reference)).toEqual({
      reference: 'docker.io/library/nginx:1.27',
      repository: 'docker.io/library/nginx',
      digest: image.descriptor.digest,
      platform: 'linux/arm/v7',
      size: image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
      layers: 2,
      created: '2026-01-01T00:00:00Z',
      user: '7',
      entrypoint: ['/a'],
      cmd: ['-v'],
      workdir: '/srv',
      stopSignal: 'SIGINT',
      env: { PATH: '/bin', A: 'x=y', B: '', C: '' },
      ports: ['53/udp', '9000/tcp'],
      volumes: ['/a', '/z'],
      labels: { a: 'b' },
      annotations: {},
    })
  })

  it('of one that says nothing has empty members, and no time', () => {
    const description = describeImage(imageWith({}), reference)
    expect(description).not.toHaveProperty('created')
    expect(description).toMatchObject({ user: '', entrypoint: [], cmd: [], env: {}, ports: [], volumes: [] })
  })

  it.each([
    [['A=1', 'A=2'], { A: '2' }],
    [['A=1', 'A'], { A: '' }],
    [['=x'], { '': 'x' }],
  ])('has of the variables %j those that a process sees', (Env, env) => {
    expect(describeImage(imageWith({ Env }), reference).env).toEqual(env)
  })

  it('is not confused by names that objects have themselves', () => {
    const { env } = describeImage(imageWith({ Env: ['__proto__=x', 'constructor=y'] }), reference)
    expect(Object.entries(env)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })
})
