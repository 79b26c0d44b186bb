import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Advisory, FeedState } from '../../model/advisory/advisory.ts'
import type { FeedCoverage } from '../../model/advisory/coverage.ts'
import { ledgerTotals } from '../../model/advisory/ledger.ts'
import type { Component, Distribution } from '../../model/inventory.ts'
import { parseOsvRecord } from '../feed/osv/record.ts'
import { memoryIndex } from '../index/fixtures/memory-index.ts'
import { component, feedState, inventory, record, sampleIndex } from './fixtures/sample.ts'
import { matchInventory } from './match.ts'

const debian: Distribution = { id: 'debian', version: '13' }
const werkzeug = [
  component('deb', 'python3-werkzeug', {
    version: '3.1.3-2',
    source: { name: 'python-werkzeug', version: '3.1.3-2' },
    files: ['usr/lib/python3/dist-packages/werkzeug-3.1.3.dist-info/METADATA'],
  }),
  component('pypi', 'werkzeug', {
    version: '3.1.3',
    locations: [{ path: 'usr/lib/python3/dist-packages/werkzeug-3.1.3.dist-info/METADATA' }],
  }),
  component('deb', 'zlib1g', { version: '1:1.3-1', source: { name: 'zlib', version: '1:1.3-1' } }),
] as const

interface Feed {
  readonly covers: readonly FeedCoverage[]
  readonly records: readonly object[]
}

const python = { events: [{ introduced: '0' }, { fixed: '3.1.6' }] }
const all: Readonly<Record<string, Feed>> = {
  pypi: {
    covers: [{ extent: 'list', by: 'person', knows: 'all', ecosystems: ['PyPI'] }],
    records: [record('PYSEC-1', { in: 'PyPI', name: 'werkzeug', ...python }, { aliases: ['CVE-2026-0001'] })],
  },
  'debian-tracker': {
    covers: [{ extent: 'list', by: 'person', knows: 'all', ecosystems: ['Debian:13'] }],
    records: [
      record(
        'DEBIAN-CVE-2026-0001',
        { in: 'Debian:13', name: 'python-werkzeug' },
        { upstream: ['CVE-2026-0001'] },
      ),
    ],
  },
  one: {
    covers: [{ extent: 'records', knows: 'all', ecosystems: ['Debian:13'] }],
    records: [record('DEBIAN-CVE-2026-0002', { in: 'Debian:13', name: 'unrelated' })],
  },
  part: {
    covers: [{ extent: 'records', knows: 'all', ecosystems: ['Debian:13'] }],
    records: [
      record('DEBIAN-CVE-2026-0005', {
        in: 'Debian:13',
        name: 'python-werkzeug',
        events: [{ introduced: '0' }, { fixed: '1' }],
      }),
    ],
  },
  changelogs: {
    covers: [
      { extent: 'packages', knows: 'repaired', ecosystems: ['Debian:13'], packages: ['nginx', 'zlib'] },
    ],
    records: [record('CHANGELOG-CVE-2026-0003', { in: 'Debian:13', name: 'nginx' })],
  },
  repaired: {
    covers: [{ extent: 'list', by: 'person', knows: 'repaired', ecosystems: ['Debian:13'] }],
    records: [record('DEBIAN-CVE-2026-0004', { in: 'Debian:13', name: 'nginx' })],
  },
}

function compared(names: readonly string[], components: readonly Component[] = werkzeug) {
  const feeds: readonly FeedState[] = names.map((id) => ({ ...feedState(id), covers: all[id]?.covers ?? [] }))
  const advisories = names.flatMap((feed) =>
    (all[feed]?.records ?? []).map((each): Advisory => ({ ...parseOsvRecord(each), feed })),
  )
  return matchInventory(inventory(components, debian), memoryIndex({ feeds, advisories }))
}

/** A check mark: nothing found, and that is good news. */
function isClean(names: readonly string[], components?: readonly Component[]): boolean {
  const { findings, ledger } = compared(names, components)
  return names.length > 0 && findings.length === 0 && ledgerTotals(ledger).complete
}

