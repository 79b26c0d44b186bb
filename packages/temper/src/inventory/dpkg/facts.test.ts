import { describe, expect, test } from 'vitest'
import { dpkgFileKind, readDpkgFact } from './facts.ts'

const read = (path: string, text: string) => {
  const bytes = Buffer.from(text)
  return readDpkgFact({ path, size: bytes.length, mode: 0o644, start: bytes, bytes })
}
const status = 'var/lib/dpkg/status'
const stanza = (fields: Readonly<Record<string, string>>) =>
  Object.entries({ Package: 'a', Version: '1-1', Architecture: 'amd64', ...fields })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
const packages = (text: string) => {
  const fact = read(status, text)
  return fact?.kind === 'packages' ? fact.packages : undefined
}

describe('files of dpkg', () => {
  test.each([
    ['var/lib/dpkg/status', 'packages'],
    ['var/lib/dpkg/status.d/base-files', 'packages'],
    ['var/lib/dpkg/status.d/base-files.md5sums', 'sums'],
    ['var/lib/dpkg/status.d/base-files.preinst', undefined],
    ['var/lib/dpkg/status.d/a/b', undefined],
    ['var/lib/dpkg/info/libc6:amd64.list', 'list'],
    ['var/lib/dpkg/info/libc6:amd64.md5sums', 'sums'],
    ['var/lib/dpkg/info/libc6.postinst', undefined],
    ['var/lib/dpkg/status-old', undefined],
    ['usr/share/doc/libc6/copyright', 'licence'],
    ['usr/share/doc/libc6/x/copyright', undefined],
    ['other/var/lib/dpkg/status', undefined],
  ])('%s: %s', (path, kind) => {
    expect(dpkgFileKind(path)).toBe(kind)
  })

  test('sums are paths, whatever the mode of reading', () => {
    const sum = 'd'.repeat(32)
    expect(read('var/lib/dpkg/info/a.md5sums', `${sum}  usr/bin/a\n${sum} *usr/bin/b\n`)).toEqual({
      kind: 'sums',
      text: 'usr/bin/a\nusr/bin/b\n',
    })
  })

  test('a licence counts where it is a statement, not prose', () => {
    const dep5 =
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: Expat\n'
    expect(read('usr/share/doc/a/copyright', dep5)).toEqual({ kind: 'licence', expression: 'MIT' })
    expect(read('usr/share/doc/a/copyright', 'You may do what you like, but for one thing.')).toBeUndefined()
  })

  test('other files say nothing', () => {
    expect(read('etc/passwd', 'root:x:0:0')).toBeUndefined()
  })
})

describe('packages of a status file', () => {
  test.each([
    ['install ok installed', 1],
    ['hold ok installed', 1],
    ['install ok half-configured', 1],
    ['install ok triggers-pending', 1],
    ['deinstall ok config-files', 0],
    ['install ok half-installed', 0],
    ['purge ok not-installed', 0],
    ['installed', 0],
  ])('with the status "%s" are there: %i', (state, count) => {
    expect(packages(stanza({ Status: state }))).toHaveLength(count)
  })

  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['the same source is not told', { Source: 'a' }, { source: undefined }],
    ['a source of its own version', { Source: 's (2-1)' }, { source: { name: 's', version: '2-1' } }],
    ['a source of the same version', { Source: 's' }, { source: { name: 's', version: '1-1' } }],
    ['the same name in another version', { Source: 'a (2-1)' }, { source: { name: 'a', version: '2-1' } }],
    ['what it needs first and later', { 'Pre-Depends': 'p', Depends: 'd | e' }, { depends: 'p, d | e' }],
    [
      'no vendor in packages of Debian',
      { Maintainer: 'Team <t@debian.org>', Origin: 'Debian' },
      { vendor: undefined },
    ],
    ['a vendor', { Vendor: 'Example Inc.' }, { vendor: 'Example Inc.' }],
    ['another archive', { Origin: 'Example', Maintainer: 'T <t@x.org>' }, { vendor: 'Example' }],
    [
      'a licence, which Debian does not write there',
      { License: 'MIT', Maintainer: 'T <t@x.org>' },
      { vendor: 'T' },
    ],
    ['a maintainer without address', { Maintainer: 'Somebody' }, { vendor: 'Somebody' }],
    ['a licence and no maintainer', { License: 'MIT' }, { vendor: 'another vendor' }],
  ])('%s', (_, fields, expected) => {
    const [first] = packages(stanza(fields)) ?? []
    for (const [member, value] of Object.entries(expected))
      expect(first?.[member as keyof typeof first]).toEqual(value)
  })

  test('that name nothing are none', () => {
    expect(packages('Version: 1\n\nPackage: b\n\nPackage: c\nVersion: 2\n')).toMatchObject([{ name: 'c' }])
  })

  test('are kept where others are damaged, which is told', () => {
    const fact = read(status, `${stanza({})}\nthis is no field\n\n${stanza({ Package: 'b' })}`)
    expect(fact).toMatchObject({
      kind: 'packages',
      packages: [{ name: 'a' }, { name: 'b' }],
      damaged: expect.stringContaining('line'),
    })
  })

  test.each([
    ['no version', 'Package: b\nStatus: install ok installed\n', 1],
    ['an empty version', 'Package: b\nVersion:\nStatus: install ok installed\n', 1],
    ['no name', 'Version: 1\nStatus: install ok unpacked\n', 1],
    ['two of them', 'Version: 1\nStatus: install ok installed\n\nPackage: c\nStatus: hold ok installed\n', 2],
  ])('that are there without being named are told: %s', (_, text, count) => {
    expect(read(status, `${stanza({})}\n${text}`)).toEqual({
      kind: 'packages',
      packages: [{ name: 'a', version: '1-1', architecture: 'amd64' }],
      damaged: `${status}: ${count} without a name or a version`,
    })
  })

  test.each([
    ['is gone', 'Package: b\nStatus: purge ok not-installed\n'],
    ['was never there', 'Package: b\nStatus: unknown ok not-installed\n'],
    ['says nothing of its state', 'Package: b\n'],
  ])('need no version where it %s', (_, text) => {
    expect(read(status, `${stanza({})}\n${text}`)).not.toHaveProperty('damaged')
  })

  test('may have lines that end as on Windows, no line end, and fields in any case', () => {
    expect(packages('package: a\r\nVERSION: 1\r\n')).toMatchObject([
      { name: 'a', version: '1', architecture: '' },
    ])
    expect(packages('Package: a\nVersion: 1')).toHaveLength(1)
    expect(packages('')).toEqual([])
  })
})
