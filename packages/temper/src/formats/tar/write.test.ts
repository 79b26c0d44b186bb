import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { extract, pack } from 'tar-stream'
import { afterAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { chunked } from '../bytes/fixtures/chunked.ts'
import { readTar } from './read.ts'
import { encodeTarHeader, tarEnd, tarPadding } from './write.ts'

function entry(changes: Partial<FileEntry> & { path: string }): FileEntry {
  return { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 1_700_000_000, ...changes }
}

const samples: FileEntry[] = [
  entry({ path: 'usr', type: 'directory', mode: 0o755 }),
  entry({ path: 'usr/bin/tool', mode: 0o4755, size: 5 }),
  entry({ path: `${'deep/'.repeat(40)}name`, size: 5 }),
  entry({ path: `${'d'.repeat(90)}/${'e'.repeat(90)}`, type: 'directory', mode: 0o700 }),
  entry({ path: 'n'.repeat(100), size: 5 }),
  entry({ path: 'n'.repeat(101), size: 5 }),
  entry({ path: `${'x'.repeat(200)}/short`, size: 5 }),
  entry({ path: 'straße/grün', uid: 1000, gid: 100, userName: 'jörg', groupName: 'users', size: 5 }),
  entry({ path: 'usr/lib/link', type: 'symlink', mode: 0o777, target: '../bin/tool' }),
  entry({ path: 'usr/lib/far', type: 'symlink', mode: 0o777, target: 't'.repeat(150) }),
  entry({ path: 'usr/lib/hard', type: 'hardlink', target: 'usr/bin/tool' }),
  entry({ path: 'dev/null', type: 'character', device: { major: 1, minor: 3 } }),
  entry({ path: 'run/pipe', type: 'fifo' }),
  entry({ path: 'big-ids', uid: 3_000_000, gid: 2_000_000_000, size: 5 }),
]
const content = Buffer.from('hello')

const tar = Buffer.concat([
  ...samples.flatMap((sample) =>
    sample.size > 0 ? [encodeTarHeader(sample), content, tarPadding(5)] : [encodeTarHeader(sample)],
  ),
  tarEnd,
])

describe('encodeTarHeader', () => {
  it('uses one block when everything fits, and says only what does not', () => {
    const extended = samples.filter((sample) => encodeTarHeader(sample).length > 512).map(({ path }) => path)
    expect(extended).toEqual([
      'n'.repeat(101),
      `${'x'.repeat(200)}/short`,
      'straße/grün',
      'usr/lib/far',
      'big-ids',
    ])
    const records = encodeTarHeader(
      entry({ path: 'ü', mtime: -5, xattrs: { 'user.b': 'AA==', 'user.a': '' } }),
    )
    expect(Buffer.from(records).toString('latin1', 512, 600)).toBe(
      '24 SCHILY.xattr.user.a=\n' +
        '25 SCHILY.xattr.user.b=\0\n' +
        '12 mtime=-5\n' +
        '11 path=Ã¼\n' +
        '\0'.repeat(88 - 24 - 25 - 12 - 11),
    )
  })

  it('keeps its bytes', () => {
    expect(sha256(tar)).toBe('sha256:ea932a6be5294a30aa65997c1f873529bd274969fabeccca0328d258eb200d2c')
  })

  it.each([
    ['a NUL in the path', entry({ path: 'a\0b' })],
    ['a NUL in the target', entry({ path: 'a', type: 'symlink', target: 'a\0b' })],
    ['a negative uid', entry({ path: 'a', uid: -1 })],
    ['a fraction', entry({ path: 'a', mtime: 1.5 })],
    ['file type bits in the mode', entry({ path: 'a', mode: 0o100644 })],
    [
      'a device number out of range',
      entry({ path: 'a', type: 'block', device: { major: 1, minor: 2 ** 21 } }),
    ],
    ['an attribute name that PAX cannot hold', entry({ path: 'a', xattrs: { 'user.a=b': '' } })],
  ])('refuses %s', (_, wrong) => {
    expect(() => encodeTarHeader(wrong)).toThrow(expect.objectContaining({ code: 'internal' }))
  })
})

describe('tarPadding', () => {
  it('fills up the last block', () => {
    expect([0, 1, 511, 512, 513].map((size) => tarPadding(size).length)).toEqual([0, 511, 1, 0, 511])
  })
})

describe('tar-stream', () => {
  it('reads what we write', async () => {
    const read: unknown[] = []
    const reader = extract()
    Readable.from([tar]).pipe(reader)
    for await (const item of reader) {
      const { name, type, mode, uid, gid, size, mtime, linkname } = item.header
      read.push([
        name.replace(/\/$/, ''),
        type,
        mode,
        uid,
        gid,
        size,
        (mtime?.getTime() ?? 0) / 1000,
        linkname ?? undefined,
      ])
      item.resume()
    }
    // It knows no ids in PAX records.
    const small = (id: number) => (id < 2 ** 21 ? id : 0)
    const types = { character: 'character-device', hardlink: 'link' } as Record<string, string>
    expect(read).toEqual(
      samples.map((s) => [
        s.path,
        types[s.type] ?? s.type,
        s.mode,
        small(s.uid),
        small(s.gid),
        s.size,
        s.mtime,
        s.target,
      ]),
    )
  })

  it('writes what we read', async () => {
    const writer = pack()
    const long = `${'a/'.repeat(150)}end`
    writer.entry({ name: 'dir/', type: 'directory', mode: 0o755, mtime: new Date(5000) })
    writer.entry({ name: long, mode: 0o600, uid: 7, uname: 'seven', mtime: new Date(5000) }, 'abc')
    writer.entry({ name: 'l', type: 'symlink', linkname: 'ö'.repeat(80), mtime: new Date(5000) })
    writer.finalize()
    const read: FileEntry[] = []
    for await (const item of readTar(writer as AsyncIterable<Uint8Array>, { what: 'test.tar' }))
      read.push(item.entry)
    expect(read).toEqual([
      entry({ path: 'dir', type: 'directory', mode: 0o755, mtime: 5 }),
      entry({ path: long, mode: 0o600, uid: 7, userName: 'seven', size: 3, mtime: 5 }),
      entry({ path: 'l', type: 'symlink', target: 'ö'.repeat(80), mtime: 5 }),
    ])
  })
})

function hasGnuTar(): boolean {
  try {
    return execFileSync('tar', ['--version'], { encoding: 'utf8' }).includes('GNU tar')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

describe.skipIf(!hasGnuTar())('GNU tar', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temper-tar-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const gnu = (...args: string[]) =>
    execFileSync('tar', args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    })

  it('lists what we write', () => {
    writeFileSync(join(folder, 'ours.tar'), tar)
    const listed = gnu('-tvf', 'ours.tar', '--quoting-style=literal', '--numeric-owner', '--full-time')
    const rows = listed.trimEnd().split('\n')
    expect(rows.map((row) => row.replace(/^\S+ +\S+ +\S+ +\S+ +\S+ /, ''))).toEqual(
      samples.map((s) => {
        if (s.type === 'directory') return `${s.path}/`
        if (s.type === 'symlink') return `${s.path} -> ${s.target}`
        return s.type === 'hardlink' ? `${s.path} link to ${s.target}` : s.path
      }),
    )
    expect(rows[1]).toMatch(/^-rwsr-xr-x 0\/0 +5 2023-11-14 22:13:20/)
    expect(rows[13]).toContain('3000000/2000000000')
  })

  it.each(['gnu', 'oldgnu', 'pax', 'posix', 'ustar'])('writes %s archives that we read', async (format) => {
    const name = `${'d'.repeat(80)}/${'e'.repeat(90)}`
    gnu('--version')
    execFileSync('mkdir', ['-p', join(folder, 'in', 'd'.repeat(80))])
    writeFileSync(join(folder, 'in', name), 'hello', { mode: 0o640 })
    const out = `${format}.tar`
    gnu(
      '-cf',
      out,
      '-C',
      'in',
      `--format=${format}`,
      '--mtime=@1700000000',
      '--owner=me:1234',
      '--group=us:99',
      '.',
    )
    const read: FileEntry[] = []
    for await (const item of readTar(chunked(readFileSync(join(folder, out)), 4000), { what: out })) {
      read.push(item.entry)
    }
    expect(read.map(({ path, type }) => [path, type])).toEqual([
      ['d'.repeat(80), 'directory'],
      [name, 'file'],
    ])
    expect(read[1]).toMatchObject({
      uid: 1234,
      gid: 99,
      userName: 'me',
      groupName: 'us',
      size: 5,
      mtime: 1_700_000_000,
    })
  })

  it.each([
    ['gnu', []],
    ['posix', ['--sparse-version=0.0']],
    ['posix', ['--sparse-version=0.1']],
    ['posix', ['--sparse-version=1.0']],
  ])('writes sparse files (%s %s) that we expand', async (format, more) => {
    const size = 3_000_000
    const sparse = Buffer.alloc(size)
    execFileSync('truncate', ['-s', String(size), join(folder, 'holes')])
    const fill = (at: number) => {
      sparse.fill('data', at, at + 4096)
      execFileSync(
        'dd',
        [`of=${join(folder, 'holes')}`, 'bs=4096', `seek=${at / 4096}`, 'conv=notrunc', 'status=none'],
        {
          input: sparse.subarray(at, at + 4096),
        },
      )
    }
    for (let at = 0; at < 40; at += 2) fill(at * 16 * 4096)
    gnu('-cSf', 'sparse.tar', `--format=${format}`, ...more, 'holes')
    const archive = readFileSync(join(folder, 'sparse.tar'))
    const items: Buffer[] = []
    for await (const item of readTar(chunked(archive, 60_000), { what: 'sparse.tar' })) {
      expect(item.entry).toMatchObject({ path: 'holes', size })
      for await (const chunk of item.content) items.push(Buffer.from(chunk))
    }
    expect(archive.length).toBeLessThan(size / 2)
    expect(Buffer.concat(items).equals(sparse)).toBe(true)
  })
})
