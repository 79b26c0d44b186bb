import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Component, Distribution } from '../../model/inventory.ts'
import {
  component,
  findingLines,
  findingsIn,
  fixedIn,
  inventory,
  notes,
  record,
  sampleIndex,
} from './fixtures/sample.ts'

const debian: Distribution = { id: 'debian', version: '12' }
const alpine: Distribution = { id: 'alpine', version: '3.20.3' }

describe('packages of Debian', () => {
  const index = sampleIndex({
    osv: [
      record(
        'DEBIAN-CVE-2024-0001',
        { in: 'Debian:12', name: 'openssl', events: fixedIn('3.0.13-1~deb12u1') },
        { upstream: ['CVE-2024-0001'] },
      ),
      record(
        'DEBIAN-CVE-2024-0002',
        { in: 'Debian:11', name: 'openssl', events: fixedIn('9') },
        { upstream: ['CVE-2024-0002'] },
      ),
      record(
        'DEBIAN-CVE-2024-0003',
        { in: 'Debian:12', name: 'libssl3', events: fixedIn('9') },
        { upstream: ['CVE-2024-0003'] },
      ),
      record(
        'DEBIAN-CVE-2024-0004',
        { in: 'Debian:12', name: 'bind9', events: fixedIn('1:9.18.24-1') },
        { upstream: ['CVE-2024-0004'] },
      ),
      record(
        'DEBIAN-CVE-2024-0005',
        { in: 'Debian:12', name: 'perl', events: fixedIn('5.36.0-7') },
        { upstream: ['CVE-2024-0005'] },
      ),
      record(
        'DEBIAN-CVE-2024-0006',
        { in: 'Debian:12', name: 'linux', events: fixedIn('6.1.119-1') },
        { upstream: ['CVE-2024-0006'] },
      ),
    ],
  })

  it('are looked up by source package and source version, in their release', () => {
    const libssl3 = component('deb', 'libssl3', {
      version: '3.0.11-1',
      source: { name: 'openssl', version: '3.0.11-1~deb12u2' },
    })
    expect(findingLines([libssl3], index, debian)).toEqual(['CVE-2024-0001 of libssl3: 3.0.13-1~deb12u1'])
    const [finding] = findingsIn(inventory([libssl3], debian), index)
    expect(finding?.reason).toBe(
      'source package openssl 3.0.11-1~deb12u2 is below 3.0.13-1~deb12u1, fixed in Debian:12',
    )
    expect(finding?.aliases).toEqual(['DEBIAN-CVE-2024-0001'])
    expect(finding?.feeds).toEqual(['osv'])
    expect(findingLines([libssl3], index, { id: 'debian', version: '11' })).toEqual([
      'CVE-2024-0002 of libssl3: 9',
    ])
  })

  it('have the version of their source, not their own', () => {
    const dnsutils = (version: string) =>
      component('deb', 'bind9-dnsutils', { version: '2:0.1', source: { name: 'bind9', version } })
    expect(findingLines([dnsutils('1:9.18.24-1')], index, debian)).toEqual([])
    expect(findingLines([dnsutils('9.99-1')], index, debian)).toHaveLength(1)
  })

  it('may be rebuilt without a change of the source', () => {
    expect(findingLines([component('deb', 'perl', { version: '5.36.0-7+b1' })], index, debian)).toEqual([])
    const perl = component('deb', 'perl-base', {
      version: '5.36.0-6+b9',
      source: { name: 'perl', version: '' },
    })
    expect(findingLines([perl], index, debian)).toHaveLength(1)
  })

  it('include the signed kernel', () => {
    const kernel = (version: string) =>
      component('deb', 'linux-image-amd64', { version, source: { name: 'linux-signed-amd64', version } })
    expect(findingLines([kernel('6.1.119+1')], index, debian)).toEqual([])
    expect(findingLines([kernel('6.1.115+1')], index, debian)).toHaveLength(1)
  })

  it('are told to be unmatched when nothing is known of the release', () => {
    const libssl3 = component('deb', 'libssl3', { version: '1' })
    expect(notes([libssl3, libssl3], index, { id: 'debian', version: '13' })).toEqual([
      '2 packages were not compared (libssl3 1): the feeds know nothing about Debian 13, only 11, 12.',
    ])
    expect(notes([libssl3], index, { id: 'plan9', version: '4' })[0]).toContain('"plan9"')
    expect(notes([libssl3], index)[0]).toContain('nothing says which distribution')
  })

  it('are never taken for packages of a distribution of another kind', () => {
    const foreign = component('deb', 'perl', { version: '5' })
    expect(findingLines([foreign], index, alpine)).toEqual([])
    expect(notes([foreign], index, alpine)).toEqual([
      '1 package was not compared (perl 5): packages of type deb are not from Alpine, and nothing says where this one is from.',
    ])
  })

  it('may be of another distribution than the image', () => {
    const foreign = component('deb', 'perl', { version: '5', distribution: debian })
    expect(findingLines([foreign], index, alpine)).toHaveLength(1)
  })
})

