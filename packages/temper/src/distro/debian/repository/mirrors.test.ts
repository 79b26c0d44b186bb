import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, temporaryFolder } from '../fixtures/mirror.ts'
import { readAptSources } from './apt-sources.ts'
import { mirrorsOf, packageMirrors, recipeMirrors, toDebianMirror } from './mirrors.ts'
import { snapshotAddress, snapshotTime } from './snapshot.ts'

afterEach(cleanUp)

const now = new Date('2026-06-01T12:00:00.500Z')

async function rootWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

describe("the host's apt sources", () => {
  test('are read in both styles, in the order of apt', async () => {
    const root = await rootWith({
      'etc/apt/sources.list': `# deb http://commented.example/debian trixie main
deb [arch=amd64 signed-by=/x.gpg] http://one.example/debian/ bookworm main contrib
deb-src http://source.example/debian bookworm main
deb cdrom:[Debian]/ bookworm main
deb http://user:secret@private.example/debian bookworm main
deb https://packages.example/tool stable main # not an archive of Debian
`,
      'etc/apt/sources.list.d/b.sources': `# comment
Types: deb deb-src
URIs: http://two.example/debian http://one.example/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 xyz

Types: deb
URIs: https://sec.example/debian-security/
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: x

Types: deb-src
URIs: http://source.example/debian
Suites: x
`,
      'etc/apt/sources.list.d/a.list': 'deb http://zero.example/debian sid main\n',
      'etc/apt/sources.list.d/c.list.disabled': 'deb http://disabled.example/debian sid main\n',
    })
    expect(await readAptSources(root)).toEqual({
      debian: ['http://one.example/debian', 'http://zero.example/debian', 'http://two.example/debian'],
      'debian-security': ['https://sec.example/debian-security'],
    })
  })

  test('may name lists of mirrors', async () => {
    const root = await rootWith({
      'etc/apt/sources.list.d/debian.sources':
        'Types: deb\nURIs: mirror+file:///etc/apt/mirrors/debian.list\nSuites: trixie\nComponents: main\n',
      'etc/apt/mirrors/debian.list':
        'https://m1.example/debian\tpriority:1\n# no\nhttps://m2.example/debian\n',
    })
    expect((await readAptSources(root)).debian).toEqual([
      'https://m1.example/debian',
      'https://m2.example/debian',
    ])
  })

  test('may be absent or broken', async () => {
    const notes: string[] = []
    const note = (text: string) => void notes.push(text)
    expect(await readAptSources(await temporaryFolder(), { note })).toEqual({
      debian: [],
      'debian-security': [],
    })
    expect(notes).toEqual([])
    const root = await rootWith({
      'etc/apt/sources.list.d/bad.sources': 'no fields here\n',
      'etc/apt/sources.list.d/good.list': 'deb http://good.example/debian trixie main\n',
    })
    expect((await readAptSources(root, { note })).debian).toEqual(['http://good.example/debian'])
    expect(notes.join()).toContain('bad.sources is skipped')
  })
})

describe('mirrors', () => {
  const settings = {
    recipe: { debian: ['http://recipe.example/debian/'], 'debian-security': [] },
    configuration: {
      debian: ['http://conf.example/debian', 'http://recipe.example/debian'],
      'debian-security': [],
    },
    host: {
      debian: ['http://host.example/debian'],
      'debian-security': ['http://host.example/debian-security'],
    },
    snapshotArchive: 'http://snap.example/archive/',
  }

  test('are tried from the recipe to the snapshot archive, each once', () => {
    expect(mirrorsOf('debian', settings, now)).toEqual([
      { address: 'http://recipe.example/debian', from: 'recipe' },
      { address: 'http://conf.example/debian', from: 'configuration' },
      { address: 'http://host.example/debian', from: 'host' },
      {
        address: 'http://snap.example/archive/debian/20260601T120000Z',
        from: 'snapshot',
        snapshot: new Date('2026-06-01T12:00:00Z'),
      },
    ])
    expect(mirrorsOf('debian', {}, now).map(({ address }) => address)).toEqual([
      'https://snapshot.debian.org/archive/debian/20260601T120000Z',
    ])
  })

  test('of a lock end with the snapshots of its own time', () => {
    const suites = [
      { repository: 'debian', address: 'http://lock.example/debian', date: '2026-05-01T00:00:00Z' },
      { repository: 'debian', address: 'http://host.example/debian', date: '2026-05-03T00:00:00Z' },
      { repository: 'own', address: 'https://own.example/debian', date: '2026-05-03T00:00:00Z' },
    ]
    const mirrors = packageMirrors(suites, settings)
    expect(mirrors.get('debian')?.map(({ address }) => address)).toEqual([
      'http://recipe.example/debian',
      'http://conf.example/debian',
      'http://host.example/debian',
      'http://lock.example/debian',
      'http://snap.example/archive/debian/20260504T000000Z',
      'http://snap.example/archive/debian/20260503T000000Z',
      'http://snap.example/archive/debian/20260502T000000Z',
      'http://snap.example/archive/debian/20260501T000000Z',
    ])
    expect(mirrors.get('own')).toEqual([{ address: 'https://own.example/debian', from: 'lock' }])
  })

  test("come from the recipe's repositories with the names of the archives", () => {
    const repository = { suite: 'trixie', components: ['main'] }
    const repositories = [
      { ...repository, name: 'debian', address: 'http://a.example/debian' },
      { ...repository, name: 'other', address: 'http://b.example/debian' },
    ]
    expect(recipeMirrors(repositories)).toEqual({
      debian: ['http://a.example/debian'],
      'debian-security': [],
    })
  })

  test.each([
    '',
    'mirror',
    'file://host/debian',
    'file:///debian/../etc',
    '../debian',
    'ftp://mirror.example/debian',
    'http://u:geheim@mirror.example/debian',
    'http://mirror.example/debian?geheim',
  ])('have a plain address: %s is none', (address) => {
    expect(() => toDebianMirror(address, 'recipe')).toThrow(expect.objectContaining({ code: 'bad-recipe' }))
    expect(() => toDebianMirror(address, 'configuration')).toThrow(
      expect.objectContaining({ code: 'bad-configuration' }),
    )
    expect(() => toDebianMirror(address, 'host')).not.toThrow('geheim')
  })
})

test('snapshot addresses hold their time', () => {
  const address = snapshotAddress('debian-security', now)
  expect(address).toBe('https://snapshot.debian.org/archive/debian-security/20260601T120000Z')
  expect(snapshotTime(address)?.toISOString()).toBe('2026-06-01T12:00:00.000Z')
  expect(snapshotTime(`${address}/`)?.toISOString()).toBe('2026-06-01T12:00:00.000Z')
  expect(snapshotTime('http://mirror.example/debian')).toBeUndefined()
  expect(snapshotTime('no address')).toBeUndefined()
})
