import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { unpackImage } from './unpack.ts'

let home = ''
let root = ''

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-unpack-'))
  root = join(home, 'inside', 'root')
  mkdirSync(join(home, 'outside'))
  writeFileSync(join(home, 'outside', 'file'), 'untouched')
})
afterEach(() => {
  for (const path of [join(home, 'outside'), home]) chmodSync(path, 0o755)
  rmSync(home, { recursive: true })
})

const unpack = (...layers: SampleEntry[][]) => unpackImage(sampleImage(layers), root)
const at = (path: string) => join(root, path)
const text = (path: string) => readFileSync(at(path), 'utf8')
const modeOf = (path: string) => (lstatSync(at(path)).mode & 0o7777).toString(8)

const folder = (path: string, mode = 0o755): SampleEntry => ({ path, type: 'directory', mode })
const file = (path: string, content = path, mode = 0o644): SampleEntry => ({
  path,
  type: 'file',
  content,
  mode,
})
const symlink = (path: string, target: string): SampleEntry => ({ path, type: 'symlink', target })
const hardlink = (path: string, target: string): SampleEntry => ({ path, type: 'hardlink', target })

describe('a good image', () => {
  it('gets its files, links and permissions, whatever the umask', async () => {
    const before = process.umask(0o077)
    try {
      await unpack([
        folder('bin'),
        file('bin/app', 'program', 0o4755),
        symlink('sbin', 'bin'),
        file('sbin/tool'),
        hardlink('bin/twin', 'bin/app'),
        folder('locked', 0o500),
        file('locked/in', 'x', 0o400),
        file('made/on/the/way'),
      ])
    } finally {
      process.umask(before)
    }
    expect([text('bin/app'), text('bin/tool'), readlinkSync(at('sbin'))]).toEqual([
      'program',
      'sbin/tool',
      'bin',
    ])
    expect(lstatSync(at('bin/twin')).ino).toBe(lstatSync(at('bin/app')).ino)
    expect(['bin/app', 'locked', 'locked/in', 'made', 'made/on'].map(modeOf)).toEqual([
      '4755',
      '500',
      '400',
      '755',
      '755',
    ])
    chmodSync(at('locked'), 0o700)
  })

  it('takes the last of two entries for a folder', async () => {
    await unpack([folder('a', 0o700), folder('a', 0o711)])
    expect(modeOf('a')).toBe('711')
  })

  it('leaves devices and pipes out, and what is linked to them', async () => {
    await unpack(
      [file('dev/null')],
      [
        { path: 'dev/null', type: 'character' },
        { path: 'dev/pipe', type: 'fifo' },
        { path: 'dev/disk', type: 'block' },
        hardlink('dev/zero', 'dev/null'),
        hardlink('dev/zero2', 'dev/zero'),
      ],
    )
    expect(readdirSync(at('dev'))).toEqual([])
  })

  it('replaces what lower layers have', async () => {
    await unpack(
      [folder('a'), file('a/old'), file('b'), symlink('c', 'a')],
      [file('a'), folder('b'), file('b/new'), folder('c'), file('c/own')],
    )
    expect([text('a'), text('b/new'), text('c/own')]).toEqual(['a', 'b/new', 'c/own'])
  })

  it('stops when it is asked to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(unpackImage(sampleImage([[file('a')]]), root, { signal })).rejects.toThrow('enough')
  })
})

describe('whiteouts', () => {
  const lower = [folder('d'), file('d/one'), folder('d/sub'), file('d/sub/two'), file('e')]

  it('hide files and folders of lower layers', async () => {
    await unpack(lower, [file('.wh.e'), file('d/.wh.sub')])
    expect([existsSync(at('e')), readdirSync(at('d'))]).toEqual([false, ['one']])
  })

  it.each([
    ['before', [file('d/.wh..wh..opq'), file('d/new')]],
    ['after', [file('d/new'), file('d/.wh..wh..opq')]],
  ])('empty a folder of what lower layers have: marker %s the files', async (_when, upper) => {
    await unpack(lower, upper)
    expect(readdirSync(at('d'))).toEqual(['new'])
  })

  it('do not hide what their own layer brings', async () => {
    await unpack(lower, [file('d/sub/three'), file('d/.wh.sub'), file('e', 'new'), file('.wh.e')])
    expect([text('e'), readdirSync(at('d/sub'))]).toEqual(['new', ['three']])
  })

  it('of what is not there do nothing, nor do marks of foreign storages', async () => {
    await unpack([], [file('no/where/.wh.x'), file('no/.wh..wh..opq'), file('.wh..wh.plnk'), file('a')])
    expect(readdirSync(root)).toEqual(['a'])
  })

  it.each(['.wh.', '.wh..', '.wh...', 'd/.wh...'])('without a name are refused: %s', async (path) => {
    await expect(unpack(lower, [file(path)])).rejects.toMatchObject({ code: 'bad-image' })
    expect(text('e')).toBe('e')
  })
})