describe('packages of Alpine, Wolfi and Chainguard', () => {
  const index = sampleIndex({
    secdb: [
      record(
        'ALPINE-CVE-2024-1001',
        { in: 'Alpine:v3.20', name: 'openssl', events: fixedIn('3.3.2-r0') },
        { upstream: ['CVE-2024-1001'] },
      ),
      record(
        'ALPINE-CVE-2024-1002',
        { in: 'Alpine:v3.20', name: 'ssl_client', events: fixedIn('1.36.1-r30') },
        { upstream: ['CVE-2024-1002'] },
      ),
      record(
        'ALPINE-CVE-2024-1003',
        { in: 'Alpine:edge', name: 'openssl', events: fixedIn('9') },
        { upstream: ['CVE-2024-1003'] },
      ),
      record(
        'CGA-aaaa-bbbb-cccc',
        { in: 'Wolfi', name: 'openssl', events: fixedIn('3.4.0-r1') },
        { upstream: ['CVE-2024-1004'] },
      ),
      record(
        'CGA-dddd-eeee-ffff',
        { in: 'Chainguard', name: 'openssl', events: fixedIn('3.4.0-r1') },
        { upstream: ['CVE-2024-1004'] },
      ),
    ],
  })
  const libssl3 = component('apk', 'libssl3', {
    version: '3.3.1-r9',
    source: { name: 'openssl', version: '3.3.1-r9' },
  })
  const client = component('apk', 'ssl_client', {
    version: '1.36.1-r29',
    source: { name: 'busybox', version: '1.36.1-r29' },
  })

  it('are looked up by origin and by name', () => {
    expect(findingLines([libssl3, client], index, alpine)).toEqual([
      'CVE-2024-1001 of libssl3: 3.3.2-r0',
      'CVE-2024-1002 of ssl_client: 1.36.1-r30',
    ])
  })

  it.each([
    [{ id: 'alpine', version: '3.21_alpha20240923' }, 'CVE-2024-1003'],
    [{ id: 'alpine', version: '', title: 'Alpine Linux edge' }, 'CVE-2024-1003'],
    [{ id: 'wolfi', version: '20230201' }, 'CVE-2024-1004'],
    [{ id: 'chainguard', version: '20230214' }, 'CVE-2024-1004'],
  ])('of %j have one list', (distribution, id) => {
    expect(findingLines([libssl3], index, distribution).map((each) => each.split(' ')[0])).toEqual([id])
  })
})

