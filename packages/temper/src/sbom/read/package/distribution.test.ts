import { describe, expect, test } from 'vitest'
import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Distribution } from '../../../model/inventory.ts'
import {
  distributionId,
  distributionNamed,
  ociArchitecture,
  ownDistribution,
  purlDistribution,
  sameDistribution,
} from './distribution.ts'

const short = (distribution: Distribution | undefined) =>
  distribution === undefined
    ? undefined
    : [
        distribution.id,
        distribution.version,
        ...(distribution.codename === undefined ? [] : [distribution.codename]),
      ].join(' ')

describe('names of distributions', () => {
  test.each([
    ['Red Hat Enterprise Linux', 'rhel'],
    ['redhat', 'rhel'],
    ['Amazon Linux', 'amzn'],
    ['Oracle Linux Server', 'ol'],
    ['VMware Photon OS/Linux', 'photon'],
    ['SUSE Linux Enterprise Server', 'sles'],
    ['openSUSE Leap', 'opensuse-leap'],
    ['Debian GNU/Linux', 'debian'],
    ['wolfi', 'wolfi'],
    ['Something New', 'something-new'],
  ])('%s is %s', (name, id) => {
    expect(distributionId(name)).toBe(id)
  })

  test.each<[string, string | undefined, string | undefined]>([
    ['debian-12', undefined, 'debian 12'],
    ['debian:12', undefined, 'debian 12'],
    ['opensuse-leap-15.5', undefined, 'opensuse-leap 15.5'],
    ['redhat-9.4', undefined, 'rhel 9.4'],
    ['bookworm', undefined, 'debian 12 bookworm'],
    ['debian-bookworm', undefined, 'debian 12 bookworm'],
    ['jammy', undefined, 'ubuntu 22.04 jammy'],
    ['12', 'debian', 'debian 12'],
    ['v3.20', 'alpine', 'alpine 3.20'],
    ['12', undefined, undefined],
    ['wolfi', undefined, 'wolfi '],
    ['wolfi', 'wolfi', 'wolfi '],
    ['debian-sid', 'debian', 'debian  sid'],
  ])('"%s" of %s is "%s"', (text, namespace, expected) => {
    expect(short(distributionNamed(text, namespace))).toBe(expected)
  })

  test.each<[string, string | undefined]>([
    ['pkg:deb/debian/a@1?distro=debian-12', 'debian 12'],
    ['pkg:deb/debian/a@1', 'debian '],
    ['pkg:deb/a@1', undefined],
    ['pkg:deb/a@1?os_name=debian&os_version=12&os_distro=bookworm', 'debian 12 bookworm'],
    ['pkg:deb/a@1?os_distro=jammy', 'ubuntu 22.04 jammy'],
    ['pkg:rpm/redhat/a@1-1.el9', 'rhel '],
    ['pkg:npm/a@1?distro=debian-12', undefined],
    ['pkg:apk/unknown/a@1', undefined],
    ['pkg:apk/wolfi/a@1?distro=unknown', 'wolfi '],
  ])('%s is of "%s"', (text, expected) => {
    const purl = parsePurl(text)
    expect(short(purl && purlDistribution(purl))).toBe(expected)
  })
})

describe('the distribution of a package in a document about one', () => {
  const of = (id: string, version: string) => ({ id, version })
  test.each<[Distribution | undefined, Distribution | undefined, string | undefined]>([
    [undefined, of('debian', '12'), undefined],
    [of('debian', '11'), of('debian', '12'), 'debian 11'],
    [of('debian', ''), of('debian', '12'), undefined],
    [of('debian', ''), undefined, 'debian '],
    // A Debian package in a document about Alpine is of neither release that is known.
    [of('debian', ''), of('alpine', '3.20'), 'debian '],
    // Derivatives hand out packages of others.
    [of('debian', ''), of('kali', '2024.1'), undefined],
  ])('%j in %j: %s', (own, whole, expected) => {
    expect(short(ownDistribution(own, whole))).toBe(expected)
  })

  test('is the same by id and release, or by its code name where there is no release', () => {
    expect(sameDistribution(of('debian', '12'), { ...of('debian', '12'), codename: 'bookworm' })).toBe(true)
    expect(sameDistribution(of('debian', ''), { ...of('debian', ''), codename: 'sid' })).toBe(false)
    expect(sameDistribution(of('debian', '12'), undefined)).toBe(false)
    expect(sameDistribution(undefined, undefined)).toBe(true)
  })
})

test.each([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['riscv64', 'riscv64'],
  ['noarch', undefined],
  ['all', undefined],
])('the architecture %s is %s', (name, expected) => {
  expect(ociArchitecture(name)).toBe(expected)
})