describe('the ledger', () => {
  it('takes nothing for a package that is built for FIPS but packages of Ubuntu and Debian', () => {
    const module = component('generic', 'openssl-fips', {
      version: '3.0.9-fips',
      purl: 'pkg:generic/openssl-fips@3.0.9-fips',
    })
    expect(compared(['pypi'], [module]).ledger[0]?.reason).toBe(
      'nothing says what kind of package it is, so no advisory can name it',
    )
  })

  it('has every component once, in their order', () => {
    expect(compared(['pypi', 'debian-tracker']).ledger).toMatchObject([
      { component: werkzeug[0], compared: true, feeds: [{ id: 'debian-tracker', knows: 'all' }] },
      { component: werkzeug[1], compared: true, as: werkzeug[0].purl, feeds: [{ id: 'debian-tracker' }] },
      { component: werkzeug[2], compared: true },
    ])
  })

  it.each(['one', 'changelogs'])('lets no feed speak for packages that it does not know: %s', (feed) => {
    // The distribution's package hides the module in it only where something speaks for the package.
    const { findings, ledger, notes } = compared(['pypi', feed])
    expect(findings.map(({ id, component: { type } }) => `${id} ${type}`)).toEqual(['CVE-2026-0001 pypi'])
    expect(ledger[0]).toMatchObject({ compared: false, feeds: [] })
    expect(ledger[1]).toMatchObject({ compared: true, feeds: [{ id: 'pypi' }] })
    expect(notes.some(({ code }) => code === 'no-advisories')).toBe(true)
  })

  it('lets single records that name a package not speak for what is inside it', () => {
    const { findings, ledger } = compared(['pypi', 'part'])
    expect(findings.map(({ id, component: { type } }) => `${id} ${type}`)).toEqual(['CVE-2026-0001 pypi'])
    expect(ledger[0]).toMatchObject({ compared: true, feeds: [{ id: 'part', knows: 'records' }] })
  })

  it.each([
    ['nothing says what it is', component('generic', 'x', { version: '1' }), 'nothing says what kind'],
    [
      'nobody has advisories of its kind',
      component('generic', 'x', { version: '1', purl: 'pkg:conan/x@1' }),
      'no feed covers packages of type conan',
    ],
    ['no feed lists its ecosystem', component('npm', 'x', { version: '1' }), 'no feed lists npm'],
    [
      'it is of another distribution',
      component('apk', 'x', { version: '1' }),
      'type apk are not from Debian',
    ],
    [
      'somebody else made it',
      component('deb', 'nodejs', { version: '22.12.0-1nodesource1' }),
      'made by NodeSource',
    ],
  ])('says why a package was not compared: %s', (_, given, reason) => {
    const { ledger, notes } = compared(['pypi', 'debian-tracker'], [given])
    expect(ledger[0]).toMatchObject({ compared: false, feeds: [], reason: expect.stringContaining(reason) })
    expect(notes).toMatchObject([{ code: 'no-advisories', message: expect.stringContaining(reason) }])
  })

  it('takes a program that was recognised by its bytes for the package that brought it', () => {
    const program = component('generic', 'zlib1g', { version: '1.3' })
    expect(compared(['debian-tracker'], [werkzeug[2], program]).ledger[1]).toMatchObject({
      compared: true,
      as: werkzeug[2].purl,
    })
    const other = component('generic', 'zlib1g', { version: '1.4' })
    expect(compared(['debian-tracker'], [werkzeug[2], other]).ledger[1]).toMatchObject({ compared: false })
  })

  it('tells a reason once, with the first few packages', () => {
    const many = Array.from({ length: 9 }, (_, number) => component('npm', `p${number}`, { version: '1' }))
    expect(compared(['pypi'], many).notes).toEqual([
      {
        code: 'no-advisories',
        message: '9 packages were not compared (p0 1, p1 1, p2 1, p3 1, p4 1 and 4 more): no feed lists npm.',
      },
    ])
  })

  it('is in doubt of what a record names without versions, unless another record tells', () => {
    const git = { type: 'GIT', repo: 'https://a.example', events: [{ introduced: '0' }] }
    const mute = {
      id: 'GHSA-git',
      aliases: ['CVE-2026-0009'],
      affected: [{ package: { ecosystem: 'npm', name: 'x' }, ranges: [git] }],
    }
    const told = record(
      'GHSA-told',
      { in: 'npm', name: 'x', events: [{ introduced: '2' }] },
      { aliases: ['CVE-2026-0009'] },
    )
    const ledger = (...records: object[]) =>
      matchInventory(inventory([component('npm', 'x', { version: '1.0.0' })]), sampleIndex({ osv: records }))
        .ledger
    expect(ledger(mute)[0]).toMatchObject({ compared: false, reason: expect.stringContaining('GHSA-git') })
    expect(ledger(mute, told)[0]).toMatchObject({ compared: true, feeds: [{ id: 'osv', knows: 'all' }] })
  })

  it('knows repairs from all that is known', () => {
    const zlib = [werkzeug[2]]
    expect(compared(['repaired'], zlib).ledger[0]).toMatchObject({
      compared: true,
      reason: expect.any(String),
    })
    expect(isClean(['repaired'], zlib)).toBe(false)
    expect(isClean(['repaired', 'debian-tracker'], zlib)).toBe(true)
  })
})

describe('a check mark', () => {
  it('never appears because a feed is taken away', () => {
    const names = fc.subarray(Object.keys(all), { minLength: 1 })
    const components = fc.subarray([...werkzeug, component('npm', 'x', { version: '1' })], { minLength: 1 })
    fc.assert(
      fc.property(names, components, (feeds, present) => {
        if (isClean(feeds, present)) return
        for (const feed of feeds) {
          const rest = feeds.filter((each) => each !== feed)
          expect(isClean(rest, present), `${rest} of ${feeds}`).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('malicious packages', () => {
  const mal = record('MAL-2025-1', { in: 'npm', name: 'evil' }, { aliases: ['GHSA-aaaa-bbbb-cccc'] })
  const same = record('GHSA-aaaa-bbbb-cccc', { in: 'npm', name: 'evil' }, { aliases: ['MAL-2025-1'] })
  const flaw = record('GHSA-flaw', { in: 'npm', name: 'evil' }, { aliases: ['CVE-2025-0001', 'MAL-2025-1'] })
  const evil = [component('npm', 'evil', { version: '1.0.0' })]
  const judged = (...records: object[]) =>
    matchInventory(inventory(evil), sampleIndex({ osv: records })).findings.map(
      ({ id, malicious, severity, priority }) => [id, malicious ?? false, severity, priority.value],
    )

  it('are findings of their own, worse than whatever else there is', () => {
    expect(judged(mal)).toEqual([['MAL-2025-1', true, 'critical', 100]])
    expect(judged(mal, same)).toEqual([['MAL-2025-1', true, 'critical', 100]])
    expect(judged(flaw, mal).map(([id, malicious]) => [id, malicious])).toEqual([
      ['MAL-2025-1', true],
      ['CVE-2025-0001', false],
    ])
  })
})
