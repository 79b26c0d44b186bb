import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { Image, Layer } from '../../model/image.ts'
import type { FileObserver, ObservedFact } from '../cataloguer.ts'
import { dpkgCataloguer } from '../dpkg/cataloguer.ts'
import { bookworm, file, link, list, stanza, status } from '../fixtures/sample-tree.ts'
import { readImageInventory } from './image.ts'
import type { InventoryOptions } from './options.ts'

let home = ''
let caches = 0
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-inventory-'))
})
afterAll(() => rmSync(home, { recursive: true }))
const newCache = () => join(home, String(caches++))

const read = (layers: readonly (readonly SampleEntry[])[], options: InventoryOptions = {}) =>
  readImageInventory(sampleImage(layers), { cataloguers: [dpkgCataloguer], ...options })
const paths = async (...layers: readonly (readonly SampleEntry[])[]) =>
  (await read(layers)).files?.map(({ path, layer }) => `${path} ${layer}`)
const hardLink = (path: string, target: string): SampleEntry => ({ path, type: 'hardlink', target })
const folder = (path: string): SampleEntry => ({ path, type: 'directory' })

describe('the files of an image', () => {
  test('have size, digest, layer and owner; SHA-1 where asked for', async () => {
    const layers = [[file('a', 'abc'), status(stanza('p', '1')), list('p', '/a')]]
    const { files } = await read(layers, { sha1: true })
    expect(files?.find(({ path }) => path === 'a')).toEqual({
      path: 'a',
      size: 3,
      digest: sha256('abc'),
      sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      layer: 0,
      owner: 'pkg:deb/p@1?arch=amd64',
    })
    expect((await read(layers)).files?.[0]?.sha1).toBeUndefined()
  })

  test('are those of the topmost layer', async () => {
    expect(await paths([file('a', '1'), file('b')], [file('a', '2')])).toEqual(['a 1', 'b 0'])
  })

  test('are gone where a whiteout hides them, wherever in the layer it stands', async () => {
    expect(await paths([file('d/a'), file('d/b')], [file('d/.wh.a', ''), file('c')])).toEqual([
      'c 1',
      'd/b 0',
    ])
    expect(await paths([file('d/a')], [file('d/b'), file('d/.wh..wh..opq', '')])).toEqual(['d/b 1'])
    expect(await paths([file('d/a')], [file('.wh.d', '')])).toEqual([])
    expect(await paths([file('d/a')], [file('d', 'now a file')])).toEqual(['d 1'])
    expect(await paths([file('d', 'a file')], [file('d/a')])).toEqual(['d/a 1'])
  })

  test('are where links lead that stand before them', async () => {
    const base = [folder('usr/lib'), link('lib', 'usr/lib'), link('loop', 'loop')]
    expect(await paths(base, [file('lib/x')])).toEqual(['usr/lib/x 1'])
    expect(await paths([file('usr/lib/x'), link('lib', '/usr/lib')], [file('lib/.wh.x', '')])).toEqual([])
    expect(await paths(base, [file('loop/x'), file('y')])).toEqual(['y 1'])
    expect(await paths([link('out', '../../../..')], [file('out/x')])).toEqual(['x 1'])
  })

  test('share content when they are hard links, also with lower layers and after the other name is gone', async () => {
    const { files } = await read([
      [file('a', 'abc')],
      [hardLink('b', 'a'), hardLink('c', 'missing'), file('.wh.a', '')],
    ])
    expect(files).toEqual([])
    const kept = await read([[file('a', 'abc'), hardLink('b', 'a')], [file('.wh.a', '')]])
    expect(kept.files).toEqual([{ path: 'b', size: 3, digest: sha256('abc'), layer: 0 }])
  })

  test('are those of a plain model', async () => {
    const name = fc.constantFrom('a', 'b', 'a/b', 'a/c', 'a/b/c', 'b/c')
    const entry = fc.oneof(
      name.map((path) => file(path, path)),
      name.map(folder),
      name.map((path) => file(path.replace(/([^/]+)$/, '.wh.$1'), '')),
      fc.constantFrom('.wh..wh..opq', 'a/.wh..wh..opq').map((path) => file(path, '')),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 6 }), { maxLength: 4 }), async (layers) => {
        expect(await paths(...layers)).toEqual(modelOf(layers))
      }),
      { numRuns: 60 },
    )
  })
})

