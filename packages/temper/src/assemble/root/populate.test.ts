import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  lockedPackage,
  packageContent,
  type SamplePackage,
  sampleDistro,
  sampleHardening,
} from '../fixtures/sample.ts'
import { type Population, populate } from './populate.ts'

const distro = sampleDistro()

function populateWith(...packages: readonly SamplePackage[]): Population {
  return populate(
    packages.map((sample) => ({ package: lockedPackage(sample), content: packageContent(sample) })),
    {
      distro,
      mergedPath: distro.mergedPath,
      hardening: sampleHardening,
      hasInterpreter: (path) => path !== '/usr/bin/perl',
    },
  )
}

const listing = ({ root }: Population) => [...root.nodes()].map(({ path, type }) => `${path} ${type}`)
const ownerOf = ({ root }: Population, path: string) => {
  const origin = root.get(path)?.origin
  return origin?.kind === 'package' ? `${origin.package} ${origin.path}` : origin
}

describe('what packages bring', () => {
  it('goes where the merged /usr has it, under the name that the archive gave it', () => {
    const population = populateWith({ name: 'a', files: [['bin/x', 'x', { mode: 0o755 }]] })
    expect(listing(population)).toEqual(['usr directory', 'usr/bin directory', 'usr/bin/x file'])
    expect(ownerOf(population, 'usr/bin/x')).toBe('a bin/x')
    expect(ownerOf(population, 'usr/bin')).toBe('a usr/bin')
  })

  it('stays out when hardening says so, and is listed with the reason', () => {
    const { root, stripped } = populateWith({ name: 'a', files: [['usr/share/doc/a/README', 'read']] })
    expect(root.size).toBe(0)
    expect(stripped).toEqual([
      {
        package: 'a',
        path: 'usr/share/doc/a/README',
        reason: 'documentation',
        rule: 'documentation',
        relaxable: true,
      },
    ])
  })

  it('loses setuid bits, names of owners and extended attributes', () => {
    const fields = { mode: 0o6755, userName: 'root', groupName: 'mail', xattrs: { 'user.a': 'AQ==' } }
    const node = populateWith({ name: 'a', files: [['usr/bin/x', 'x', fields]] }).root.get('usr/bin/x')
    expect(node?.mode).toBe(0o755)
    for (const field of ['userName', 'groupName', 'xattrs']) expect(node).not.toHaveProperty(field)
  })

  it('puts files where another package has a link in place of their folder, whichever comes first', () => {
    const folders: SamplePackage = { name: 'folders', files: ['usr/lib/old/', ['usr/lib/old/x', 'x']] }
    const links: SamplePackage = { name: 'links', files: ['usr/lib/new/', 'usr/lib/old -> new'] }
    for (const packages of [
      [folders, links],
      [links, folders],
    ]) {
      const population = populateWith(...packages)
      expect(population.root.get('usr/lib/old')?.type).toBe('symlink')
      expect(ownerOf(population, 'usr/lib/new/x')).toBe('folders usr/lib/old/x')
    }
  })

  it('keeps a folder where a link leads to a file', () => {
    const { root } = populateWith(
      { name: 'a', files: [['usr/file', 'x'], 'usr/x -> file'] },
      { name: 'b', files: ['usr/x/'] },
    )
    expect(root.get('usr/x')?.type).toBe('directory')
  })

  it.each(['../../bin/x', '/bin/x', '/usr/bin/x', '../../usr/bin/x', './../../bin/x'])(
    'leaves out a link from /bin to itself in /usr/bin: %s',
    (target) => {
      const { root, stripped } = populateWith({ name: 'a', files: [`bin/x -> ${target}`] })
      expect(root.get('usr/bin/x')).toBeUndefined()
      expect(stripped).toEqual([
        { package: 'a', path: 'usr/bin/x', reason: 'link of the merged /usr', relaxable: false },
      ])
    },
  )

  it('gives a folder of several packages the narrowest permissions and the newest time', () => {
    const folder = (name: string, mode: number, mtime: number): SamplePackage => ({
      name,
      files: [['var/lib/x/', '', { mode, mtime }]],
    })
    const modes = fc.record({ mode: fc.integer({ min: 0, max: 0o777 }), mtime: fc.nat(2 ** 31) })
    fc.assert(
      fc.property(fc.array(modes, { minLength: 1, maxLength: 4 }), (given) => {
        const packages = given.map(({ mode, mtime }, at) => folder(`p${at}`, mode, mtime))
        for (const order of [packages, packages.toReversed()]) {
          expect(populateWith(...order).root.get('var/lib/x')).toMatchObject({
            mode: given.reduce((all, { mode }) => all & mode, 0o777),
            mtime: Math.max(...given.map(({ mtime }) => mtime)),
          })
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('a path that two packages bring', () => {
  const one: SamplePackage = { name: 'one', files: [['etc/x', 'first']] }
  const two: SamplePackage = { name: 'two', files: [['etc/x', 'second']] }
  const replacing = (sample: SamplePackage, what: string): SamplePackage => ({
    ...sample,
    own: { replaces: what },
  })

  it.each<[string, readonly SamplePackage[], string]>([
    ['is of the one that replaces the other', [one, replacing(two, 'one')], 'two'],
    ['is of the one that replaces the other, though it comes first', [replacing(one, 'two'), two], 'one'],
    [
      'is of the later one when both replace each other',
      [replacing(one, 'two'), replacing(two, 'one')],
      'two',
    ],
    ['is of the first when the bytes are equal', [one, { ...one, name: 'two' }], 'one'],
    [
      'is of the first when both have the same link',
      [
        { name: 'one', files: ['etc/x -> y'] },
        { name: 'two', files: ['etc/x -> y'] },
      ],
      'one',
    ],
  ])('%s', (_, packages, owner) => {
    expect(ownerOf(populateWith(...packages), 'etc/x')).toBe(`${owner} etc/x`)
  })

  it.each<[string, SamplePackage]>([
    ['with other bytes', two],
    ['and Replaces an older version', replacing(two, 'one 0.5')],
    ['and Replaces another package', replacing(two, 'three')],
    ['as a link', { name: 'two', files: ['etc/x -> y'] }],
  ])('%s is refused, with the names of both', (_, second) => {
    expect(() => populateWith(one, second)).toThrow(
      expect.objectContaining({
        code: 'unsatisfiable',
        details: { path: '/etc/x', packages: expect.arrayContaining(['one', 'two']) },
      }),
    )
  })
})

describe('diversions', () => {
  const diverting: SamplePackage = {
    name: 'newer',
    files: [['usr/bin/x', 'new']],
    own: { diverts: 'usr/bin/x usr/bin/x.distrib' },
  }
  const older: SamplePackage = { name: 'older', files: [['bin/x', 'old']] }

  it('move the file of every other package aside', () => {
    const population = populateWith(diverting, older)
    expect(ownerOf(population, 'usr/bin/x')).toBe('newer usr/bin/x')
    expect(ownerOf(population, 'usr/bin/x.distrib')).toBe('older bin/x')
  })

  it('count only for paths that the diverting package brings itself', () => {
    const population = populateWith({ ...diverting, files: ['usr/bin/'] }, older)
    expect(ownerOf(population, 'usr/bin/x')).toBe('older bin/x')
  })
})