describe('a hostile image', () => {
  const outside = () => join(home, 'outside')
  const untouched = () => {
    expect(readFileSync(join(home, 'outside/file'), 'utf8')).toBe('untouched')
    expect(readdirSync(join(home, 'outside'))).toEqual(['file'])
    expect(statSync(join(home, 'outside')).mode & 0o7777).toBe(0o755)
    expect(readdirSync(home).sort()).toEqual(['inside', 'outside'])
  }
  beforeEach(() => chmodSync(join(home, 'outside'), 0o755))

  it.each<[string, () => SampleEntry[]]>([
    ['a file through a link', () => [symlink('a', outside()), file('a/new')]],
    ['a file through a link with ..', () => [symlink('a', '../../outside'), file('a/file')]],
    ['a folder in place of a link', () => [symlink('a', outside()), folder('a', 0o777)]],
    ['a file in place of a link', () => [symlink('a', join(outside(), 'file')), file('a')]],
    ['permissions through a link', () => [folder('a', 0o777), symlink('a', outside())]],
    [
      'permissions through a link above',
      () => [folder('a'), folder('a/outside', 0o777), file('a'), symlink('a', home)],
    ],
    ['a hard link to outside', () => [symlink('a', outside()), hardlink('b', 'a/file'), file('b', 'new')]],
    ['a whiteout through a link', () => [symlink('a', outside()), file('a/.wh.file')]],
    ['an opaque folder behind a link', () => [symlink('a', outside()), file('a/.wh..wh..opq')]],
  ])('does not reach outside: %s', async (_what, entries) => {
    for (const layers of [[entries()], entries().map((entry) => [entry])]) {
      rmSync(root, { recursive: true, force: true })
      await unpack(...layers).catch((error) => {
        expect(error).toMatchObject({ code: 'bad-image' })
      })
      untouched()
    }
  })

  it.each<[string, SampleEntry[]]>([
    ['links in a circle', [symlink('a', 'b'), symlink('b', 'a'), file('a/x')]],
    ['something below a file', [file('a'), file('a/x')]],
    ['a hard link to nothing', [hardlink('a', 'b')]],
    ['a hard link to a folder', [folder('b'), hardlink('a', 'b')]],
    ['a hard link to the root', [hardlink('a', '')]],
  ])('is refused: %s', async (_what, entries) => {
    await expect(unpack(entries)).rejects.toBeInstanceOf(TemperError)
  })

  it('never touches anything outside, whatever its layers hold', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'a/b', 'a/b/c', 'b/a', 'c/file', 'a/file')
    const target = fc.oneof(
      name,
      fc.constantFrom(
        '..',
        '../../..',
        '../../../..',
        '../../outside',
        '/',
        '/a',
        '../b',
        '.',
        'a/../..',
        '/../../outside',
      ),
      fc.constant('').map(outside),
      fc.constant('').map(() => home),
    )
    const mark = fc.constantFrom(
      '.wh.a',
      '.wh..wh..opq',
      'a/.wh.b',
      'a/.wh..wh..opq',
      'b/.wh.file',
      'c/.wh.outside',
    )
    const mode = fc.constantFrom(0o777, 0o700, 0o000)
    const entry = fc.oneof(
      fc.tuple(name, mode).map(([path, bits]) => folder(path, bits)),
      fc.tuple(name, mode).map(([path, bits]) => file(path, path, bits)),
      fc.tuple(name, target).map(([path, to]) => symlink(path, to)),
      fc.tuple(name, name).map(([path, to]) => hardlink(path, to)),
      mark.map((path) => file(path)),
      name.map((path): SampleEntry => ({ path, type: 'fifo' })),
    )
    const layers = fc.array(fc.array(entry, { maxLength: 8 }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(layers, async (given) => {
        rmSync(root, { recursive: true, force: true })
        try {
          await unpack(...given)
        } catch (error) {
          if (!(error instanceof TemperError) || error.code === 'internal') throw error
        }
        untouched()
      }),
      { numRuns: 300 },
    )
  })
})
