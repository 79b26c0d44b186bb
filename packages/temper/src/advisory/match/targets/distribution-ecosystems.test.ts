import { describe, expect, it } from 'vitest'
import type { Distribution } from '../../../model/inventory.ts'
import { record, sampleIndex } from '../fixtures/sample.ts'
import { ecosystemsOf } from './distribution-ecosystems.ts'

const known = [
  'AlmaLinux:9',
  'Alpaquita:23',
  'Alpaquita:stream',
  'BellSoft Hardened Containers:25',
  'BellSoft Hardened Containers:stream',
  'Alpine:v13.21',
  'Debian:7',
  'Debian:3.1',
  'Photon OS:3.0',
  'Photon OS:15.22',
  'Red Hat:enterprise_linux:10::baseos',
  'Red Hat:rhel_eus:10.14::baseos',
  'Red Hat:rhel_other:9::baseos',
  'SUSE:Linux Enterprise Server 12',
  'openEuler:22.03',
  'openEuler:22.03-LTS-SP1',
  'Alpine:v3.20',
  'Alpine:edge',
  'Azure Linux:3',
  'Chainguard',
  'Debian:6.0',
  'Debian:12',
  'Debian:13',
  'Debian:sid',
  'Mageia:9',
  'MinimOS',
  'Photon OS:5.0',
  'Red Hat:enterprise_linux:9::appstream',
  'Red Hat:enterprise_linux:9::baseos',
  'Red Hat:rhel_eus:9.4::baseos',
  'Rocky Linux:9',
  'SUSE:Linux Enterprise Server 15 SP5',
  'SUSE:Linux Enterprise Module for Basesystem 15 SP5',
  'SUSE:Linux Enterprise Server 15 SP5-LTSS',
  'Ubuntu:24.04:LTS',
  'Wolfi',
  'openEuler:24.03-LTS',
  'openSUSE:Leap 15.5',
  'openSUSE:Tumbleweed',
]
const index = sampleIndex({
  osv: known.map((ecosystem, i) => record(`X-${i}`, { in: ecosystem, name: 'a' })),
})