describe('packages of RPM distributions', () => {
  const index = sampleIndex({
    osv: [
      record(
        'ALSA-2024:1',
        { in: 'AlmaLinux:9', name: 'openssl-libs', events: fixedIn('1:3.0.7-25.el9_3') },
        {
          related: ['CVE-2024-2001', 'CVE-2024-2002'],
          summary: 'Important: openssl security update',
          published: '2024-01-25T00:00:00Z',
        },
      ),
      record(
        'ALSA-2024:2',
        { in: 'AlmaLinux:9', name: 'nodejs', events: fixedIn('1:18.19.0-1.module_el9.3.0+1') },
        { related: ['CVE-2024-2003'] },
      ),
      record(
        'RLSA-2024:1',
        { in: 'Rocky Linux:9', name: 'openssl', events: fixedIn('1:3.0.7-25.el9_3') },
        { upstream: ['CVE-2024-2001'] },
      ),
      record(
        'RHSA-2024:1',
        {
          in: 'Red Hat:enterprise_linux:9::baseos',
          name: 'openssl-libs',
          events: fixedIn('1:3.0.7-25.el9_3'),
        },
        { upstream: ['CVE-2024-2001'] },
      ),
      record(
        'RHSA-2024:2',
        { in: 'Red Hat:rhel_eus:9.0::baseos', name: 'openssl-libs', events: fixedIn('9') },
        { upstream: ['CVE-2024-2009'] },
      ),
      record(
        'SUSE-SU-2024:1',
        {
          in: 'SUSE:Linux Enterprise Module for Basesystem 15 SP5',
          name: 'openssl-3',
          events: fixedIn('3.0.8-150500.5.24.1'),
        },
        { upstream: ['CVE-2024-2001'] },
      ),
    ],
  })
  const libs = (version: string) =>
    component('rpm', 'openssl-libs', { version, source: { name: 'openssl', version } })

  it('are looked up by binary package, with epoch', () => {
    const almalinux = { id: 'almalinux', version: '9.3' }
    expect(findingLines([libs('1:3.0.7-24.el9')], index, almalinux)).toEqual([
      'CVE-2024-2001 of openssl-libs: 1:3.0.7-25.el9_3',
      'CVE-2024-2002 of openssl-libs: 1:3.0.7-25.el9_3',
    ])
    expect(findingLines([libs('1:3.0.7-25.el9_3')], index, almalinux)).toEqual([])
  })

  it('have the word of the advisory, and its date as that of the fix', () => {
    const [finding] = findingsIn(
      inventory([libs('1:3.0.7-24.el9')], { id: 'almalinux', version: '9.3' }),
      index,
    )
    expect(finding).toMatchObject({
      severity: 'high',
      severitySource: 'AlmaLinux: Important',
      fixPublished: '2024-01-25T00:00:00Z',
      aliases: ['ALSA-2024:1'],
    })
  })

  it('of modules are not compared with those outside', () => {
    const nodejs = (version: string) =>
      findingLines([component('rpm', 'nodejs', { version })], index, { id: 'almalinux', version: '9.3' })
    expect(nodejs('1:16.20.2-3.el9')).toEqual([])
    expect(nodejs('1:18.18.2-2.module_el9.2.0+1')).toHaveLength(1)
  })

  it.each([
    ['rocky', '9.3'],
    ['rhel', '9.3'],
    ['sles', '15.5'],
  ])('of %s %s have the lists of their release', (id, version) => {
    const package3 = component('rpm', 'libopenssl3', {
      version: '3.0.8-1',
      source: { name: 'openssl-3', version: '3.0.8-1' },
    })
    expect(
      findingLines([libs('1:3.0.7-24.el9'), package3], index, { id, version }).map(
        (each) => each.split(' ')[0],
      ),
    ).toEqual(['CVE-2024-2001'])
  })
})

