import { describe, expect, it } from 'vitest'
import { type PackageUrl, parsePurl } from '../../../formats/purl/purl.ts'
import { sampleComponent } from '../fixtures/sample.ts'
import { type PurlSubject, purlNames, purlSubject } from './purl-match.ts'

function purl(text: string): PackageUrl {
  const parsed = parsePurl(text)
  if (parsed === undefined) throw new Error(`${text} is not a package URL`)
  return parsed
}

const names = (wanted: string, own: string, facts: Omit<PurlSubject, 'purl'> = {}) =>
  purlNames(purl(wanted), { purl: purl(own), ...facts })

describe('a package URL', () => {
  it.each([
    ['pkg:npm/Lodash', 'pkg:npm/lodash@4', true],
    ['pkg:npm/%40Babel/core', 'pkg:npm/%40babel/core@7', true],
    ['pkg:npm/core', 'pkg:npm/%40babel/core@7', false],
    ['pkg:npm/lodash', 'pkg:gem/lodash@4', false],
    ['pkg:maven/Group/Name', 'pkg:maven/group/name@1', false],
    ['pkg:maven/group/a_b', 'pkg:maven/group/a-b@1', false],
    ['pkg:pypi/Zope.Interface', 'pkg:pypi/zope-interface@1', true],
    ['pkg:pypi/zope__interface', 'pkg:pypi/zope-interface@1', true],
    ['pkg:golang/Example.org/Mod', 'pkg:golang/example.org/mod@v1', true],
    ['pkg:golang/example.org/mod/sub', 'pkg:golang/example.org/mod@v1#sub', true],
    ['pkg:golang/example.org/mod', 'pkg:golang/example.org/mod@v1#sub', false],
    ['pkg:npm/a#lib', 'pkg:npm/a@1#lib', true],
    ['pkg:npm/a#lib', 'pkg:npm/a@1#src', false],
    ['pkg:npm/a#lib', 'pkg:npm/a@1', false],
    ['pkg:npm/a', 'pkg:npm/a@1#src', true],
    [
      'pkg:githubactions/Actions/Cache@abc?comment=v4',
      'pkg:githubactions/actions/cache@abc?comment=v4.1',
      true,
    ],
    ['pkg:githubactions/actions/cache@abc', 'pkg:githubactions/actions/cache@abc?comment=v4.1', true],
    ['pkg:githubactions/actions/cache@abd', 'pkg:githubactions/actions/cache@abc', false],
    ['pkg:npm/a@1', 'pkg:npm/a', false],
  ])('%s names %s: %j', (wanted, own, expected) => {
    expect(names(wanted, own)).toBe(expected)
  })

  it.each([
    ['pkg:deb/debian/a@1', 'pkg:deb/debian/a@1?epoch=0', true],
    ['pkg:deb/debian/a@0:1', 'pkg:deb/debian/a@1', true],
    ['pkg:deb/debian/a@2:1', 'pkg:deb/debian/a@1?epoch=2', true],
    ['pkg:deb/debian/a@2:1', 'pkg:deb/debian/a@2:1?epoch=2', true],
    ['pkg:deb/debian/a@12:1', 'pkg:deb/debian/a@12:1?epoch=12', true],
    ['pkg:deb/debian/a@2:1', 'pkg:deb/debian/a@1', false],
    ['pkg:deb/debian/a@10:1', 'pkg:deb/debian/a@11', false],
    ['pkg:deb/debian/a@1?epoch=2', 'pkg:deb/debian/a@2:1', true],
    ['pkg:deb/debian/a@x1:1?epoch=2', 'pkg:deb/debian/a@2:x1:1', true],
    ['pkg:deb/debian/a?epoch=2', 'pkg:deb/debian/a@1', true],
  ])('%s has the epoch of %s: %j', (wanted, own, expected) => {
    expect(names(wanted, own)).toBe(expected)
  })

  it.each([
    ['pkg:npm/a?vers=vers:npm/%3C2.0', 'pkg:npm/a@1.9.0', true],
    ['pkg:npm/a?vers=vers:npm/%3C2.0.0', 'pkg:npm/a@2.0.0', false],
    ['pkg:npm/a?vers=vers:npm/%3E%3D1.0.0%7C%3C2.0.0', 'pkg:npm/a@1.5.0', true],
    ['pkg:npm/a?vers=vers:npm/%3C2.0.0', 'pkg:npm/a', false],
    ['pkg:npm/a?vers=vers:made-up/%3C2.0.0', 'pkg:npm/a@1.0.0', false],
    ['pkg:deb/debian/a?vers=vers:deb/%3C1:2-1', 'pkg:deb/debian/a@1-9?epoch=1', true],
  ])('%s has a range that holds the version of %s: %j', (wanted, own, expected) => {
    expect(names(wanted, own)).toBe(expected)
  })

  it.each<[string, Omit<PurlSubject, 'purl'>, boolean]>([
    ['arch=amd64', { architecture: 'amd64' }, true],
    ['arch=amd64', { architecture: 'arm64' }, false],
    ['arch=amd64', {}, false],
    ['upstream=s', { source: { name: 's', version: '1' } }, true],
    ['upstream=s%401', { source: { name: 's', version: '1' } }, true],
    ['upstream=s%402', { source: { name: 's', version: '1' } }, false],
    ['upstream=s', {}, false],
    ['os_name=debian', { distribution: { id: 'debian', version: '13' } }, true],
    ['os_name=debian', { distribution: { id: 'ubuntu', version: '13' } }, false],
    ['os_name=debian', {}, false],
    ['os_version=13', { distribution: { id: 'debian', version: '13' } }, true],
    ['os_version=13', { distribution: { id: 'debian', version: '13.1' } }, true],
    ['os_version=13.1', { distribution: { id: 'debian', version: '13' } }, true],
    ['os_version=1', { distribution: { id: 'debian', version: '13' } }, false],
    ['os_version=13', { distribution: { id: 'debian', version: '' } }, false],
    ['os_version=.13', { distribution: { id: 'debian', version: '' } }, false],
    ['os_version=13', {}, false],
    ['os_distro=trixie', { distribution: { id: 'debian', version: '13', codename: 'trixie' } }, true],
    ['os_distro=trixie', { distribution: { id: 'debian', version: '13', codename: 'sid' } }, false],
    ['os_distro=trixie', {}, false],
    ['distro=debian-13', { distribution: { id: 'debian', version: '13' } }, true],
    ['distro=debian-13.2', { distribution: { id: 'debian', version: '13' } }, true],
    ['distro=debian-12', { distribution: { id: 'debian', version: '13' } }, false],
    ['distro=13', { distribution: { id: 'debian', version: '13' } }, false],
    ['distro=ubuntu-13', { distribution: { id: 'debian', version: '13' } }, false],
    ['distro=trixie', { distribution: { id: 'debian', version: '13', codename: 'trixie' } }, true],
    ['distro=debian-trixie', { distribution: { id: 'debian', version: '13', codename: 'trixie' } }, true],
    ['distro=debian-sid', { distribution: { id: 'debian', version: '13', codename: 'trixie' } }, false],
    ['distro=debian-undefined', { distribution: { id: 'debian', version: '13' } }, false],
    ['distro=debian-13', {}, false],
    ['unheard=of', {}, false],
    ['checksum=x&download_url=y&vcs_url=z&repository_url=r', {}, true],
  ])('with %s names a package of %j: %j', (qualifiers, facts, expected) => {
    expect(names(`pkg:deb/debian/a?${qualifiers}`, 'pkg:deb/debian/a@1', facts)).toBe(expected)
  })

  it('holds where the other has the same qualifier, whatever it means', () => {
    expect(names('pkg:npm/a?unheard=of', 'pkg:npm/a@1?unheard=of')).toBe(true)
    expect(names('pkg:npm/a?unheard=of', 'pkg:npm/a@1?unheard=to')).toBe(false)
    expect(names('pkg:deb/debian/a?distro=debian-13.1', 'pkg:deb/debian/a@1?distro=debian-13')).toBe(true)
    expect(names('pkg:deb/debian/a?distro=debian-12', 'pkg:deb/debian/a@1?distro=debian-13')).toBe(false)
  })

  it.each<[string, Omit<PurlSubject, 'purl'>, boolean]>([
    ['pkg:deb/debian/s?arch=source', { source: { name: 's', version: '1' } }, true],
    ['pkg:deb/debian/s?arch=src', { source: { name: 's', version: '1' } }, true],
    ['pkg:deb/debian/s@1?arch=source', { source: { name: 's', version: '1' } }, true],
    ['pkg:deb/debian/s@2?arch=source', { source: { name: 's', version: '1' } }, false],
    ['pkg:deb/debian/a?arch=source', { source: { name: 's', version: '1' } }, false],
    ['pkg:deb/debian/a?arch=source', {}, true],
    ['pkg:deb/debian/a@1?arch=source', {}, true],
    ['pkg:deb/debian/a@2?arch=source', {}, false],
    ['pkg:deb/debian/s?arch=source&vers=vers:deb/%3C2', { source: { name: 's', version: '1' } }, true],
    ['pkg:deb/debian/s?arch=source&vers=vers:deb/%3C1', { source: { name: 's', version: '1' } }, false],
    ['pkg:rpm/debian/a?arch=source', {}, false],
    ['pkg:deb/ubuntu/a?arch=source', {}, false],
    ['pkg:deb/a?arch=source', {}, false],
    ['pkg:deb/debian/a?arch=source&unheard=of', {}, false],
  ])('of a source package, %s, names what was built of it as %j says: %j', (wanted, facts, expected) => {
    expect(names(wanted, 'pkg:deb/debian/a@1', facts)).toBe(expected)
  })
})

describe('what a package URL is held against', () => {
  it('is all that is known of the component', () => {
    expect(purlSubject(sampleComponent())).toMatchObject({
      source: { name: 'openssl' },
      distribution: { id: 'debian' },
      architecture: 'amd64',
    })
    const {
      source: _source,
      architecture: _architecture,
      distribution: _distribution,
      ...bare
    } = sampleComponent()
    expect(Object.keys(purlSubject(bare) ?? {})).toEqual(['purl'])
    expect(purlSubject({ ...bare, purl: 'none' })).toBeUndefined()
  })

  it.each([
    ['deb', true],
    ['apk', true],
    ['rpm', true],
    ['npm', false],
  ] as const)('for %s is of the system, if of no other distribution: %j', (type, expected) => {
    const system = { id: 'debian', version: '12' }
    const { distribution: _distribution, ...bare } = sampleComponent({ type })
    expect(purlSubject(bare, system)?.distribution).toEqual(expected ? system : undefined)
    expect(purlSubject(sampleComponent({ type }), system)?.distribution?.version).toBe('13')
  })
})
