import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Advisory, FeedState } from '../../model/advisory/advisory.ts'
import type { CoverageExtent, CoverageKnowledge } from '../../model/advisory/coverage.ts'
import { ledgerTotals } from '../../model/advisory/ledger.ts'
import type { Component, ComponentType, Distribution } from '../../model/inventory.ts'
import { sufficesRepaired } from '../coverage/claim.ts'
import { isDistribution, knownFamilies, rustFamily } from '../ecosystem.ts'
import { parseOsvRecord } from '../feed/osv/record.ts'
import { memoryIndex } from '../index/fixtures/memory-index.ts'
import { component, feedState, inventory, record } from './fixtures/sample.ts'
import { matchInventory } from './match.ts'

/* Whatever is scanned and whatever is known: taking a feed away never turns what was no check mark into one. */

interface Kind {
  /** As OSV names it; several where a release has several lists. */
  readonly ecosystems: readonly string[]
  readonly type: ComponentType
  readonly purlType?: string
  readonly distribution?: Distribution
}

const version = '1.0'
const languages: readonly Kind[] = [
  { ecosystems: ['npm'], type: 'npm' },
  { ecosystems: ['PyPI'], type: 'pypi' },
  { ecosystems: ['Maven'], type: 'maven' },
  { ecosystems: ['Go'], type: 'golang' },
  { ecosystems: [rustFamily], type: 'cargo' },
  { ecosystems: ['RubyGems'], type: 'gem' },
  { ecosystems: ['Packagist'], type: 'composer' },
  { ecosystems: ['NuGet'], type: 'nuget' },
  { ecosystems: ['Hex'], type: 'hex' },
  { ecosystems: ['Pub'], type: 'pub' },
  { ecosystems: ['SwiftURL'], type: 'swift' },
  { ecosystems: ['GitHub Actions'], type: 'githubactions' },
  { ecosystems: ['Bitnami'], type: 'generic', purlType: 'bitnami' },
  { ecosystems: ['Julia'], type: 'generic', purlType: 'julia' },
]
const systems: readonly Kind[] = (
  [
    ['deb', 'debian', '13', 'Debian:13'],
    ['deb', 'ubuntu', '22.04', 'Ubuntu:22.04', 'Ubuntu:Pro:22.04'],
    ['deb', 'echo', '', 'Echo'],
    ['apk', 'alpine', '3.22.1', 'Alpine:v3.22'],
    ['apk', 'alpine', 'edge', 'Alpine:edge'],
    ['apk', 'alpaquita', 'stream', 'Alpaquita:stream'],
    ['apk', 'bellsoft-hardened-containers', 'stream', 'BellSoft Hardened Containers:stream'],
    ['apk', 'wolfi', '', 'Wolfi'],
    ['apk', 'chainguard', '', 'Chainguard', 'Wolfi'],
    ['apk', 'minimos', '', 'MinimOS'],
    ['rpm', 'almalinux', '9.4', 'AlmaLinux:9'],
    ['rpm', 'azurelinux', '3.0', 'Azure Linux:3'],
    ['rpm', 'mageia', '9', 'Mageia:9'],
    ['rpm', 'photon', '5.0', 'Photon OS:5.0'],
    ['rpm', 'rhel', '9.4', 'Red Hat:enterprise_linux:9::baseos', 'Red Hat:enterprise_linux:9::appstream'],
    ['rpm', 'rocky', '9.4', 'Rocky Linux:9'],
    ['rpm', 'sles', '15.5', 'SUSE:Linux Enterprise Module for Basesystem 15 SP5'],
    ['rpm', 'openeuler', '24.03', 'openEuler:24.03-LTS'],
    ['rpm', 'opensuse-leap', '15.6', 'openSUSE:Leap 15.6'],
  ] as const
).map(([type, id, release, ...ecosystems]) => ({ type, ecosystems, distribution: { id, version: release } }))

/** Those that have no packages of their own here. */
const unread = ['GHC', 'Hardened Images']

interface Feed {
  readonly state: FeedState
  readonly advisories: readonly Advisory[]
}