describe('language packages', () => {
  const rust = ['crates', 'io'].join('.')
  const index = sampleIndex({
    osv: [
      record('PYSEC-1', { in: 'PyPI', name: 'zope.interface_x', events: fixedIn('2.0') }),
      record('GHSA-npm1', { in: 'npm', name: '@babel/core', events: fixedIn('7.1.0') }),
      record('GHSA-mvn1', {
        in: 'Maven',
        name: 'org.x:core',
        events: [{ introduced: '2.0-beta9' }, { fixed: '2.15.0' }],
      }),
      record('GO-1', { in: 'Go', name: 'github.com/a/b/v2', events: fixedIn('2.3.0') }),
      record('GO-2', { in: 'Go', name: 'stdlib', events: [{ introduced: '1.21.0-0' }, { fixed: '1.21.4' }] }),
      record('GHSA-gem1', { in: 'RubyGems', name: 'nokogiri', events: fixedIn('1.16.5') }),
      record('GHSA-php1', {
        in: 'Packagist',
        name: 'Symfony/HTTP-Kernel',
        events: [{ introduced: '2.0.0' }, { fixed: '4.4.13' }],
      }),
      record('GHSA-net1', { in: 'NuGet', name: 'Newtonsoft.Json', events: fixedIn('13.0.1') }),
      record('RUSTSEC-1', { in: rust, name: 'time', events: fixedIn('0.2.23') }),
      record('GO-3', { in: 'Go', name: 'github.com/Owner/Tool', events: fixedIn('1.1.1') }),
      record('GHSA-hex1', { in: 'Hex', name: 'phoenix', events: fixedIn('1.6.1') }),
      record('GHSA-pub1', { in: 'Pub', name: 'http', events: fixedIn('0.13.3') }),
      record('GHSA-swift1', { in: 'SwiftURL', name: 'github.com/vapor/vapor', events: fixedIn('4.84.2') }),
    ],
  })

  it.each<[Component['type'], string, string, string]>([
    ['pypi', 'Zope_Interface.X', '1.0', 'PYSEC-1'],
    ['npm', '@babel/core', '7.0.0', 'GHSA-npm1'],
    ['maven', 'org.x:core', '2.14.1', 'GHSA-mvn1'],
    ['golang', 'github.com/a/b/v2', 'v2.2.9+incompatible', 'GO-1'],
    ['golang', 'stdlib', 'go1.21.3', 'GO-2'],
    ['golang', 'stdlib', '1.21rc2', 'GO-2'],
    ['gem', 'nokogiri', '1.16.4-x86_64-linux-gnu', 'GHSA-gem1'],
    ['composer', 'symfony/http-kernel', 'v2.0', 'GHSA-php1'],
    ['nuget', 'newtonsoft.json', '12.0.3', 'GHSA-net1'],
    ['cargo', 'time', '0.2.22', 'RUSTSEC-1'],
    ['golang', 'github.com/owner/tool', 'v1.1.0', 'GO-3'],
    ['golang', 'github.com/OWNER/Tool', 'v1.1.0', 'GO-3'],
    ['composer', 'symfony/http-kernel', 'v4.4.12-stable', 'GHSA-php1'],
    ['hex', 'phoenix', '1.6.0', 'GHSA-hex1'],
    ['pub', 'http', '0.13.0', 'GHSA-pub1'],
    ['swift', 'github.com/vapor/vapor', '4.84.1', 'GHSA-swift1'],
  ])('%s %s %s has %s', (type, name, version, id) => {
    expect(
      findingLines([component(type, name, { version })], index).map((each) => each.split(' ')[0]),
    ).toEqual([id])
  })

  it.each<[Component['type'], string, string]>([
    ['pypi', 'zope-interface-x', '2.0'],
    ['npm', '@babel/core', 'v7.1.0'],
    ['npm', 'core', '7.0.0'],
    ['golang', 'github.com/a/b', 'v1.0.0'],
    ['golang', 'stdlib', 'go1.21.4'],
    ['golang', 'stdlib', 'go1.20.9'],
    ['gem', 'nokogiri', '1.16.5-x86_64-linux-gnu'],
    ['composer', 'symfony/http-kernel', 'v4.4.13-stable'],
    ['composer', 'symfony/http-kernel', '4.4.13+build.1'],
    ['generic', 'time', '0.1'],
  ])('%s %s %s has nothing', (type, name, version) => {
    expect(findingLines([component(type, name, { version })], index)).toEqual([])
  })

  it('of Ubuntu Pro are looked up in its list too', () => {
    const ubuntu = sampleIndex({
      osv: [
        record(
          'UBUNTU-CVE-2024-3001',
          { in: 'Ubuntu:18.04:LTS', name: 'vim', events: fixedIn('2:8.0.1-1') },
          { upstream: ['CVE-2024-3001'] },
        ),
        record(
          'UBUNTU-CVE-2024-3002',
          { in: 'Ubuntu:Pro:18.04:LTS', name: 'vim', events: fixedIn('2:8.0.1-1+esm9') },
          { upstream: ['CVE-2024-3002'] },
        ),
      ],
    })
    const vim = (version: string) =>
      findingLines([component('deb', 'vim', { version })], ubuntu, { id: 'ubuntu', version: '18.04' })
    expect(vim('2:8.0.0-1')).toEqual([
      'CVE-2024-3001 of vim: 2:8.0.1-1',
      'CVE-2024-3002 of vim: 2:8.0.1-1+esm9',
    ])
    expect(vim('2:8.0.1-1+esm8')).toEqual(['CVE-2024-3002 of vim: 2:8.0.1-1+esm9'])
    expect(vim('2:8.0.1-1+esm9')).toEqual([])
  })

  it('of a release that Ubuntu Pro alone looks after have its flaws, and it is told who gets the repair', () => {
    const pro = (id: string, ecosystem: string, fixed: string) =>
      record(`UBUNTU-${id}`, { in: ecosystem, name: 'systemd', events: fixedIn(fixed) }, { upstream: [id] })
    const index = sampleIndex({
      osv: [
        pro('CVE-2024-3001', 'Ubuntu:Pro:16.04:LTS', '229-4ubuntu21.31+esm1'),
        // What the common list speaks of is for it to decide.
        pro('CVE-2024-3002', 'Ubuntu:16.04:LTS', '229-4ubuntu21.2'),
        pro('CVE-2024-3002', 'Ubuntu:Pro:16.04:LTS', '229-4ubuntu21.40+esm2'),
      ],
    })
    const xenial = { id: 'ubuntu', version: '16.04' }
    const systemd = (version: string) =>
      component('deb', 'libudev1', { version, source: { name: 'systemd', version } })
    const [finding] = findingsIn(inventory([systemd('229-4ubuntu21.31')], xenial), index)
    expect(findingLines([systemd('229-4ubuntu21.31')], index, xenial)).toEqual([
      'CVE-2024-3001 of libudev1: 229-4ubuntu21.31+esm1',
    ])
    expect(finding?.reason).toContain('fixed in Ubuntu:Pro:16.04, for customers of Ubuntu Pro only')
    expect(notes([systemd('229-4ubuntu21.31')], index, xenial)).toEqual([
      '1 problem is repaired for customers of Ubuntu Pro only: the versions with "esm".',
    ])
    expect(notes([systemd('229-4ubuntu21.31+esm1')], index, xenial)).toEqual([])
  })

  it('with a version that is not one are told', () => {
    const devel = component('golang', 'github.com/a/b/v2', { version: '(devel)' })
    expect(findingLines([devel], index)).toEqual([])
    expect(notes([devel], index)).toEqual([
      '1 package was not compared (github.com/a/b/v2 (devel)): 1 advisory names it, but the version "(devel)" cannot be compared.',
    ])
  })

  it('may be listed by version, as the scheme compares versions', () => {
    const listed = sampleIndex({
      osv: [
        {
          id: 'PYSEC-9',
          affected: [{ package: { ecosystem: 'PyPI', name: 'a' }, versions: ['1.0', '2.0.0-final'] }],
        },
      ],
    })
    const has = (version: string) => findingLines([component('pypi', 'a', { version })], listed).length === 1
    expect(['1.0', '1.0.0', '2.0.0-final', '1.1', '2.0.0'].map(has)).toEqual([true, true, true, false, false])
  })
})

