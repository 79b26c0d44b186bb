import { describe, expect, it } from 'vitest'
import type { Distribution } from '../../../model/inventory.ts'
import { record, sampleIndex } from '../sample.ts'
import { ecosystemsOf } from './distribution-ecosystems.ts'

const known = [
  'AlmaLinux:9',
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
    [{ id: 'ubuntu', version: '', codename: 'noble' }, 'Ubuntu:24.04'],
  ])('%j is of %s', (distribution, ecosystem) => {
    expect(ecosystemsOf(distribution, index).ecosystems).toEqual([ecosystem])
  })

  it.each<[Distribution, string]>([
    [{ id: 'alpine', version: '3.99.0' }, 'the feeds know nothing of Alpine v3.99, only edge, v3.20'],
    [
      { id: 'debian', version: '', codename: 'forky' },
      'the feeds know nothing of Debian 14, only 12, 13, 6.0, sid',
    ],
    [{ id: 'debian', version: '' }, 'nothing says which release of Debian they are of'],
    [{ id: 'rhel', version: '7.9' }, 'the feeds know nothing of Red Hat 7.9, only'],
    [{ id: 'constructor', version: '1' }, 'no feed speaks of the distribution "constructor"'],
  ])('%j has a problem: %s', (distribution, problem) => {
    const found = ecosystemsOf(distribution, index)
    expect(found.ecosystems).toEqual([])
    expect(found.problem).toContain(problem)
  })
})
