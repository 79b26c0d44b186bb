import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { bytesOf, collect } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { damage } from '../../../base/fixtures/damage.ts'
import type { IndexedPackage, PackageIndex } from '../../../model/package/package.ts'
import { cleanUp, temporaryFolder } from '../fixtures/mirror.ts'
import { buildIndex } from './build.ts'
import { combineIndices } from './combined.ts'
import { openIndex, openRandomAccess, type RandomAccess } from './file.ts'
import { headerSize, readSections } from './layout.ts'

afterEach(cleanUp)

const origin = { repository: 'debian', suite: 'trixie', component: 'main' }

function build(text: string): Promise<Uint8Array> {
  return collect(buildIndex(bytesOf(Buffer.from(text)), 'a test'), { limit: 1e8, what: 'index' })
}

function inMemory(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: (start, end) => Buffer.from(bytes.subarray(start, end)) }
}

async function indexOf(text: string): Promise<PackageIndex> {
  const index = openIndex(inMemory(await build(text)), origin)
  if (!index) throw new Error('not an index')
  return index
}

interface Stanza {
  readonly name: string
  readonly fields?: Readonly<Record<string, string>>
}

function stanza({ name, fields = {} }: Stanza): string {
  const all: Record<string, string> = {
    Package: name,
    Version: '1:2.0-1',
    Architecture: 'amd64',
    Filename: `pool/main/${name[0]}/${name}/${name}_2.0-1_amd64.deb`,
    Size: '1234',
    SHA256: 'ab'.repeat(32),
    ...fields,
  }
  return `${Object.entries(all)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('')}\n`
}

test('keeps all that the solver and the lock need', async () => {
  const fields = {
    Source: 'origin (3.0)',
    'Installed-Size': '77',
    Depends: 'libc6 (>= 2.41), debconf (>= 0.5) |\n debconf-2.0, python3:any',
    'Pre-Depends': 'dpkg',
    Provides: 'virtual (= 2), other',
    Conflicts: 'x (<< 1)',
    Breaks: 'y',
    Replaces: 'z (<= 2)',
    'Multi-Arch': 'same',
    Essential: 'yes',
    Priority: 'required',
    Section: 'web',
    Description: 'short text – with a dash\n long text\n .\n more',
  }
  const index = await indexOf(stanza({ name: 'thing', fields }))
  const expected: IndexedPackage = {
    name: 'thing',
    version: '1:2.0-1',
    architecture: 'amd64',
    source: { name: 'origin', version: '3.0' },
    digest: `sha256:${'ab'.repeat(32)}`,
    size: 1234,
    installedSize: 77 * 1024,
    origin: { ...origin, location: 'pool/main/t/thing/thing_2.0-1_amd64.deb' },
    depends: [
      [{ name: 'libc6', relation: '>=', version: '2.41' }],
      [{ name: 'debconf', relation: '>=', version: '0.5' }, { name: 'debconf-2.0' }],
      [{ name: 'python3', qualifier: 'any' }],
    ],
    preDepends: [[{ name: 'dpkg' }]],
    provides: [{ name: 'virtual', relation: '=', version: '2' }, { name: 'other' }],
    conflicts: [{ name: 'x', relation: '<<', version: '1' }],
    breaks: [{ name: 'y' }],
    replaces: [{ name: 'z', relation: '<=', version: '2' }],
    multiArch: 'same',
    providerRank: 0,
  }
  expect(index.versions('thing')).toEqual([expected])
  expect(index.versions('thing')[0]).toBe(index.providers('virtual')[0])
  expect(index.providers('thing')).toEqual([])
})

test.each([
  [{ Version: '1 2' }, 'Version'],
  [{ Size: '0' }, 'Size'],
  [{ Size: '9'.repeat(20) }, 'Size'],
  [{ Source: '../../etc' }, 'Source'],
  [{ Source: 'thing (1\u001b)' }, 'Source'],
  [{ Filename: '../thing.deb' }, 'Filename'],
])('refuses %j', async (fields, field) => {
  await expect(build(stanza({ name: 'thing', fields }))).rejects.toThrow(`thing has no proper ${field}`)
})

test('a size that cannot be counted is none', async () => {
  const index = await indexOf(stanza({ name: 'thing', fields: { 'Installed-Size': '9'.repeat(30) } }))
  expect(index.versions('thing')[0]?.installedSize).toBe(0)
})

test('keeps paths of any lay-out', async () => {
  const paths = [
    'pool/main/libt/libthing/libthing_2.0-1_amd64.deb',
    'pool/main/l/libthing/libthing_2.0-1_amd64.deb',
    './libthing.deb',
    'pool/updates/main/libt/libthing/libthing_2.0-1_amd64.deb',
  ]
  for (const path of paths) {
    const index = await indexOf(stanza({ name: 'libthing', fields: { Filename: path } }))
    expect(index.versions('libthing')[0]?.origin.location).toBe(path.replace('./', ''))
  }
})