describe('packages of vendors', () => {
  const index = sampleIndex({
    osv: [
      record(
        'DEBIAN-CVE-2024-0001',
        { in: 'Debian:12', name: 'nodejs', events: fixedIn('99') },
        { upstream: ['CVE-2024-0001'] },
      ),
      record('GHSA-npm1', { in: 'npm', name: 'cross-spawn', events: fixedIn('7.0.5') }),
    ],
  })
  const path = 'usr/lib/node_modules/npm/node_modules/cross-spawn/package.json'
  const inside = component('npm', 'cross-spawn', { version: '7.0.3', locations: [{ path }] })
  const node = (version: string, more: Partial<Component> = {}) =>
    component('deb', 'nodejs', { version, files: [path], purl: `pkg:deb/debian/nodejs@${version}`, ...more })

  it('are not the business of the distribution; what is inside them is matched, and the gap is told', () => {
    const vendor = node('22.12.0-1nodesource1')
    expect(findingLines([vendor, inside], index, debian)).toEqual(['GHSA-npm1 of cross-spawn: 7.0.5'])
    expect(notes([vendor, inside], index, debian)).toEqual([
      '1 package was not compared (nodejs 22.12.0-1nodesource1): made by NodeSource, whose packages no feed covers; its contents were compared.',
    ])
  })

  it('are told by the namespace of their package URL too', () => {
    const vendor = node('22.12.0-1', { purl: 'pkg:deb/acme/nodejs@22.12.0-1' })
    expect(findingLines([vendor], index, debian)).toEqual([])
    expect(notes([vendor], index, debian)[0]).toContain('(nodejs 22.12.0-1): made by acme')
  })

  it('are not those of the distribution, which speaks for what is inside', () => {
    expect(findingLines([node('18.19.0+dfsg-6'), inside], index, debian)).toEqual([
      'CVE-2024-0001 of nodejs: 99',
    ])
  })

  it('are told together', () => {
    const many = Array.from({ length: 7 }, (_, i) => node(`${i}.0-1nodesource1`))
    const [note, ...more] = notes(many, index, debian)
    expect(note).toContain('nodejs 4.0-1nodesource1 and 2 more): made by NodeSource')
    expect(more).toEqual([])
  })
})