/** What is left of files when folders and files take each other's place; a list of paths and no tree. */
function modelOf(layers: readonly (readonly SampleEntry[])[]): string[] {
  let there: { path: string; type: string; layer: number }[] = []
  const drop = (path: string) => {
    there = there.filter((each) => each.path !== path && !each.path.startsWith(`${path}/`))
  }
  for (const [layer, entries] of layers.entries()) {
    for (const { path } of entries) {
      const [, above = '', name = ''] = /^(.*\/)?([^/]+)$/.exec(path) ?? []
      if (name === '.wh..wh..opq') there = there.filter((each) => !each.path.startsWith(above))
      else if (name.startsWith('.wh.') && isFolder(there, above)) drop(`${above}${name.slice(4)}`)
    }
    for (const { path, type } of entries) {
      if (path.includes('.wh.')) continue
      for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
        const above = path.slice(0, at)
        if (there.some((each) => each.path === above && each.type === 'file')) drop(above)
        if (!there.some((each) => each.path === above)) there.push({ path: above, type: 'directory', layer })
      }
      const same = there.find((each) => each.path === path)
      if (type !== 'directory' || same?.type !== 'directory') drop(path)
      if (!there.some((each) => each.path === path)) there.push({ path, type, layer })
    }
  }
  const files = there.filter(({ type }) => type === 'file').map(({ path, layer }) => ({ path, layer }))
  return files.sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, layer }) => `${path} ${layer}`)
}

function isFolder(there: readonly { path: string; type: string }[], above: string): boolean {
  return above === '' || there.some(({ path, type }) => `${path}/` === above && type === 'directory')
}

describe('what is known of layers', () => {
  const layers = [[bookworm, status(stanza('p', '1')), list('p', '/etc/p')], [file('etc/p')]]

  test('is kept, so that no layer is opened twice', async () => {
    const cacheDir = newCache()
    const first = await read(layers, { cacheDir })
    const image = counted(sampleImage(layers))
    const second = await readImageInventory(image, { cataloguers: [dpkgCataloguer], cacheDir })
    expect(second).toEqual(first)
    expect(image.opened).toEqual([])
    await readImageInventory(image, { cataloguers: [dpkgCataloguer], cacheDir, sha1: true })
    expect(image.opened).toHaveLength(2)
  })

  test('is read again when the record is damaged, a reader is of another version, or the program has changed', async () => {
    const cacheDir = newCache()
    const first = await read(layers, { cacheDir })
    for (const path of readdirSync(cacheDir, { recursive: true, withFileTypes: true }))
      if (path.isFile()) writeFileSync(join(path.parentPath, path.name), '{"entries":')
    expect(await read(layers, { cacheDir })).toEqual(first)
    const image = counted(sampleImage(layers))
    const newer = { ...dpkgCataloguer, version: `${dpkgCataloguer.version}+1` }
    await readImageInventory(image, { cataloguers: [newer], cacheDir })
    expect(image.opened).toHaveLength(2)
    await readImageInventory(image, { cataloguers: [newer], cacheDir, program: 'changed' })
    expect(image.opened).toHaveLength(4)
  })

  test('belongs to the blob, whatever diff id an image claims', async () => {
    const cacheDir = newCache()
    const good = sampleImage([[file('good')]])
    const bad = sampleImage([[file('bad')]])
    await readImageInventory(good, { cataloguers: [], cacheDir })
    const claimed = {
      ...bad,
      layers: bad.layers.map((layer) => ({ ...layer, diffId: good.layers[0]?.diffId ?? layer.diffId })),
    }
    const { files } = await readImageInventory(claimed, { cataloguers: [], cacheDir })
    expect(files?.map(({ path }) => path)).toEqual(['bad'])
  })

  test('is read once when an image has the same layer twice', async () => {
    const image = counted(sampleImage([[file('a')], [file('a')]]))
    const { files } = await readImageInventory(image, { cataloguers: [] })
    expect(image.opened).toHaveLength(1)
    expect(files).toMatchObject([{ path: 'a', layer: 1 }])
  })
})

