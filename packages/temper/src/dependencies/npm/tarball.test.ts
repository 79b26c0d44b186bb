import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { installTarball } from './tarball.ts'

type Member = Partial<FileEntry> & { readonly path: string; readonly text?: string }

function packed(members: readonly Member[]): Buffer {
  const plain = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0 } as const
  const parts = members.flatMap(({ text = '', ...fields }) => {
    const bytes = Buffer.from(text)
    return [encodeTarHeader({ ...plain, size: bytes.length, ...fields }), bytes, tarPadding(bytes.length)]
  })
  return Buffer.concat([...parts, tarEnd])
}

const place = { folder: '/app/node_modules/pkg', name: 'pkg', what: 'the package pkg' }
const manifest = (value: unknown) => ({ path: 'package/package.json', text: JSON.stringify(value) })
const install = async (members: readonly Member[], at = place) =>
  await installTarball(gzipSync(packed(members)), at)
const linksOf = async (bin: unknown, more: readonly Member[] = [], at = place) =>
  (await install([manifest({ name: at.name, bin }), { path: 'package/a.js' }, ...more], at)).flatMap(
    ({ path, target }) => (target === undefined ? [] : [`${path} → ${target}`]),
  )

describe('programs of a package', () => {
  it('of an alias lie beside the folder that it has, whatever its own name is', async () => {
    const alias = { ...place, folder: '/app/node_modules/x/node_modules/short', name: '@scope/long-name' }
    expect(await linksOf({ tool: 'a.js' }, [], alias)).toEqual([
      '/app/node_modules/x/node_modules/.bin/tool → ../short/a.js',
    ])
    const scoped = { ...place, folder: '/app/node_modules/@s/p', name: 'other' }
    expect(await linksOf('./a.js', [], scoped)).toEqual(['/app/node_modules/.bin/other → ../@s/p/a.js'])
  })

  it('are what they are called, without the folders in front', async () => {
    expect(await linksOf({ 'x/y/tool': './a.js', other: '/a.js' })).toEqual([
      '/app/node_modules/.bin/tool → ../pkg/a.js',
      '/app/node_modules/.bin/other → ../pkg/a.js',
    ])
  })

  it('can be executed, whatever the archive says of their files', async () => {
    const files = await install([
      manifest({ name: 'pkg', bin: 'a.js' }),
      { path: 'package/a.js', mode: 0o600 },
    ])
    expect(files.map(({ path, mode }) => [path.split('/').at(-1), mode])).toEqual([
      ['package.json', 0o644],
      ['a.js', 0o755],
      ['pkg', 0o777],
    ])
  })

  it.each<[unknown]>([
    ['missing.js'],
    [{}],
    [[]],
    [{ tool: null }],
    [{ '': 'a.js' }],
    [{ 'a b': 'a.js' }],
    [undefined],
  ])('are none by %j', async (bin) => {
    expect(await linksOf(bin)).toEqual([])
  })

  it('are none where the manifest is no JSON, which makes the package no less one', async () => {
    const files = await install([{ path: 'package/package.json', text: '{' }, { path: 'package/a.js' }])
    expect(files).toHaveLength(2)
  })
})

describe('files of a package', () => {
  it('are those of the last of equal names, with the two modes that npm has', async () => {
    const files = await install([
      manifest({}),
      { path: 'package/a', text: 'old', mode: 0o4755 },
      { path: 'else/a', text: 'new', mode: 0o611 },
      { path: 'package/b', mode: 0o666 },
    ])
    expect(
      files.map(({ path, mode, content }) => [path.slice(22), mode, Buffer.from(content).toString()]),
    ).toEqual([
      ['package.json', 0o644, '{}'],
      ['a', 0o755, 'new'],
      ['b', 0o644, ''],
    ])
  })

  it('are no links, devices or folders', async () => {
    const odd: readonly Member[] = [
      { path: 'package/hard', type: 'hardlink', target: 'package/package.json' },
      { path: 'package/soft', type: 'symlink', target: '/etc/passwd' },
      { path: 'package/sub', type: 'directory' },
      { path: 'package/pipe', type: 'fifo' },
      { path: 'loose' },
    ]
    expect(await install([manifest({}), ...odd])).toHaveLength(1)
  })

  it('come packed or not, and without the end of the archive', async () => {
    const whole = packed([manifest({})])
    for (const bytes of [gzipSync(whole), whole.subarray(0, -1024)])
      expect(await installTarball(bytes, place)).toHaveLength(1)
  })

  it.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['a cut archive', () => gzipSync(packed([manifest({ name: 'x'.repeat(2000) })]).subarray(0, 700))],
    ['cut compression', () => gzipSync(packed([manifest({})])).subarray(0, 60)],
    ['a text', () => Buffer.from('not found')],
  ])('%s is refused', async (_, bytes) => {
    await expect(installTarball(bytes(), place)).rejects.toMatchObject({ code: 'bad-archive' })
  })
})