describe('packages within packages', () => {
  const index = sampleIndex({
    osv: [
      record('PYSEC-1', { in: 'PyPI', name: 'requests', events: fixedIn('3') }),
      record('DEBIAN-CVE-2024-0001', { in: 'Debian:12', name: 'requests', events: fixedIn('2.28.1+dfsg-1') }),
    ],
  })
  const inside = (path: string) => component('pypi', 'requests', { version: '2.28.1', locations: [{ path }] })
  const owner = (files?: readonly string[]) =>
    component('deb', 'python3-requests', {
      version: '2.28.1+dfsg-1',
      source: { name: 'requests', version: '2.28.1+dfsg-1' },
      ...(files && { files }),
    })

  it('are the business of the distribution whose package brings them', () => {
    const path = 'usr/share/app/requests.dist-info/METADATA'
    expect(findingLines([owner([path]), inside(path)], index, debian)).toEqual([])
    expect(findingLines([owner([]), inside(path)], index, debian)).toHaveLength(1)
  })

  it('are so by their folder, where only the distribution writes', () => {
    const path = 'usr/lib/python3/dist-packages/requests.egg-info'
    expect(findingLines([owner(), inside(path)], index, debian)).toEqual([])
    expect(
      findingLines([owner(), inside('usr/local/lib/python3.11/dist-packages/r/METADATA')], index, debian),
    ).toHaveLength(1)
  })

  it('count themselves when no feed speaks for the distribution', () => {
    const path = 'usr/share/app/requests.dist-info/METADATA'
    expect(findingLines([owner([path]), inside(path)], index, { id: 'debian', version: '99' })).toEqual([
      'PYSEC-1 of requests: 3',
    ])
  })
})