/** The image with a list of the layers that were opened. */
function counted(image: Image): Image & { readonly opened: string[] } {
  const opened: string[] = []
  const layers = image.layers.map((layer) => ({
    ...layer,
    open: () => {
      opened.push(layer.descriptor.digest)
      return layer.open()
    },
  }))
  return { ...image, layers, opened }
}

test('layers may be packed with zstd or not at all', async () => {
  const image = sampleImage([[file('a', 'abc')]])
  for (const pack of [zstdCompressSync, (tar: Buffer) => tar]) {
    const layers = image.layers.map((layer) => repacked(layer, pack))
    const { files } = await readImageInventory({ ...image, layers }, { cataloguers: [] })
    expect(files).toMatchObject([{ path: 'a', digest: sha256('abc') }])
  }
})

function repacked(layer: Layer, pack: (tar: Buffer) => Uint8Array): Layer {
  return {
    ...layer,
    open: async function* () {
      for await (const packed of layer.open()) yield* bytesOf(pack(gunzipSync(packed)))
    },
  }
}

describe('observers', () => {
  const observer = (collected: ObservedFact<string>[]): FileObserver<string> => ({
    id: 'sample',
    version: 1,
    sizeLimit: 100,
    select: ({ path }) => path.endsWith('.txt'),
    read: ({ bytes }) => Buffer.from(bytes).toString(),
    finish: (facts) => {
      collected.push(...facts)
    },
  })

  test('see files of all layers, also those that are hidden', async () => {
    const collected: ObservedFact<string>[] = []
    const layers = [
      [file('a.txt', 'old'), file('gone.txt', 'gone'), file('long.txt', 'x'.repeat(101))],
      [file('a.txt', 'new'), file('.wh.gone.txt', '')],
    ]
    const { notes } = await read(layers, { observers: [observer(collected)] })
    expect(collected).toHaveLength(3)
    expect(
      collected.map(({ location, fact, hidden }) => [location.layer, location.path, fact, hidden]),
    ).toEqual([
      [0, 'a.txt', 'old', true],
      [0, 'gone.txt', 'gone', true],
      [1, 'a.txt', 'new', false],
    ])
    expect(notes).toMatchObject([{ code: 'limit-exceeded', location: { path: 'long.txt', layer: 0 } }])
  })
})

test('observers know files again whose folder became a link', async () => {
  const collected: ObservedFact<string>[] = []
  const sample: FileObserver<string> = {
    id: 'sample',
    version: 1,
    select: () => true,
    read: ({ path }) => path,
    finish: (facts) => {
      collected.push(...facts)
    },
  }
  await read([[link('lib', 'usr/lib')], [file('lib/x')]], { observers: [sample] })
  expect(collected).toEqual([{ location: { path: 'lib/x', layer: 1 }, fact: 'lib/x', hidden: false }])
})

describe('a hard link', () => {
  test('is read under its own name when only that is selected', async () => {
    const store = file('store/0123', stanza('p', '1'))
    const { components } = await read([
      [store, hardLink('var/lib/dpkg/status', 'store/0123')],
      [file('.wh.store', '')],
    ])
    expect(components).toMatchObject([{ name: 'p', locations: [{ path: 'var/lib/dpkg/status', layer: 0 }] }])
  })

  test('of a file that is selected too is the same find', async () => {
    const path = 'var/lib/dpkg/status.d'
    const image = counted(
      sampleImage([[file(`${path}/p`, stanza('p', '1')), hardLink(`${path}/a`, `${path}/p`)]]),
    )
    const { components } = await readImageInventory(image, { cataloguers: [dpkgCataloguer] })
    expect(components).toMatchObject([{ name: 'p', locations: [{ path: `${path}/a`, layer: 0 }] }])
    expect(image.opened).toHaveLength(1)
  })
})

