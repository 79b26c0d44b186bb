import { describe, expect, it } from 'vitest'
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

/* Distributions whose products have lists of their own. */

describe("packages of Ubuntu's FIPS archive", () => {
  const openssl = (id: string, ecosystem: string, fixed?: string) =>
    record(
      `UBUNTU-${id}-${ecosystem}`,
      {
        in: ecosystem,
        name: 'openssl',
        events: fixed === undefined ? [{ introduced: '0' }] : fixedIn(fixed),
      },
      { upstream: [id] },
    )
  const focal = { id: 'ubuntu', version: '20.04' }
  const common = [
    openssl('CVE-2024-1000', 'Ubuntu:20.04:LTS', '1.1.1f-1ubuntu2.24'),
    openssl('CVE-2024-2000', 'Ubuntu:Pro:20.04:LTS', '1.1.1f-1ubuntu2.24+esm2'),
  ]
  const index = sampleIndex({
    osv: [
      ...common,
      openssl('CVE-2024-1000', 'Ubuntu:Pro:FIPS:20.04:LTS'),
      openssl('CVE-2024-1000', 'Ubuntu:Pro:FIPS-updates:20.04:LTS', '1.1.1f-1ubuntu2.fips.24'),
      openssl('CVE-2024-3000', 'Ubuntu:Pro:FIPS-updates:20.04:LTS', '1.1.1f-1ubuntu2.fips.25'),
    ],
  })
  const scan = (version: string, of = index) =>
    findingLines([component('deb', 'openssl', { version })], of, focal)

  it('are judged by its lists, whose versions do not compare with others', () => {
    expect(scan('1.1.1f-1ubuntu2.fips.22')).toEqual([
      'CVE-2024-1000 of openssl: 1.1.1f-1ubuntu2.fips.24',
      'CVE-2024-3000 of openssl: 1.1.1f-1ubuntu2.fips.25',
    ])
    expect(scan('1.1.1f-1ubuntu2.fips.24')).toEqual(['CVE-2024-3000 of openssl: 1.1.1f-1ubuntu2.fips.25'])
  })

  it('say nothing of others', () => {
    expect(scan('1.1.1f-1ubuntu2.24')).toEqual(['CVE-2024-2000 of openssl: 1.1.1f-1ubuntu2.24+esm2'])
  })

  it('are not compared where the feeds do not have them', () => {
    const without = sampleIndex({ osv: common })
    const certified = component('deb', 'openssl', { version: '1.1.1f-1ubuntu2.fips.22' })
    expect(scan('1.1.1f-1ubuntu2.fips.22', without)).toEqual([])
    expect(notes([certified], without, focal)).toEqual([
      "1 package was not compared (openssl 1.1.1f-1ubuntu2.fips.22): it is built for FIPS, and the feeds do not list Ubuntu's FIPS packages.",
    ])
  })
})