function feed(
  ecosystems: readonly string[],
  {
    of,
    knows,
    about,
  }: { readonly of: CoverageExtent; readonly knows: CoverageKnowledge; readonly about: string },
): Feed {
  const id = `${of}-${knows}-${about}-${ecosystems[0]}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const packages = of === 'packages' ? { packages: [about] } : {}
  const advisories = ecosystems.map((each, index) => ({
    ...parseOsvRecord(record(`X-${id}-${index}`, { in: each, name: about })),
    feed: id,
  }))
  return {
    state: { ...feedState(id), covers: [{ extent: of, by: 'person', knows, ecosystems, ...packages }] },
    advisories,
  }
}

/**
 * At most one whole list of an ecosystem, as its publisher has it, and what else there may be of it: none of which names a package
 * that the list does not. (Where two disagree, one that is taken away takes its finding with it.)
 */
function feedsOf({ ecosystems }: Kind): fc.Arbitrary<readonly Feed[]> {
  const [family = ''] = ecosystems[0]?.split(':') ?? []
  const repairs = [
    feed(ecosystems, { of: 'list', knows: 'repaired', about: 'unrelated' }),
    feed(ecosystems, { of: 'packages', knows: 'repaired', about: 'one' }),
    feed(ecosystems, { of: 'packages', knows: 'repaired', about: 'unrelated' }),
  ]
  // Where nobody publishes what is open, a list of repairs is a whole list.
  const partial = isDistribution(family) && !sufficesRepaired(family) ? repairs : []
  return fc.constantFrom('one', 'unrelated').chain((about) => {
    const list = feed(ecosystems, { of: 'list', knows: 'all', about })
    const records = feed(ecosystems, { of: 'records', knows: 'all', about })
    const named = partial.filter(({ state }) => about === 'one' || !state.id.includes('-one-'))
    return fc.subarray([list, records, ...named])
  })
}

function isClean(
  feeds: readonly Feed[],
  components: readonly Component[],
  distribution: Distribution | undefined,
): boolean {
  const index = memoryIndex({
    feeds: feeds.map(({ state }) => state),
    advisories: feeds.flatMap(({ advisories }) => advisories),
  })
  const { findings, ledger } = matchInventory(inventory(components, distribution), index)
  return components.length > 0 && findings.length === 0 && ledgerTotals(ledger).complete
}

function componentsOf({ type, purlType }: Kind): readonly Component[] {
  return ['one', 'two'].map((name) =>
    component(type, name, { version, ...(purlType && { purl: `pkg:${purlType}/${name}@${version}` }) }),
  )
}

/** Some records of feeds, as a collection of unknown origin has them: silence of it means nothing. */
function partOf(feeds: readonly Feed[]): fc.Arbitrary<Feed> {
  return fc.subarray(feeds.flatMap(({ advisories }) => [...advisories])).map((advisories) => {
    const ecosystems = [
      ...new Set(advisories.flatMap(({ affected }) => affected.map((each) => each.ecosystem))),
    ].sort()
    return {
      state: { ...feedState('part'), covers: [{ extent: 'records', knows: 'all', ecosystems }] },
      advisories: advisories.map((each) => ({ ...each, feed: 'part' })),
    }
  })
}

/** What may be found in an image of a distribution, or of none: its own packages, and those of languages. */
function scanned(system: Kind | undefined) {
  return fc
    .subarray([...languages], { minLength: system === undefined ? 1 : 0, maxLength: 3 })
    .chain((kinds) => {
      const all = system === undefined ? kinds : [system, ...kinds]
      return fc.record({
        components: fc.subarray(all.flatMap(componentsOf), { minLength: 1 }),
        feeds: fc.tuple(...all.map(feedsOf)).map((each) => each.flat()),
        distribution: fc.constant(system?.distribution),
      })
    })
}

describe('a check mark', () => {
  it('is tried for every ecosystem', () => {
    const tried = [...languages, ...systems].flatMap(({ ecosystems }) => ecosystems)
    const families = new Set(tried.map((each) => each.split(':')[0]))
    expect([...families, ...unread].sort()).toEqual([...knownFamilies].sort())
  })

  it.each([
    ['no distribution', undefined] as const,
    ...systems.map((kind) => [kind.ecosystems.join(' and '), kind] as const),
  ])('never appears because a feed is taken away: %s', (_, system) => {
    let marks = 0
    fc.assert(
      fc.property(scanned(system), ({ components, feeds, distribution }) => {
        if (isClean(feeds, components, distribution)) {
          marks++
          return
        }
        for (const feed of feeds) {
          const rest = feeds.filter((each) => each !== feed)
          expect(
            isClean(rest, components, distribution),
            `without ${feed.state.id}: ${rest.map(({ state }) => state.id)}`,
          ).toBe(false)
        }
      }),
      { numRuns: 150, seed: 9 },
    )
    // Some of what was tried is clean: the property is about something.
    expect(marks).toBeGreaterThan(0)
  })

  it.each([
    ['no distribution', undefined] as const,
    ...systems.map((kind) => [kind.ecosystems.join(' and '), kind] as const),
  ])('never appears because some records of a feed are added: %s', (_, system) => {
    const added = scanned(system).chain((given) =>
      partOf(given.feeds).chain((part) =>
        fc.subarray([...given.feeds]).map((feeds) => ({ ...given, feeds, part })),
      ),
    )
    fc.assert(
      fc.property(added, ({ components, feeds, part, distribution }) => {
        if (isClean(feeds, components, distribution)) return
        expect(isClean([...feeds, part], components, distribution)).toBe(false)
      }),
      { numRuns: 50, seed: 9 },
    )
  })
})