describe('a reader that fails', () => {
  test('spoils nothing else', async () => {
    const broken = {
      ...dpkgCataloguer,
      id: 'broken',
      read: () => {
        throw new RangeError('out of range')
      },
      combine: () => ({ components: [], notes: [] }),
    }
    const { components, notes } = await read([[status(stanza('p', '1'))]], {
      cataloguers: [broken, dpkgCataloguer],
    })
    expect(components).toHaveLength(1)
    expect(notes).toMatchObject([
      { code: 'unreadable-file', message: expect.stringContaining('out of range') },
    ])
  })
})

describe('hostile layers', () => {
  const lowest = (image: Image) => image.layers[0] as Layer
  const unpacked = async (image: Image) =>
    gunzipSync(await collect(lowest(image).open(), { limit: 1 << 20, what: 'layer' }))
  const withBytes = (bytes: Uint8Array): Image => {
    const image = sampleImage([[file('a')]])
    const layer = { ...lowest(image), open: () => bytesOf(bytes) }
    return { ...image, layers: [{ ...layer, descriptor: { ...layer.descriptor, size: bytes.length } }] }
  }
  const codeOf = (image: Image, options: InventoryOptions = {}) =>
    readImageInventory(image, { cataloguers: [dpkgCataloguer], ...options }).then(
      () => 'read',
      (error: unknown) => (error instanceof TemperError ? error.code : String(error)),
    )

  test.each<[string, Uint8Array, Partial<InventoryOptions>, string]>([
    ['nothing', new Uint8Array(), {}, 'read'],
    [
      'no archive',
      Buffer.from('something else, and longer than a tar header is'.repeat(20)),
      {},
      'bad-archive',
    ],
    ['gzip of no archive', gzipSync('x'.repeat(2000)), {}, 'bad-archive'],
    ['a bomb', gzipSync(Buffer.alloc(5 << 20)), { limits: { layerBytes: 1 << 20 } }, 'limit-exceeded'],
  ])('%s', async (_name, bytes, options, expected) => {
    expect(await codeOf(withBytes(bytes), options)).toBe(expected)
  })

  test('of which something is cut off or changed are read, or refused with an error of ours', async () => {
    const tar = await unpacked(sampleImage([[bookworm, status(stanza('p', '1')), file('x')]]))
    const change = fc.tuple(fc.nat(tar.length - 1), fc.integer({ min: 0, max: 255 }))
    const codes = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 5 }), fc.nat(tar.length), async (changes, length) => {
        const bytes = Buffer.from(tar)
        for (const [at, value] of changes) bytes[at] = value
        codes.add(await codeOf(withBytes(bytes.subarray(0, length))))
      }),
    )
    for (const code of codes) expect(['read', 'bad-archive', 'bad-image', 'limit-exceeded']).toContain(code)
    expect(codes).toContain('bad-archive')
  })

  test('with names that lead out are refused; names that are not UTF-8 are read', async () => {
    const tar = await unpacked(sampleImage([[file('a', '')]]))
    const named = (name: Buffer) => {
      const header = Buffer.from(tar)
      header.fill(0, 0, 100)
      name.copy(header)
      header.write('        ', 148, 'latin1')
      const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0)
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
      return header
    }
    expect(await codeOf(withBytes(named(Buffer.from('../../etc/passwd'))))).toBe('bad-archive')
    const { files } = await readImageInventory(withBytes(named(Buffer.from([0x61, 0xe9]))), {
      cataloguers: [],
    })
    expect(files?.map(({ path }) => path)).toEqual(['a\\xE9'])
  })

  test('with more entries than the limit are refused', async () => {
    const many = sampleImage([Array.from({ length: 20 }, (_, index) => file(`f${index}`))])
    expect(await codeOf(many, { limits: { entries: 10 } })).toBe('limit-exceeded')
  })

  test('stop when asked to', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    expect(await codeOf(sampleImage([[file('a')]]), { signal })).toBe('Error: stopped')
  })
})