describe("packages of Red Hat's extended streams", () => {
  const rhsa = (id: string, ecosystem: string, about: { cves: readonly string[]; fixed: string }) =>
    record(id, { in: ecosystem, name: 'openssl', events: fixedIn(about.fixed) }, { upstream: about.cves })
  const index = sampleIndex({
    osv: [
      rhsa('RHSA-2024:1', 'Red Hat:enterprise_linux:9::baseos', {
        cves: ['CVE-2024-1', 'CVE-2024-2'].map((id) => `${id}000`),
        fixed: '1:3.0.7-29.el9_5',
      }),
      rhsa('RHSA-2024:2', 'Red Hat:rhel_eus:9.4::baseos', {
        cves: ['CVE-2024-1000'],
        fixed: '1:3.0.7-28.el9_4.1',
      }),
    ],
  })
  const openssl = (release: string) =>
    findingLines([component('rpm', 'openssl', { version: `1:3.0.7-${release}` })], index, {
      id: 'rhel',
      version: '9.4',
    })

  it('are repaired where their own stream says so, and open where it is silent', () => {
    expect(openssl('28.el9_4.1')).toEqual(['CVE-2024-2000 of openssl: 1:3.0.7-29.el9_5'])
  })

  it('have both repairs named before', () => {
    expect(openssl('28.el9_4')).toEqual([
      'CVE-2024-1000 of openssl: 1:3.0.7-28.el9_4.1 1:3.0.7-29.el9_5',
      'CVE-2024-2000 of openssl: 1:3.0.7-29.el9_5',
    ])
  })

  it('are repaired where all lists of their own stream say so', () => {
    const stream = (id: string, list: string, release: string) =>
      rhsa(id, `Red Hat:rhel_eus:9.4::${list}`, { cves: ['CVE-2024-1000'], fixed: `1:3.0.7-${release}` })
    const two = sampleIndex({
      osv: [
        rhsa('RHSA-2024:1', 'Red Hat:enterprise_linux:9::baseos', {
          cves: ['CVE-2024-1000'],
          fixed: '1:3.0.7-29.el9_5',
        }),
        stream('RHSA-2024:2', 'baseos', '28.el9_4.1'),
        stream('RHSA-2024:3', 'appstream', '28.el9_4.3'),
      ],
    })
    const lines = (release: string) =>
      findingLines([component('rpm', 'openssl', { version: `1:3.0.7-${release}` })], two, {
        id: 'rhel',
        version: '9.4',
      })
    expect(lines('28.el9_4')).toEqual(['CVE-2024-1000 of openssl: 1:3.0.7-28.el9_4.3 1:3.0.7-29.el9_5'])
    // What one of the lists has repaired says nothing of what the other has.
    expect(lines('28.el9_4.1')).toEqual(['CVE-2024-1000 of openssl: 1:3.0.7-28.el9_4.3'])
    expect(lines('28.el9_4.3')).toEqual([])
  })

  it('leave what the common lists say of each other alone', () => {
    const common = (id: string, list: string, release: string) =>
      rhsa(id, `Red Hat:enterprise_linux:9::${list}`, {
        cves: ['CVE-2024-1000'],
        fixed: `1:3.0.7-${release}`,
      })
    const lists = sampleIndex({
      osv: [
        common('RHSA-2024:1', 'baseos', '29.el9_5'),
        common('RHSA-2024:2', 'appstream', '20.el9_0'),
        rhsa('RHSA-2024:3', 'Red Hat:rhel_eus:9.4::baseos', {
          cves: ['CVE-2024-2000'],
          fixed: '1:3.0.7-20.el9_4',
        }),
      ],
    })
    const made = component('rpm', 'openssl', { version: '1:3.0.7-28.el9_4' })
    expect(findingLines([made], lists, { id: 'rhel', version: '9.4' })).toEqual([
      'CVE-2024-1000 of openssl: 1:3.0.7-29.el9_5',
    ])
  })

  it('say that a repair is of a later minor release only', () => {
    const reasons = (release: string) =>
      findingsIn(
        inventory([component('rpm', 'openssl', { version: `1:3.0.7-${release}` })], {
          id: 'rhel',
          version: '9.4',
        }),
        index,
      ).map(
        ({ id, reason }) =>
          `${id} ${reason.includes('that is for 9.5, and no list of an extended stream of 9.4')}`,
      )
    expect(reasons('28.el9_4')).toEqual(['CVE-2024-1000 false', 'CVE-2024-2000 true'])
    expect(reasons('27.el9')).toEqual(['CVE-2024-1000 false', 'CVE-2024-2000 false'])
  })

  it('compare minor releases as numbers', () => {
    const of = (fixed: string) => {
      const one = sampleIndex({
        osv: [
          rhsa('RHSA-2026:1', 'Red Hat:enterprise_linux:10::baseos', {
            cves: ['CVE-2026-1000'],
            fixed: `1:3.0.7-29.el10_${fixed}`,
          }),
        ],
      })
      const made = component('rpm', 'openssl', { version: '1:3.0.7-28.el10_9' })
      return findingsIn(inventory([made], { id: 'rhel', version: '10.9' }), one).map(({ reason }) =>
        reason.includes(`that is for 10.${fixed}, and no list`),
      )
    }
    expect(of('10')).toEqual([true])
    expect(of('9')).toEqual([false])
    expect(of('8')).toEqual([false])
  })

  it('say what decides where neither version nor repository tells', () => {
    const distribution = { id: 'rhel', version: '9.4' }
    const reason = (release: string, more = '') => {
      const version = `1:3.0.7-${release}`
      const purl = `pkg:rpm/redhat/openssl@3.0.7-${release}?epoch=1${more}`
      const of = inventory([component('rpm', 'openssl', { version, purl, distribution })], distribution)
      return findingsIn(of, index).map(({ reason: text }) => text.includes('the list of that stream decides'))
    }
    expect(reason('27.el9')).toEqual([true, true])
    expect(reason('28.el9_4')).toEqual([false, false])
    expect(reason('27.el9', '&repository_id=rhel-9-for-x86_64-baseos-rpms')).toEqual([false, false])
    expect(reason('27.el9', '&stream=eus')).toEqual([false, false])
    const other = { id: 'rhel', version: '9.6' }
    const made = component('rpm', 'openssl', { version: '1:3.0.7-27.el9', distribution: other })
    // The only list of an extended stream is of 9.4.
    expect(findingsIn(inventory([made], other), index).map(({ reason: text }) => text)).not.toContainEqual(
      expect.stringContaining('the list of that stream decides'),
    )
  })

  it('after the end of a release are repaired for customers only, which is told', () => {
    const els = sampleIndex({
      osv: [
        rhsa('RHSA-2024:3', 'Red Hat:enterprise_linux:7::server', {
          cves: ['CVE-2024-1000'],
          fixed: '1:1.0.2k-26.el7_9',
        }),
        rhsa('RHSA-2024:4', 'Red Hat:rhel_els:7', {
          cves: ['CVE-2024-1000', 'CVE-2024-2000'],
          fixed: '1:1.0.2k-27.el7_9',
        }),
      ],
    })
    const seven = { id: 'rhel', version: '7.9' }
    const [finding, ...others] = findingsIn(
      inventory([component('rpm', 'openssl', { version: '1:1.0.2k-26.el7_9' })], seven),
      els,
    )
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: 'CVE-2024-2000', fixedVersions: ['1:1.0.2k-27.el7_9'] })
    expect(finding?.reason).toContain('for customers of the extended life-cycle support only')
  })

  it('of another minor release are none of that stream', () => {
    expect(openssl('27.el9_3.5')).toEqual([
      'CVE-2024-1000 of openssl: 1:3.0.7-29.el9_5',
      'CVE-2024-2000 of openssl: 1:3.0.7-29.el9_5',
    ])
    expect(openssl('29.el9_5')).toEqual([])
  })
})
