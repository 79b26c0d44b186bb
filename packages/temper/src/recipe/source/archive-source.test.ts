import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import { filesOfArchive } from './archive-source.ts'

type Member = Partial<FileEntry> & { readonly path: string; readonly text?: string }

function tarOf(members: readonly Member[]): Buffer {
  const parts = members.flatMap(({ text = '', ...fields }) => {
    const bytes = Buffer.from(text)
    const entry = {
      type: 'file',
      mode: 0o644,
      uid: 1000,
      gid: 1000,
      size: bytes.length,
      mtime: 5,
      ...fields,
    } as const
    return [encodeTarHeader(entry), bytes, tarPadding(bytes.length)]
  })
  return Buffer.concat([...parts, tarEnd])
}

const request = (more: Partial<FileRequest> = {}): FileRequest => ({
  path: '/opt/app',
  source: 'app.tar',
  mode: 0o640,
  uid: 7,
  gid: 8,
  unpack: { strip: 0, modes: 'kept' },
  ...more,
})

const app: readonly Member[] = [
  { path: 'app-1.2', type: 'directory', mode: 0o700 },
  { path: 'app-1.2/bin/run', mode: 0o6775, text: 'run' },
  { path: 'app-1.2/data', text: 'data' },
  { path: 'app-1.2/lib', type: 'symlink', target: '../../lib' },
  { path: 'app-1.2/again', type: 'hardlink', target: 'app-1.2/bin/run' },
]
const strip = { strip: 1, modes: 'kept' } as const

async function unpacked(bytes: Uint8Array, more: Partial<FileRequest> = {}) {
  const files = await filesOfArchive(request(more), bytes)
  return files.map(({ request: { path, mode }, type = 'file', content, target }) =>
    [path, type, mode.toString(8), target ?? Buffer.from(content).toString()].join(' '),
  )
}

describe('an archive', () => {
  const expected = [
    '/opt/app/bin/run file 755 run',
    '/opt/app/data file 644 data',
    '/opt/app/lib symlink 644 ../../lib',
    '/opt/app/again file 755 run',
  ]

  it.each([
    ['as it is', (tar: Buffer) => tar],
    ['with gzip', (tar: Buffer) => gzipSync(tar)],
    ['with zstd', (tar: Buffer) => zstdCompressSync(tar)],
  ])('of tar, %s, is unpacked below a path', async (_, pack) => {
    expect(await unpacked(pack(tarOf(app)), { unpack: strip })).toEqual(expected)
  })

  it('is whole without strip, and has the permissions that were given', async () => {
    const given = { strip: 0, modes: 'given' } as const
    expect(await unpacked(tarOf(app), { unpack: given })).toEqual([
      '/opt/app/app-1.2 directory 755 ',
      '/opt/app/app-1.2/bin/run file 640 run',
      '/opt/app/app-1.2/data file 640 data',
      '/opt/app/app-1.2/lib symlink 644 ../../lib',
      '/opt/app/app-1.2/again file 640 run',
    ])
    expect((await unpacked(tarOf([{ path: 'x' }]), { path: '/' }))[0]).toMatch(/^\/x /)
  })

  it('of zip is told by its bytes', async () => {
    const zip = buildZip({
      entries: [
        { name: 'a/b', content: 'b' },
        { name: './c', content: 'c' },
      ],
    })
    expect(await unpacked(zip)).toEqual(['/opt/app/a/b file 644 b', '/opt/app/c file 644 c'])
  })

  it('has each file once: the last of equal names', async () => {
    const tar = tarOf([
      { path: 'x', text: '1' },
      { path: 'x', text: '2' },
    ])
    expect(await unpacked(tar)).toEqual(['/opt/app/x file 644 2'])
  })

  it.each<[string, readonly Member[], string]>([
    ['names that lead out', [{ path: '../../etc/passwd' }], 'leads out of the tree'],
    [
      'files below a link',
      [{ path: 'a', type: 'symlink', target: '/etc' }, { path: 'a/passwd' }],
      'it lies below a, which is a link',
    ],
    [
      'files below what becomes a link',
      [{ path: 'a/passwd' }, { path: 'a', type: 'symlink', target: '/etc' }],
      'it lies below a, which is a link',
    ],
    ['files below files', [{ path: 'a' }, { path: 'a/b' }], 'which is a file'],
    ['hard links to elsewhere', [{ path: 'a', type: 'hardlink', target: 'etc/shadow' }], 'hard link'],
    ['devices', [{ path: 'a', type: 'character', device: { major: 1, minor: 3 } }], 'device'],
    ['pipes', [{ path: 'a', type: 'fifo' }], 'pipe'],
    ['names with control characters', [{ path: 'a\u001b[31m' }], 'control characters'],
  ])('is refused for %s', async (_, members, message) => {
    await expect(unpacked(tarOf(members))).rejects.toMatchObject({
      code: 'bad-archive',
      message: expect.stringContaining(message),
    })
  })

  it('of zip is refused for names that lead out', async () => {
    const zip = buildZip({ entries: [{ name: '../x', content: '' }] })
    await expect(unpacked(zip)).rejects.toMatchObject({ code: 'bad-archive' })
  })

  it('that is stripped to nothing, or holds nothing, is a mistake', async () => {
    const deep = { strip: 9, modes: 'kept' } as const
    await expect(unpacked(tarOf(app), { unpack: deep })).rejects.toMatchObject({
      code: 'bad-recipe',
      message: expect.stringContaining('more than 9 parts'),
    })
    await expect(unpacked(tarOf([]))).rejects.toMatchObject({ code: 'bad-recipe' })
  })

  it('that unpacks to more than a program is refused before memory is full', async () => {
    const bomb = gzipSync(Buffer.concat([tarOf([{ path: 'x' }]).subarray(0, 512), Buffer.alloc(4096)]))
    await expect(unpacked(bomb)).resolves.toHaveLength(1)
    const many = tarOf(Array.from({ length: 50_001 }, (_, i) => ({ path: `f${i}` })))
    await expect(unpacked(many)).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  it('that is damaged in any place is refused or read', async () => {
    const whole = gzipSync(tarOf(app))
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole)
        bytes[at] = byte
        try {
          await unpacked(bytes, { unpack: strip })
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
      { numRuns: 60 },
    )
  })
})
