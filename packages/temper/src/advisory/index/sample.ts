import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type {
  Advisory,
  AffectedPackage,
  FeedState,
  RangeEvent,
  SeverityStatement,
} from '../../model/advisory/advisory.ts'
import { versionSchemes } from '../../model/version-scheme.ts'
import type { FeedItem, FeedItems } from '../feed-item.ts'

/** A folder of a test's own, and what removes it. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'temper-index-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** A small feed for tests. */
export function sampleFeed(id: string, more: Partial<FeedState> = {}): FeedState {
  return {
    id,
    kind: 'osv',
    count: 0,
    digest: `sha256:${'0'.repeat(64)}`,
    fetched: '2026-05-01T00:00:00Z',
    ...more,
  }
}

/** An advisory for tests: about openssl in Debian 12, unless told otherwise. */
export function sampleAdvisory(more: Partial<Advisory> = {}): Advisory {
  return {
    id: 'DEBIAN-CVE-2024-0001',
    aliases: ['CVE-2024-0001'],
    feed: 'debian',
    severity: [],
    affected: [sampleAffected()],
    ...more,
  }
}

export function sampleAffected(more: Partial<AffectedPackage> = {}): AffectedPackage {
  return {
    ecosystem: 'Debian:12',
    name: 'openssl',
    ranges: [{ scheme: 'dpkg', events: [{ introduced: '0' }, { fixed: '3.0.11-1' }] }],
    versions: [],
    ...more,
  }
}

/** Items of a feed that are at hand. */
export async function* itemsOf(items: readonly FeedItem[]): FeedItems {
  yield* items
}

export function advisoryItems(advisories: readonly Advisory[]): FeedItems {
  return itemsOf(advisories.map(({ feed: _feed, ...advisory }) => ({ kind: 'advisory', advisory })))
}

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((each) => !/\p{Cc}/u.test(each))
const moment = fc
  .date({ min: new Date('2001-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`)

const event: fc.Arbitrary<RangeEvent> = fc.oneof(
  text.map((introduced) => ({ introduced })),
  text.map((fixed) => ({ fixed })),
  text.map((lastAffected) => ({ lastAffected })),
  text.map((limit) => ({ limit })),
)

const severity: fc.Arbitrary<SeverityStatement> = fc.record({
  kind: fc.constantFrom('CVSS_V2', 'CVSS_V3', 'CVSS_V4', 'word'),
  value: text,
})

const affected: fc.Arbitrary<AffectedPackage> = fc.record(
  {
    ecosystem: fc.constantFrom('Debian:12', 'Debian:13', 'Alpine:v3.20', 'npm', 'PyPI', 'Maven', 'Nobody:1'),
    name: fc.oneof(
      fc.constantFrom('a', 'a-b', 'openssl', 'zlib'),
      text.map((each) => each.toLowerCase()),
    ),
    ranges: fc.array(
      fc.record({
        scheme: fc.constantFrom(...versionSchemes),
        events: fc.array(event, { minLength: 1, maxLength: 4 }),
      }),
      { maxLength: 3 },
    ),
    versions: fc.array(text, { maxLength: 3 }),
    severity: fc.array(severity, { minLength: 1, maxLength: 2 }),
    unfixed: fc.constantFrom('open', 'deferred', 'wont-fix'),
    fixPublished: moment,
    notAffected: fc.constant(true),
  },
  { noNullPrototype: true, requiredKeys: ['ecosystem', 'name', 'ranges', 'versions'] },
)

/** Advisories with ids of their own, of one feed. */
export function advisoriesOf(feed: string): fc.Arbitrary<readonly Advisory[]> {
  const advisory = fc.record(
    {
      id: fc.oneof(
        fc.nat(40).map((number) => `CVE-2024-${1000 + number}`),
        text,
      ),
      aliases: fc.uniqueArray(
        fc.oneof(
          fc.nat(40).map((number) => `CVE-2024-${1000 + number}`),
          text,
        ),
        {
          maxLength: 3,
        },
      ),
      covers: fc.array(text, { minLength: 2, maxLength: 3 }),
      feed: fc.constant(feed),
      summary: text,
      published: moment,
      modified: moment,
      withdrawn: moment,
      severity: fc.array(severity, { maxLength: 3 }),
      affected: fc.array(affected, { maxLength: 4 }),
      references: fc.array(text, { minLength: 1, maxLength: 2 }),
    },
    { noNullPrototype: true, requiredKeys: ['id', 'aliases', 'feed', 'severity', 'affected'] },
  )
  return fc.uniqueArray(advisory, { maxLength: 25, selector: ({ id }) => id })
}