describe('hostile records', () => {
  it('end in notes', () => {
    const affected = {
      ecosystem: 'npm',
      name: 'a',
      ranges: [{ scheme: 'semver' as const, events: [] }],
      versions: [],
    }
    const index = sampleIndex(
      { osv: [] },
      { advisories: [{ id: 'X-1', aliases: [], feed: 'osv', severity: [], affected: [affected] }] },
    )
    expect(findingLines([component('npm', 'a', { version: '1.0.0' })], index)).toEqual([])
    expect(notes([component('npm', 'a', { version: '1.0.0' })], index)).toEqual([
      '1 package was not compared (a 1.0.0): X-1 names it, but says nothing about versions.',
    ])
  })

  it('of a package may be very many', () => {
    const aliases = Array.from({ length: 50 }, (_, i) => `BAD-${i}`)
    const events = [{ introduced: '0' }, { fixed: '2' }, { introduced: '3' }, { fixed: '4' }]
    const bare = Array.from({ length: 1000 }, (_, i) =>
      record(`R-${i}`, { in: 'npm', name: 'a', events }, { aliases }),
    )
    const named = Array.from({ length: 1000 }, (_, i) =>
      record(
        `S-${i}`,
        { in: 'npm', name: 'b', events },
        { aliases: [...aliases, 'CVE-2024-0001', `CVE-2024-${i + 1000}`] },
      ),
    )
    const index = sampleIndex({ osv: [...bare, ...named] })
    const findings = (name: string) => findingLines([component('npm', name, { version: '1.0.0' })], index)
    expect(findings('a').length).toBeGreaterThan(950)
    expect(findings('b').length).toBe(1001)
  })

  it('with any names and versions give the same findings each time, and never throw', () => {
    const text = fc.oneof(
      fc.constantFrom('0', '1', '1.0.0', '2', 'CVE-2024-0001', 'CVE-2024-0002', 'GHSA-a', 'GHSA-b', 'x'),
      fc.string({ maxLength: 5 }),
    )
    const event = fc.oneof(
      text.map((introduced) => ({ introduced })),
      text.map((fixed) => ({ fixed })),
      text.map((last_affected) => ({ last_affected })),
      text.map((limit) => ({ limit })),
    )
    const one = fc.record({
      id: text.filter((id) => id !== ''),
      aliases: fc.array(text, { maxLength: 4 }),
      upstream: fc.array(text, { maxLength: 3 }),
      severity: fc.array(fc.record({ type: fc.constantFrom('CVSS_V3', 'CVSS_V4', 'Ubuntu'), score: text }), {
        maxLength: 2,
      }),
      affected: fc.array(
        fc.record({
          package: fc.constant({ ecosystem: 'Debian:12', name: 'a' }),
          ranges: fc.array(
            fc.record({ type: fc.constant('ECOSYSTEM'), events: fc.array(event, { maxLength: 4 }) }),
            { maxLength: 3 },
          ),
          versions: fc.array(text, { maxLength: 2 }),
        }),
        { maxLength: 3 },
      ),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { maxLength: 6, selector: ({ id }) => id }),
        text,
        (records, version) => {
          const names = records.filter(({ id }) => /^[\x21-\x7e]+$/.test(id))
          const components = [component('deb', 'a', { version })]
          const first = findingsIn(inventory(components, debian), sampleIndex({ osv: names }))
          const again = findingsIn(inventory(components, debian), sampleIndex({ osv: names.toReversed() }))
          expect(again).toEqual(first)
          expect(new Set(first.map(({ id }) => id)).size).toBe(first.length)
          for (const { fixedVersions } of first) expect(fixedVersions).not.toContain(version)
        },
      ),
      { numRuns: 300 },
    )
  })
})