describe('ecosystemsOf', () => {
  it.each<[string, string, string[]]>([
    ['almalinux', '9.4', ['AlmaLinux:9']],
    ['alpine', '3.20.3', ['Alpine:v3.20']],
    ['alpine', '3.20', ['Alpine:v3.20']],
    ['alpine', '3.21_alpha20240923', ['Alpine:edge']],
    ['alpaquita', '23', ['Alpaquita:23']],
    ['alpaquita', '', ['Alpaquita:stream']],
    ['bellsoft-hardened-containers', '25', ['BellSoft Hardened Containers:25']],
    ['bellsoft-hardened-containers', '', ['BellSoft Hardened Containers:stream']],
    ['alpine', 'v3.20.12', ['Alpine:v3.20']],
    ['alpine', '3.20.0_rc12', ['Alpine:v3.20']],
    ['alpine', '13.21.1', ['Alpine:v13.21']],
    ['alpine', '', ['Alpine:edge']],
    ['debian', '7.11', ['Debian:7']],
    ['debian', '6.0.10', ['Debian:6.0']],
    ['debian', '3.1r8', ['Debian:3.1']],
    ['openeuler', '22.03', ['openEuler:22.03']],
    ['photon', '15.22.7', ['Photon OS:15.22']],
    ['rhel', '10.1', ['Red Hat:enterprise_linux:10::baseos', 'Red Hat:rhel_eus:10.14::baseos']],
    ['sles', '12', ['SUSE:Linux Enterprise Server 12']],
    ['sled', '12.0', ['SUSE:Linux Enterprise Server 12']],
    ['Debian', '12', ['Debian:12']],
    ['azurelinux', '3.0', ['Azure Linux:3']],
    ['chainguard', '20230214', ['Chainguard', 'Wolfi']],
    ['debian', '12', ['Debian:12']],
    ['debian', '12.8', ['Debian:12']],
    ['debian', '6', ['Debian:6.0']],
    ['debian', 'trixie/sid', ['Debian:13']],
    ['mageia', '9', ['Mageia:9']],
    ['minimos', '20241031', ['MinimOS']],
    ['openeuler', '24.03', ['openEuler:24.03-LTS']],
    ['opensuse-leap', '15.5', ['openSUSE:Leap 15.5']],
    ['opensuse-tumbleweed', '20241201', ['openSUSE:Tumbleweed']],
    ['photon', '5.0', ['Photon OS:5.0']],
    [
      'rhel',
      '9.4',
      [
        'Red Hat:enterprise_linux:9::appstream',
        'Red Hat:enterprise_linux:9::baseos',
        'Red Hat:rhel_eus:9.4::baseos',
      ],
    ],
    ['rocky', '9.3', ['Rocky Linux:9']],
    [
      'sles',
      '15.5',
      ['SUSE:Linux Enterprise Module for Basesystem 15 SP5', 'SUSE:Linux Enterprise Server 15 SP5'],
    ],
    ['ubuntu', '24.04', ['Ubuntu:24.04']],
    ['wolfi', '20230201', ['Wolfi']],
  ])('%s %s has %j', (id, version, ecosystems) => {
    expect(ecosystemsOf({ id, version }, index)).toMatchObject({ ecosystems })
    expect(ecosystemsOf({ id, version }, index).problem).toBeUndefined()
  })

  it.each<[Distribution, string]>([
    [{ id: 'debian', version: '', codename: 'bookworm' }, 'Debian:12'],
    [{ id: 'debian', version: '', title: 'Debian GNU/Linux trixie/sid' }, 'Debian:13'],
    [{ id: 'debian', version: '', codename: 'sid' }, 'Debian:sid'],
    [{ id: 'alpine', version: '', title: 'Alpine Linux edge' }, 'Alpine:edge'],
    [{ id: 'alpine', version: '20250108', title: 'Alpine Linux edge' }, 'Alpine:edge'],
    [{ id: 'debian', version: '', codename: 'sid or so' }, 'Debian:sid'],
    [{ id: 'debian', version: '', codename: 'bookworm', title: 'Debian GNU/Linux trixie/sid' }, 'Debian:12'],
    [{ id: 'ubuntu', version: '', codename: 'noble' }, 'Ubuntu:24.04'],
    [{ id: 'ubuntu', version: '24.04', codename: 'jammy' }, 'Ubuntu:24.04'],
    [{ id: 'ubuntu', version: '24.04', codename: 'bookworm' }, 'Ubuntu:24.04'],
  ])('%j is of %s', (distribution, ecosystem) => {
    expect(ecosystemsOf(distribution, index).ecosystems).toEqual([ecosystem])
  })

  it.each<[Distribution, string]>([
    [
      { id: 'alpine', version: '3.99.0' },
      'the feeds know nothing about Alpine v3.99, only edge, v13.21, v3.20',
    ],
    [
      { id: 'debian', version: '', codename: 'forky' },
      'the feeds know nothing about Debian 14, only 12, 13, 3.1, 6.0, 7, sid',
    ],
    [{ id: 'debian', version: '' }, 'nothing says which release of Debian it is'],
    [{ id: 'rhel', version: '7.9' }, 'the feeds know nothing about Red Hat 7.9, only'],
    [{ id: 'ubuntu', version: '', codename: 'bookworm' }, 'nothing says which release of Ubuntu it is'],
    [{ id: 'alpine', version: '2' }, 'the feeds know nothing about Alpine 2, only edge'],
    [{ id: 'openeuler', version: '22' }, 'the feeds know nothing about openEuler 22, only'],
    [{ id: 'sles', version: '' }, 'nothing says which release of SUSE it is'],
    [{ id: 'photon', version: 'rolling' }, 'the feeds know nothing about Photon OS rolling, only'],
    [{ id: 'constructor', version: '1' }, 'no feed covers the distribution "constructor"'],
  ])('%j has a problem: %s', (distribution, problem) => {
    const resolved = ecosystemsOf(distribution, index)
    expect(resolved.ecosystems).toEqual([])
    expect(resolved.problem).toContain(problem)
  })

  it.each<[readonly string[], string]>([
    [[], 'the feeds know nothing about Debian 99, no release of it'],
    [['1', '2', '3', '4', '5', '6'], 'the feeds know nothing about Debian 99, only 1, 2, 3, 4, 5, 6'],
    [
      ['1', '2', '3', '4', '5', '6', '7'],
      'the feeds know nothing about Debian 99, only 1, 2, 3, 4, 5 and 2 more',
    ],
  ])('of the releases %j tells: %s', (releases, problem) => {
    const few = sampleIndex({
      osv: releases.map((release) => record(`X-${release}`, { in: `Debian:${release}`, name: 'a' })),
    })
    expect(ecosystemsOf({ id: 'debian', version: '99' }, few)).toEqual({
      ecosystems: [],
      family: 'Debian',
      problem,
    })
    const nowhere = ecosystemsOf({ id: 'debian', version: '' }, few).problem
    expect(nowhere).toBe(
      releases.length === 0
        ? 'the feeds know nothing about Debian, no release of it'
        : 'nothing says which release of Debian it is',
    )
  })
})
