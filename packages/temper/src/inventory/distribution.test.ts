import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distributionOf, parseOsRelease } from './distribution.ts'

const distributionIn = (files: Readonly<Record<string, string>>) =>
  distributionOf(Object.entries(files).map(([path, fact]) => ({ location: { path }, fact })))

describe('os-release', () => {
  test('is read as a shell would', () => {
    expect(
      parseOsRelease(
        '# comment\nID="rhel"\nVERSION_ID=\'9.4\'\nPRETTY_NAME="A \\"B\\" \\$C"\nID_LIKE="fedora  centos"\r\nVERSION_CODENAME=\n',
      ),
    ).toEqual({ id: 'rhel', version: '9.4', title: 'A "B" $C', like: ['fedora', 'centos'] })
  })

  test.each(['', 'NAME=x', 'ID=', 'ID=../../etc', 'ID="a b"', `ID=${'x'.repeat(100)}`])(
    '%j says nothing',
    (text) => {
      expect(parseOsRelease(text)).toBeUndefined()
    },
  )
})

test('any text gives an id that is safe in a package URL, or nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('ID=x', 'ID="', "VERSION_ID='", '='))),
      (lines) => {
        const { id } = parseOsRelease(lines.join('\n')) ?? { id: 'none' }
        expect(id).toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/)
      },
    ),
  )
})

describe('the distribution', () => {
  test('of Ubuntu is in lsb-release too', () => {
    const lsb =
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\nDISTRIB_DESCRIPTION="Ubuntu 22.04.4 LTS"\n'
    expect(distributionIn({ 'etc/lsb-release': lsb, 'etc/debian_version': 'bookworm/sid\n' })).toEqual({
      id: 'ubuntu',
      version: '22.04',
      codename: 'jammy',
      title: 'Ubuntu 22.04.4 LTS',
    })
    expect(distributionIn({ 'etc/lsb-release': lsb, 'etc/os-release': 'ID=a\nVERSION_ID=1\n' })?.id).toBe('a')
    expect(
      distributionIn({ 'etc/lsb-release': 'LSB_VERSION=1.4\n', 'etc/debian_version': '12.5\n' })?.version,
    ).toBe('12')
  })

  test('is what /etc says before /usr/lib, and either before older files', () => {
    const files = { 'etc/alpine-release': '3.1.0\n', 'usr/lib/os-release': 'ID=b\nVERSION_ID=2\n' }
    expect(distributionIn({ ...files, 'etc/os-release': 'ID=a\nVERSION_ID=1\n' })).toEqual({
      id: 'a',
      version: '1',
    })
    expect(distributionIn(files)).toEqual({ id: 'b', version: '2' })
  })

  test.each<[string, string, object | undefined]>([
    ['etc/alpine-release', '3.20.3\n', { id: 'alpine', version: '3.20.3' }],
    ['etc/debian_version', '12.11\n', { id: 'debian', version: '12' }],
    ['etc/debian_version', 'forky/sid\n', { id: 'debian', version: '', codename: 'forky' }],
    ['etc/debian_version', '\n', undefined],
    [
      'etc/redhat-release',
      'CentOS Linux release 7.9.2009 (Core)\n',
      { id: 'centos', version: '7.9.2009', title: 'CentOS Linux release 7.9.2009 (Core)' },
    ],
    ['etc/redhat-release', 'My own system 1\n', undefined],
  ])('%s %j', (path, text, expected) => {
    expect(distributionIn({ [path]: text })).toEqual(expected)
  })

  test('of Debian testing has the number that debian_version knows', () => {
    const files = { 'etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie\n', 'etc/debian_version': '13.1\n' }
    expect(distributionIn(files)).toEqual({ id: 'debian', version: '13', codename: 'trixie' })
  })
})
