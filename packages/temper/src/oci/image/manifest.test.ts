import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mediaTypes } from '../../model/image.ts'
import { parseImageConfig } from './config.ts'
import { parseManifest } from './manifest.ts'

const digest = `sha256:${'0'.repeat(64)}`
const blob = { mediaType: 'a/b', digest, size: 1 }
const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: blob, layers: [blob] }
const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [blob] }
const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digest] } }

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const code = expect.stringMatching(/^(bad-image|limit-exceeded)$/)

describe('parseManifest', () => {
  test('reads manifests and indices of both kinds', () => {
    expect(parseManifest(bytes(manifest), 'x')).toEqual({ kind: 'manifest', manifest })
    expect(parseManifest(bytes(index), 'x')).toEqual({ kind: 'index', index })
    for (const mediaType of [mediaTypes.dockerManifest, mediaTypes.dockerIndex]) {
      const document = mediaType === mediaTypes.dockerManifest ? manifest : index
      expect(parseManifest(bytes({ ...document, mediaType }), 'x').kind).toBe(
        mediaType === mediaTypes.dockerManifest ? 'manifest' : 'index',
      )
    }
  })

  test('takes the type from the descriptor, or from the shape, where the document has none', () => {
    const { mediaType: _, ...bare } = manifest
    expect(parseManifest(bytes(bare), 'x', mediaTypes.dockerManifest)).toMatchObject({
      manifest: { mediaType: mediaTypes.dockerManifest },
    })
    expect(parseManifest(bytes(bare), 'x').kind).toBe('manifest')
    expect(parseManifest(bytes({ schemaVersion: 2, manifests: [] }), 'x').kind).toBe('index')
  })

  test('reads a layer for each of the files that a build may read', () => {
    const many = { ...manifest, layers: Array(32_768).fill(blob) }
    expect(parseManifest(bytes(many), 'x')).toEqual({ kind: 'manifest', manifest: many })
  })

  test('reads what artifacts have', () => {
    const artifact = { ...manifest, artifactType: 'x/y', subject: blob, annotations: { a: 'b' } }
    expect(parseManifest(bytes(artifact), 'x')).toEqual({ kind: 'manifest', manifest: artifact })
    const platform = { os: 'linux', architecture: 'arm64', variant: 'v8' }
    expect(parseManifest(bytes({ ...index, manifests: [{ ...blob, platform, urls: [] }] }), 'x')).toEqual({
      kind: 'index',
      index: { ...index, manifests: [{ ...blob, platform }] },
    })
  })

  test.each([
    ['nothing', ''],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a list', []],
    ['schema version 1', { ...manifest, schemaVersion: 1 }],
    ['schema 1 of Docker', { schemaVersion: 1, name: 'a/b', tag: '1', fsLayers: [], history: [] }],
    ['schema version "2"', { ...manifest, schemaVersion: '2' }],
    ['both shapes', { ...manifest, manifests: [] }],
    ['an unknown type', { ...manifest, mediaType: 'application/x' }],
    ['no config', { ...manifest, config: undefined }],
    ['layers that are no list', { ...manifest, layers: {} }],
    ['too many layers', { ...manifest, layers: Array(32_769).fill(blob) }],
    ['a size that lies', { ...manifest, layers: [{ ...blob, size: -1 }] }],
    ['a size with a fraction', { ...manifest, layers: [{ ...blob, size: 1.5 }] }],
    ['a size beyond all', { ...manifest, layers: [{ ...blob, size: 1e300 }] }],
    ['a digest in upper case', { ...manifest, config: { ...blob, digest: `sha256:${'A'.repeat(64)}` } }],
    ['a digest that leads out', { ...manifest, config: { ...blob, digest: 'sha256:../../../etc/passwd' } }],
    ['another algorithm', { ...manifest, config: { ...blob, digest: `md5:${'0'.repeat(32)}` } }],
    ['annotations that are no text', { ...manifest, annotations: { a: 1 } }],
    ['deep nesting', `{"a":${'['.repeat(1_000_000)}`],
    ['deep nesting behind quotes', `{"a":"\\"[","b":${'{"c":'.repeat(100)}`],
  ])('refuses %s', (_, value) => {
    expect(() => parseManifest(value instanceof Buffer ? value : bytes(value), 'x')).toThrow(
      expect.objectContaining({ code }),
    )
  })

  test('refuses a type other than the descriptor says', () => {
    expect(() => parseManifest(bytes(manifest), 'x', mediaTypes.ociIndex)).toThrow(
      expect.objectContaining({ code: 'bad-image' }),
    )
  })

  test('gives a value or one of its errors, whatever it reads', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(manifest, index, config),
        fc.nat(),
        fc.jsonValue(),
        (document, at, value) => {
          const changed = replaceAt(document, at, value)
          for (const parse of [parseManifest, parseImageConfig]) {
            try {
              parse(bytes(changed), 'x')
            } catch (error) {
              expect(error).toMatchObject({ name: 'TemperError', code })
            }
          }
        },
      ),
    )
  })

  test('does not mistake members named like those of objects', () => {
    const parsed = parseManifest(
      bytes(`{"schemaVersion":2,"manifests":[],"annotations":{"__proto__":"x"}}`),
      'x',
    )
    expect(Object.entries(parsed.kind === 'index' ? (parsed.index.annotations ?? {}) : {})).toEqual([
      ['__proto__', 'x'],
    ])
  })
})

/** The document with its nth member, counted through all levels, replaced. */
function replaceAt(document: object, at: number, value: unknown): unknown {
  const paths: (string | number)[][] = []
  const walk = (node: unknown, path: (string | number)[]) => {
    paths.push(path)
    if (node !== null && typeof node === 'object')
      for (const [key, each] of Object.entries(node)) walk(each, [...path, key])
  }
  walk(document, [])
  const copy = structuredClone({ root: document }) as Record<string, unknown>
  const path = ['root', ...(paths[at % paths.length] ?? [])]
  let node = copy
  for (const key of path.slice(0, -1)) node = node[key] as Record<string, unknown>
  node[path.at(-1) ?? 'root'] = value
  return copy['root']
}

describe('parseImageConfig', () => {
  test('keeps unknown members and leaves out null', () => {
    const written = {
      ...config,
      container: 'abc',
      author: null,
      config: { Cmd: null, Volumes: null, Healthcheck: { Test: ['NONE'] }, Env: ['A=b'] },
      history: [{ created_by: 'x', comment: null, empty_layer: true }],
    }
    expect(parseImageConfig(bytes(written), 'x')).toEqual({
      ...config,
      container: 'abc',
      config: { Healthcheck: { Test: ['NONE'] }, Env: ['A=b'] },
      history: [{ created_by: 'x', empty_layer: true }],
    })
  })

  test.each([
    { ...config, os: 7 },
    { ...config, architecture: undefined },
    { ...config, rootfs: { type: 'tree', diff_ids: [] } },
    { ...config, rootfs: { type: 'layers', diff_ids: ['x'] } },
    { ...config, config: [] },
    { ...config, config: { Env: 'A=b' } },
    { ...config, config: { Entrypoint: [1] } },
    { ...config, config: { ExposedPorts: ['80'] } },
    { ...config, config: { Labels: { a: {} } } },
    { ...config, history: {} },
    { ...config, history: [{ empty_layer: 'yes' }] },
  ])('refuses %j', (value) => {
    expect(() => parseImageConfig(bytes(value), 'x')).toThrow(expect.objectContaining({ code }))
  })
})