test('an empty list is an index without packages', async () => {
  const index = await indexOf('')
  expect([...index.names()]).toEqual([])
  expect(index.versions('a')).toEqual([])
  expect(index.providers('a')).toEqual([])
})

test.each([
  ['no digest', { SHA256: '' }],
  ['a digest in upper case', { SHA256: 'AB'.repeat(32) }],
  ['no size', { Size: 'large' }],
  ['a size beyond all disks', { Size: '9'.repeat(13) }],
  ['a path that leads out', { Filename: 'pool/../../etc/passwd' }],
  ['no path below the archive', { Filename: '/' }],
  ['a query in its path', { Filename: 'pool/a.deb?x' }],
  ['no version', { Version: '' }],
  ['a version with a space', { Version: '1 2' }],
  ['an odd name', { Package: '../x' }],
  ['an odd architecture', { Architecture: 'a/b' }],
])('refuses a package with %s', async (_title, fields) => {
  const error = await build(stanza({ name: 'thing', fields })).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TemperError)
  expect(error).toMatchObject({ code: 'bad-index', message: expect.stringContaining('a test, line 1') })
})

const names = fc.stringMatching(/^[a-z][a-z0-9+.-]{1,6}$/)
const listed = fc.array(fc.tuple(names, fc.array(names, { maxLength: 3 })), { maxLength: 40 })

test('finds what is there, in any order of the file, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(listed, names, async (packages, other) => {
      const text = packages
        .map(([name, provides], i) => {
          const virtual = provides.length > 0 ? { Provides: provides.join(', ') } : {}
          return stanza({ name, fields: { Version: `1.${i}`, ...virtual } })
        })
        .join('')
      const index = await indexOf(text)
      expect([...index.names()]).toEqual([...new Set(packages.map(([name]) => name))].sort())
      for (const wanted of [other, ...packages.flatMap(([name, provides]) => [name, ...provides])]) {
        const versions = packages.flatMap(([name], i) => (name === wanted ? [`1.${i}`] : []))
        expect(index.versions(wanted).map(({ version }) => version)).toEqual(versions)
        const providers = packages.flatMap(([name, provides], i) =>
          provides.includes(wanted) && name !== wanted ? [`1.${i}`] : [],
        )
        expect(
          index
            .providers(wanted)
            .map(({ version }) => version)
            .sort(),
        ).toEqual(providers.sort())
      }
    }),
    { numRuns: 60 },
  )
})

test('the same text gives the same bytes, however it is cut', async () => {
  const text = Buffer.from(
    ['b', 'a', 'c'].map((name) => stanza({ name, fields: { Provides: 'v, w' } })).join(''),
  )
  const whole = await build(text.toString())
  async function* bytewise() {
    for (let i = 0; i < text.length; i++) yield text.subarray(i, i + 1)
  }
  const cut = await collect(buildIndex(bytewise(), 'a test'), { limit: 1e8, what: 'index' })
  expect(Buffer.compare(whole, cut)).toBe(0)
})

test('files of another form or length are no index, and damaged ones neither', async () => {
  const bytes = await build(
    ['abc', 'abd', 'xyz'].map((name) => stanza({ name, fields: { Provides: 'v' } })).join(''),
  )
  expect(openIndex(inMemory(bytes.subarray(0, -1)), origin)).toBeUndefined()
  expect(openIndex(inMemory(Buffer.from('x')), origin)).toBeUndefined()
  expect(readSections(Buffer.alloc(headerSize), headerSize)).toBeUndefined()
  fc.assert(
    fc.property(damage, ({ apply }) => {
      const damaged = apply(bytes)
      expect(openIndex(inMemory(damaged), origin) !== undefined).toBe(damaged.equals(bytes))
    }),
    { numRuns: 400 },
  )
})

test('a file that is removed while it is open stays readable', async () => {
  const path = join(await temporaryFolder(), 'index')
  await writeFile(path, await build(stanza({ name: 'thing' })))
  const file = openRandomAccess(path)
  await rm(path)
  expect(openRandomAccess(path)).toBeUndefined()
  const index = file ? openIndex(file, origin) : undefined
  expect(index?.versions('thing')).toHaveLength(1)
})

test('several indices are one: each suite counts, doubles and other architectures do not', async () => {
  const text =
    stanza({ name: 'a', fields: { Provides: 'v' } }) +
    stanza({ name: 'b', fields: { Architecture: 'arm64' } })
  const bytes = inMemory(await build(text + stanza({ name: 'c', fields: { Architecture: 'all' } })))
  const parts = [origin, origin, { ...origin, suite: 'trixie-security' }].map((from) =>
    openIndex(bytes, from),
  )
  const index = combineIndices(
    parts.filter((part) => part !== undefined),
    'amd64',
  )
  expect(index.versions('a').map((each) => each.origin.suite)).toEqual(['trixie', 'trixie-security'])
  expect(index.versions('b')).toEqual([])
  expect(index.versions('c')).toHaveLength(2)
  expect(index.providers('v')).toHaveLength(2)
  expect([...index.names()]).toEqual(['a', 'b', 'c'])
})
