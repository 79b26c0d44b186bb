import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { chunked } from '../bytes/fixtures/chunked.ts'
import { checksums } from './block.ts'
import { formatPax } from './pax.ts'
import { readTar, type TarOptions } from './read.ts'
import { encodeTarHeader, tarEnd, tarPadding } from './write.ts'

type Read = { entry: FileEntry; content: Buffer }

async function readAll(
  tar: Uint8Array,
  options: Partial<TarOptions> & { chunk?: number } = {},
): Promise<Read[]> {
  const items: Read[] = []
  const source = chunked(tar, options.chunk ?? 1000)
  for await (const { entry, content } of readTar(source, { what: 'test.tar', ...options })) {
    items.push({ entry, content: Buffer.from(await collect(content, { limit: 1 << 26, what: 'content' })) })
  }
  return items
}

/** A header block made by hand, its checksum right. */
function block(fields: { name: string; flag: string; size?: string; [at: number]: string | Buffer }): Buffer {
  const header = Buffer.alloc(512)
  header.write(fields.name, 0)
  header.write('0000644\x000000000\x000000000\0', 100)
  header.write(fields.size ?? '00000000000', 124)
  header.write('00000000000', 136)
  header.write(fields.flag, 156)
  header.write('ustar\x0000', 257)
  for (const [at, value] of Object.entries(fields)) {
    if (/^[0-9]+$/.test(at)) header.set(Buffer.from(value as string), Number(at))
  }
  header.write(`${checksums(header).unsigned.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

function octal(value: number): string {
  return value.toString(8).padStart(11, '0')
}

function withContent(header: Buffer, content: Buffer): Buffer {
  return Buffer.concat([header, content, tarPadding(content.length)])
}

function extended(records: Record<string, string | Buffer>, flag = 'x'): Buffer {
  const body = formatPax(
    Object.entries(records).map(([key, value]) => ({ key, value: Buffer.from(value as string) })),
  )
  return withContent(block({ name: 'ext', flag, size: octal(body.length) }), body)
}

function archive(...parts: Uint8Array[]): Buffer {
  return Buffer.concat([...parts, tarEnd])
}

const hello = withContent(block({ name: './usr/hello', flag: '0', size: octal(5) }), Buffer.from('hello'))

describe('readTar', () => {
  it('reads entries and their content, whatever the chunks are', async () => {
    const big = Buffer.alloc(3000, 'x')
    const tar = archive(
      block({ name: './', flag: '5' }),
      block({ name: './usr/', flag: '5' }),
      hello,
      withContent(block({ name: 'big', flag: '0', size: octal(3000) }), big),
      block({ name: 'link', flag: '2', 157: '../usr//hello' }),
      block({ name: 'hard', flag: '1', 157: './usr/hello' }),
      block({ name: 'null', flag: '3', 329: '0000001', 337: '0000003' }),
    )
    for (const chunk of [1, 7, 511, 512, 513, 1 << 20]) {
      const items = await readAll(tar, { chunk })
      expect(items.map(({ entry }) => [entry.path, entry.type, entry.size, entry.target])).toEqual([
        ['usr', 'directory', 0, undefined],
        ['usr/hello', 'file', 5, undefined],
        ['big', 'file', 3000, undefined],
        ['link', 'symlink', 0, '../usr//hello'],
        ['hard', 'hardlink', 0, 'usr/hello'],
        ['null', 'character', 0, undefined],
      ])
      expect(items.map(({ content }) => content.toString())).toEqual([
        '',
        'hello',
        big.toString(),
        '',
        '',
        '',
      ])
      expect(items[5]?.entry.device).toEqual({ major: 1, minor: 3 })
    }
  })

  it('passes over content that is not read or read in part, and hands out views', async () => {
    const tar = archive(
      withContent(block({ name: 'a', flag: '0', size: octal(2000) }), Buffer.alloc(2000)),
      hello,
    )
    const paths: string[] = []
    for await (const { entry, content } of readTar(chunked(tar, 700), { what: 'test.tar' })) {
      paths.push(entry.path)
      for await (const chunk of content) {
        expect(chunk.buffer).toBe(tar.buffer)
        break
      }
    }
    expect(paths).toEqual(['a', 'usr/hello'])
  })

  it('reads PAX records over the header, binary attributes unharmed', async () => {
    const name = `${'ä'.repeat(100)}/b`
    const value = Buffer.from([0, 10, 0x3d, 0xff, 0x80])
    const tar = archive(
      extended({ gname: 'all', mtime: '7', comment: 'ignored' }, 'g'),
      extended({
        path: name,
        uid: '3000000000',
        uname: 'me',
        mtime: '-1.5',
        size: '5',
        'SCHILY.xattr.security.capability': value,
      }),
      withContent(block({ name: 'short', flag: '0' }), Buffer.from('hello')),
      extended({ gname: '' }),
      hello,
      hello,
    )
    const [first, second, third] = await readAll(tar)
    expect(first?.entry).toEqual({
      path: name,
      type: 'file',
      mode: 0o644,
      uid: 3_000_000_000,
      gid: 0,
      size: 5,
      mtime: -2,
      userName: 'me',
      groupName: 'all',
      xattrs: { 'security.capability': value.toString('base64') },
    })
    expect(first?.content.toString()).toBe('hello')
    expect(second?.entry.groupName).toBeUndefined()
    expect(second?.entry.mtime).toBe(7)
    expect(third?.entry.groupName).toBe('all')
  })

  it('reads GNU long names and base-256 numbers', async () => {
    const long = `${'d/'.repeat(100)}file`
    const target = 't'.repeat(300)
    const uid = Buffer.alloc(8)
    uid.writeUInt32BE(0x80000000, 0)
    uid.writeUInt32BE(2_500_000_000, 4)
    const mtime = Buffer.alloc(12, 0xff)
    const tar = archive(
      withContent(block({ name: '././@LongLink', flag: 'K', size: octal(301) }), Buffer.from(`${target}\0`)),
      withContent(
        block({ name: '././@LongLink', flag: 'L', size: octal(long.length + 1) }),
        Buffer.from(`${long}\0`),
      ),
      block({ name: 'cut', flag: '2', 157: 'cut', 108: uid, 136: mtime }),
    )
    const [item] = await readAll(tar)
    expect(item?.entry).toMatchObject({ path: long, target, uid: 2_500_000_000, mtime: -1 })
  })

  it('uses the prefix with the POSIX magic only', async () => {
    const posix = block({ name: 'name', flag: '0', 345: 'some/where' })
    const gnu = block({ name: 'name', flag: '0', 257: 'ustar  \0', 345: '12345670123' })
    const items = await readAll(archive(posix, gnu))
    expect(items.map(({ entry }) => entry.path)).toEqual(['some/where/name', 'name'])
  })

  it.each([
    ['../etc/passwd', '".."'],
    ['a/../../b', '".."'],
    ['/..', '".."'],
  ])('refuses the name %s', async (name, reason) => {
    await expect(readAll(archive(block({ name, flag: '0' })))).rejects.toMatchObject({
      code: 'bad-archive',
      message: expect.stringContaining(reason),
    })
    await expect(readAll(archive(block({ name: 'x', flag: '1', 157: name })))).rejects.toMatchObject({
      code: 'bad-archive',
    })
  })

  it.each([
    ['/usr//bin/./x', 'usr/bin/x'],
    ['.//x/', 'x'],
    ['././x', 'x'],
    ['..x/...', '..x/...'],
    ['.hidden', '.hidden'],
  ])('normalises %s', async (name, path) => {
    const [item] = await readAll(archive(extended({ path: name }), block({ name: 'x', flag: '5' })))
    expect(item?.entry.path).toBe(path)
  })

  const bad: [string, Buffer, string][] = [
    ['a wrong checksum', archive(Buffer.from(hello).fill('9', 100, 101)), 'checksum'],
    [
      'a name that is not UTF-8',
      archive(block({ name: '', flag: '0', 0: Buffer.from([0x61, 0xff]) })),
      'UTF-8',
    ],
    ['a NUL in a name', archive(extended({ path: 'a\0b' }), hello), 'NUL'],
    [
      'a NUL in a link target',
      archive(extended({ linkpath: 'a\0b' }), block({ name: 'x', flag: '2' })),
      'NUL',
    ],
    ['a link without target', archive(block({ name: 'x', flag: '2' })), 'no target'],
    ['a file without name', archive(block({ name: './', flag: '2', 157: 'x' })), 'name'],
    ['an unknown type', archive(block({ name: 'x', flag: 'V' })), 'unsupported type "V"'],
    ['a size that is no number', archive(block({ name: 'x', flag: '0', size: '0000000008x' })), '"size"'],
    ['a negative size', archive(block({ name: 'x', flag: '0', 124: Buffer.alloc(12, 0xff) })), '"size"'],
    ['a huge number', archive(block({ name: 'x', flag: '0', 124: Buffer.alloc(12, 0xbf) })), '"size"'],
    ['an extended header at the end', archive(extended({ path: 'x' })), 'end of the archive'],
    ['a lone block of zeros', Buffer.concat([hello, Buffer.alloc(512), hello]), 'zeros'],
    [
      'a record with a wrong length',
      archive(withContent(block({ name: 'x', flag: 'x', size: octal(9) }), Buffer.from('99 a=bcd\n')), hello),
      'length',
    ],
    [
      'a record without a key',
      archive(withContent(block({ name: 'x', flag: 'x', size: octal(6) }), Buffer.from('6 abc\n')), hello),
      'key',
    ],
    ['a size record that is no number', archive(extended({ size: '0x10' }), hello), 'size'],
    ['no end', hello, 'cut off'],
    ['half an end', Buffer.concat([hello, Buffer.alloc(512)]), 'cut off'],
    ['nothing at all', Buffer.alloc(0), 'cut off'],
  ]
  it.each(bad)('refuses %s', async (_, tar, reason) => {
    const error = await readAll(tar).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(TemperError)
    expect(error).toMatchObject({ code: 'bad-archive', message: expect.stringContaining(reason) })
    expect((error as TemperError).message).toContain('test.tar')
  })

  it('accepts a fragment without an end when asked to', async () => {
    const options = { endMarker: 'optional' } as const
    expect(await readAll(hello, options)).toHaveLength(1)
    expect(await readAll(Buffer.alloc(0), options)).toEqual([])
    expect(await readAll(Buffer.concat([hello, Buffer.alloc(512)]), options)).toHaveLength(1)
    // Also in or before the padding of the last entry, but nowhere else.
    expect(await readAll(hello.subarray(0, -1), options)).toHaveLength(1)
    const content = 512 + 'hello'.length
    expect(await readAll(hello.subarray(0, content), options)).toHaveLength(1)
    for (const end of [content - 1, 512, 511, 1])
      await expect(readAll(hello.subarray(0, end), options)).rejects.toMatchObject({ code: 'bad-archive' })
  })

  it('finds every way to cut an archive off', async () => {
    const tar = archive(extended({ path: 'long' }), hello)
    for (let size = 0; size < tar.length; size += 64) {
      await expect(readAll(tar.subarray(0, size))).rejects.toMatchObject({ code: 'bad-archive' })
    }
  })

  it('keeps its limits', async () => {
    const limits = { entries: 2, extendedBytes: 1000, nameBytes: 20 }
    const refused = (tar: Buffer) =>
      expect(readAll(tar, { limits })).rejects.toMatchObject({ code: 'limit-exceeded' })
    await refused(archive(hello, hello, hello))
    await refused(archive(extended({ comment: 'x'.repeat(1000) }), hello))
    await refused(archive(extended({ path: 'é'.repeat(11) }), hello))
    await refused(
      archive(withContent(block({ name: 'x', flag: 'L', size: octal(1001) }), Buffer.alloc(1001))),
    )
    const globals = extended({ comment: 'x'.repeat(600) }, 'g')
    await refused(archive(globals, globals, hello))
  })

  it('reads the source to its end, and closes it when left early', async () => {
    let closed = false
    let ended = false
    async function* source() {
      try {
        yield archive(hello, hello)
        yield Buffer.alloc(8192)
        ended = true
      } finally {
        closed = true
      }
    }
    for await (const _ of readTar(source(), { what: 'test.tar' })) break
    expect([closed, ended]).toEqual([true, false])
    for await (const _ of readTar(source(), { what: 'test.tar' }));
    expect(ended).toBe(true)
  })

  it('survives any damage with an error of its own', async () => {
    const content = createHash('sha512').update('x').digest()
    const tar = archive(
      extended({ path: 'päth', 'SCHILY.xattr.user.a': content }),
      withContent(block({ name: 'x', flag: '0', size: octal(64) }), content),
      withContent(block({ name: 'l', flag: 'L', size: octal(64) }), content),
      hello,
    )
    const damage = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async (changes, repair) => {
        const copy = Buffer.from(tar)
        for (const [at, byte] of changes) copy[at] = byte
        if (repair) repairChecksums(copy)
        const result = await readAll(copy).catch((error: unknown) => error)
        expect(Array.isArray(result) || result instanceof TemperError).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

/** Lets damage in headers get past the checksum. */
function repairChecksums(tar: Buffer): void {
  for (let at = 0; at < tar.length; at += 512) {
    const header = tar.subarray(at, at + 512)
    if (header.toString('latin1', 257, 262) !== 'ustar') continue
    header.write(`${checksums(header).unsigned.toString(8).padStart(6, '0')}\0 `, 148)
  }
}

describe('sparse files', () => {
  const stored = Buffer.from('abcdefgh')
  const expanded = Buffer.concat([
    Buffer.alloc(100),
    Buffer.from('abc'),
    Buffer.alloc(97),
    Buffer.from('defgh'),
    Buffer.alloc(95),
  ])

  it('expands the PAX formats', async () => {
    const file = (size: number, content: Buffer) =>
      withContent(block({ name: 'x', flag: '0', size: octal(size) }), content)
    const v1 = Buffer.concat([Buffer.from('2\n100\n3\n200\n5\n'), Buffer.alloc(512 - 14), stored])
    const tar = archive(
      extended({
        'GNU.sparse.size': '300',
        'GNU.sparse.numblocks': '2',
        'GNU.sparse.map': '100,3,200,5',
        'GNU.sparse.name': 'v01',
      }),
      file(8, stored),
      extended({
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': 'v10',
        'GNU.sparse.realsize': '300',
      }),
      file(v1.length, v1),
      hello,
    )
    for (const chunk of [3, 512, 5000]) {
      const items = await readAll(tar, { chunk })
      expect(items.map(({ entry }) => [entry.path, entry.size])).toEqual([
        ['v01', 300],
        ['v10', 300],
        ['usr/hello', 5],
      ])
      expect(items[0]?.content.equals(expanded)).toBe(true)
      expect(items[1]?.content.equals(expanded)).toBe(true)
    }
  })

  it('expands the old GNU format', async () => {
    const pair = (offset: number, length: number) => `${octal(offset)}\0${octal(length)}\0`
    const head = block({
      name: 'old',
      flag: 'S',
      size: octal(8),
      257: 'ustar  \0',
      386: pair(100, 3),
      482: '\x01',
      483: octal(300),
    })
    const more = Buffer.alloc(512)
    more.write(pair(200, 5), 0)
    const tar = archive(head, withContent(more, stored), hello)
    const items = await readAll(tar)
    expect(items[0]?.content.equals(expanded)).toBe(true)
    expect(items[1]?.content.toString()).toBe('hello')
  })

  it.each([['100,3,99,5'], ['100,3,296,5'], ['100,3,200'], ['100,3,200,4'], ['100,3,,5']])(
    'refuses the map %s',
    async (map) => {
      const tar = archive(
        extended({ 'GNU.sparse.size': '300', 'GNU.sparse.map': map }),
        withContent(block({ name: 'x', flag: '0', size: octal(8) }), stored),
      )
      await expect(readAll(tar)).rejects.toMatchObject({ code: 'bad-archive' })
    },
  )

  it('bounds the size', async () => {
    const tar = archive(
      extended({ 'GNU.sparse.size': '9000000000', 'GNU.sparse.map': '0,8' }),
      withContent(block({ name: 'x', flag: '0', size: octal(8) }), stored),
    )
    await expect(readAll(tar)).rejects.toMatchObject({ code: 'limit-exceeded' })
  })
})

describe('encodeTarHeader with readTar', () => {
  it('gives back any entry', async () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .map((text) => text.replace(/[/\0]/g, '_'))
      .filter((text) => text.isWellFormed() && text !== '.' && text !== '..')
    const path = fc.array(segment, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('/'))
    const id = fc.oneof(fc.nat(70_000), fc.maxSafeNat())
    const common = {
      path,
      mode: fc.nat(0o7777),
      uid: id,
      gid: id,
      mtime: fc.oneof(fc.nat(2 ** 31), fc.maxSafeInteger()),
    }
    const optional = {
      userName: fc.option(segment, { nil: undefined }),
      groupName: fc.option(segment, { nil: undefined }),
      xattrs: fc.option(
        fc.dictionary(
          fc.string({ minLength: 1 }).map((key) => `user.${key.replace(/[=\0]/g, '_')}`),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
          { minKeys: 1 },
        ),
        { nil: undefined },
      ),
    }
    const entry = fc
      .oneof(
        fc.record({ ...common, ...optional, type: fc.constant('file'), size: fc.nat(3000) }),
        fc.record({
          ...common,
          ...optional,
          type: fc.constantFrom('directory', 'fifo'),
          size: fc.constant(0),
        }),
        fc.record({
          ...common,
          ...optional,
          type: fc.constantFrom('symlink', 'hardlink'),
          size: fc.constant(0),
          target: path,
        }),
        fc.record({
          ...common,
          ...optional,
          type: fc.constantFrom('character', 'block'),
          size: fc.constant(0),
          device: fc.record({ major: fc.nat(4095), minor: fc.nat(1048575) }),
        }),
      )
      .map((made) => JSON.parse(JSON.stringify(made)) as FileEntry)
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 5 }),
        fc.integer({ min: 1, max: 2000 }),
        async (entries, chunk) => {
          const tar = archive(
            ...entries.flatMap((one) => [
              encodeTarHeader(one),
              Buffer.alloc(one.size, 1),
              tarPadding(one.size),
            ]),
          )
          const items = await readAll(tar, { chunk })
          expect(items.map((item) => item.entry)).toEqual(entries)
          expect(items.every((item) => item.content.equals(Buffer.alloc(item.entry.size, 1)))).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('records that are called as what every object has', () => {
  it.each(Object.getOwnPropertyNames(Object.prototype))('mean nothing: %s', async (name) => {
    const tar = archive(extended({ [`${name}`]: '7' }), block({ name: 'a', flag: '0' }))
    expect((await readAll(tar)).map(({ entry }) => [entry.path, entry.mode])).toEqual([['a', 0o644]])
  })
})
