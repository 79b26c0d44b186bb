import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collect } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { readGzipMember } from '../../../formats/apk/members.ts'
import {
  makeKey,
  makePackage,
  type SampleFile,
  type SamplePackage,
  signed,
  tarEntry,
} from '../fixtures/repository.ts'
import { openArchive } from './archive.ts'
import { apkData, relationsOf } from './data.ts'

const key = makeKey('test.rsa.pub')
let folder = ''
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-apk-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(bytes: Uint8Array): Promise<readonly (readonly [string, string])[]> {
  const path = join(folder, `${++count}.apk`)
  await writeFile(path, bytes)
  const archive = await openArchive(path, 'sample.apk')
  const contents: [string, string][] = []
  for await (const { entry, content } of archive.entries())
    contents.push([
      entry.path,
      Buffer.from(await collect(content, { limit: 1 << 20, what: 'file' })).toString(),
    ])
  return contents
}

const packed = (files: Readonly<Record<string, SampleFile>>) =>
  makePackage({ name: 'sample', files }, { key }).bytes

describe('a package', () => {
  const sample: SamplePackage = {
    name: 'sample',
    version: '1.2_rc1-r3',
    licence: 'MIT AND Custom',
    depends: 'musl>=1.2 !bad so:libz.so.1',
    provides: 'cmd:sample=1.2_rc1-r3 /bin/sample',
    replaces: 'old<1',
    priority: 10,
    triggers: '/usr/share/x /etc/*',
    scripts: { 'post-install': '#!/bin/sh\n', trigger: '#!/bin/sh\n' },
    files: { usr: { type: 'directory', mode: 0o755 }, 'usr/bin/sample': 'hello', '.hidden': 'x' },
  }

  test('tells what it is, what it needs and what it brings', async () => {
    const path = join(folder, 'whole.apk')
    await writeFile(path, makePackage(sample, { key }).bytes)
    const { metadata } = await openArchive(path, 'whole.apk')
    expect(metadata.identity).toEqual({ name: 'sample', version: '1.2_rc1-r3', architecture: 'x86_64' })
    expect(metadata.about).toMatchObject({
      summary: 'The sample of a test',
      licence: { expression: 'MIT AND LicenseRef-apk-Custom', texts: { 'LicenseRef-apk-Custom': 'Custom' } },
    })
    expect(apkData(metadata)).toMatchObject({ triggers: ['/usr/share/x', '/etc/*'] })
    expect(relationsOf(metadata)).toMatchObject({
      depends: [[{ name: 'musl', relation: '>=', version: '1.2' }], [{ name: 'so:libz.so.1' }]],
      provides: [{ name: 'cmd:sample', relation: '=', version: '1.2_rc1-r3' }, { name: '/bin/sample' }],
      replaces: [{ name: 'old', relation: '<<', version: '1' }],
    })
    // What begins with a dot is apk's own.
    expect(await read(makePackage(sample, { key }).bytes)).toEqual([
      ['usr', ''],
      ['usr/bin/sample', 'hello'],
    ])
  })

  test('may be without signature: the index vouches for it', async () => {
    expect(await read(makePackage(sample).bytes)).toHaveLength(2)
  })
})

describe('a package is refused', () => {
  const whole = packed({ 'usr/bin/sample': 'hello'.repeat(100) })
  const evil = (path: string, file: SampleFile = 'x') => {
    // The writer normalises nothing: names go in as they are.
    const data = gzipSync(Buffer.concat([tarEntry(path, file), Buffer.alloc(1024)]))
    const made = makePackage({ name: 'sample' }, { key, dataHash: hash(data) })
    return Buffer.concat([head(made.bytes), data])
  }
  const cases: readonly (readonly [string, Uint8Array, string, RegExp])[] = [
    ['that is no archive', Buffer.from('hello'), 'bad-archive', /no member starts at its byte 0/],
    ['that is empty', Buffer.alloc(0), 'bad-archive', /no member starts/],
    ['of the format of apk 3', Buffer.from('ADBd....'), 'bad-archive', /format of apk 3/],
    ['that ends in the middle', whole.subarray(0, whole.length - 20), 'bad-archive', /sample\.apk/],
    ['that has only its head', head(whole), 'bad-archive', /ends before its files/],
    [
      'with something behind it',
      Buffer.concat([whole, Buffer.from('more')]),
      'bad-archive',
      // Whichever of the two notices first.
      /not valid gzip|not those that/,
    ],
    [
      'whose files are others',
      makePackage({ name: 'sample', files: { a: 'x' } }, { key, dataHash: '0'.repeat(64) }).bytes,
      'bad-archive',
      /expected the data hash 0{64}/,
    ],
    [
      'without data hash',
      makePackage({ name: 'sample' }, { info: 'pkgname = a\npkgver = 1\narch = noarch\n' }).bytes,
      'bad-archive',
      /of some kind/,
    ],
    [
      'without name',
      makePackage({ name: 'sample' }, { info: 'pkgver = 1\n' }).bytes,
      'bad-archive',
      /no proper name/,
    ],
    [
      'with a name that leads elsewhere',
      makePackage({ name: 'sample' }, { info: 'pkgname = ../a\npkgver = 1\narch = noarch\n' }).bytes,
      'bad-archive',
      /no proper name/,
    ],
    [
      'with a wrong checksum',
      packed({ 'etc/x': { content: 'x', checksum: '0'.repeat(40) } }),
      'bad-archive',
      /has the checksum 11f6ad8e/,
    ],
    ['that leads out of the tree', evil('../../etc/passwd'), 'bad-archive', /sample\.apk/],
    [
      'with a hard link out of it',
      evil('etc/x', { type: 'hardlink', target: '../../x' }),
      'bad-archive',
      /sample\.apk/,
    ],
    ['without control', signed(gzipSync(tarEntry('other', 'x')), { key }), 'bad-archive', /no \.PKGINFO/],
    [
      'with two descriptions',
      signed(gzipSync(Buffer.concat([tarEntry('.PKGINFO', 'a = b\n'), tarEntry('.PKGINFO', 'a = b\n')])), {
        key,
      }),
      'bad-archive',
      /there twice/,
    ],
    ['whose head is a bomb', gzipSync(Buffer.alloc(80 << 20)), 'limit-exceeded', /bytes once decompressed/],
    ['with a lying size', lying(whole), 'bad-archive', /not of the size that it states/],
  ]
  test.each(cases)('%s', async (_title, bytes, code, message) => {
    const error = await read(bytes).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TemperError)
    expect((error as TemperError).code).toBe(code)
    expect((error as TemperError).message).toMatch(message)
  })

  test('wherever it is cut off or changed, with one clear error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
        if (!cut) bytes[at] = byte
        const outcome = await read(bytes).catch((thrown: unknown) => thrown)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TemperError)
        // A byte of the header of a gzip member or of a signature means nothing for the files.
        else expect(outcome).toEqual([['usr/bin/sample', 'hello'.repeat(100)]])
      }),
      { numRuns: 300 },
    )
  })
})

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Signature and control, without the files. */
function head(bytes: Uint8Array): Buffer {
  const first = readGzipMember(bytes, 0, { what: 'head', limit: 1 << 20 })
  const second = readGzipMember(bytes, first.end, { what: 'head', limit: 1 << 20 })
  return Buffer.from(bytes.subarray(0, second.end))
}

/** The first member says another size than it has. */
function lying(bytes: Uint8Array): Buffer {
  const { end } = readGzipMember(bytes, 0, { what: 'head', limit: 1 << 20 })
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(1, end - 4)
  return copy
}
