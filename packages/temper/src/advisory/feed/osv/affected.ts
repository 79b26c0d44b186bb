import { itemsOf, type JsonObject, memberOf, objectOf, textOf } from '../../../base/json/value.ts'
import type {
  AffectedPackage,
  RangeEvent,
  UnfixedState,
  VersionRange,
} from '../../../model/advisory/advisory.ts'
import { canonicalEcosystem, canonicalName, parseEcosystem } from '../../ecosystem.ts'
import { isName, moment } from '../name.ts'
import { UnusableRecord } from '../unusable-record.ts'
import { parseSeverity, parseSeverityWord } from './severity.ts'

const rangeLimit = 2_000
const eventLimit = 20_000
const versionLimit = 50_000

/**
 * One member of `affected` (OSV schema, "affected fields"); undefined when it names no package of an ecosystem. One
 * without a comparable range or version (git ranges are not comparable) is kept, since the package is not known to be
 * unaffected. Throws UnusableRecord when it is larger than anything real.
 */
export function parseAffected(value: unknown): AffectedPackage | undefined {
  const affected = objectOf(value)
  const about = affected && objectOf(memberOf(affected, 'package'))
  if (affected === undefined || about === undefined) return undefined
  const ecosystem = memberOf(about, 'ecosystem')
  const name = memberOf(about, 'name')
  if (!isName(ecosystem) || !isName(name)) return undefined
  const { family, scheme } = parseEcosystem(ecosystem)
  const ranges = itemsOf(memberOf(affected, 'ranges'))
  const versions = itemsOf(memberOf(affected, 'versions'))
  if (ranges.length > rangeLimit || versions.length > versionLimit)
    throw new UnusableRecord(`it has ${ranges.length} ranges and ${versions.length} versions of ${name}`)
  const known = lastKnown(memberOf(affected, 'database_specific'))
  const read = ranges.flatMap((range) => parseRange(range, scheme) ?? []).map((range) => ended(range, known))
  const neverAffected = read.length > 0 && read.every(isEmpty)
  const content = {
    ecosystem: canonicalEcosystem(ecosystem),
    name: canonicalName(family, name),
    ranges: read,
    versions: versions.filter(isName),
  }
  const stated = parseSeverity(memberOf(affected, 'severity'))
  const severity =
    stated.length > 0
      ? stated
      : ['ecosystem_specific', 'database_specific'].flatMap((name) =>
          parseSeverityWord(memberOf(affected, name)),
        )
  return {
    ...content,
    ...(severity.length === 0 ? {} : { severity }),
    ...(neverAffected && content.versions.length === 0 ? { notAffected: true } : {}),
    ...distributionFacts(objectOf(memberOf(affected, 'ecosystem_specific')) ?? {}, read),
  }
}

/** An empty range: introduced and repaired in version 0. */
function isEmpty({ events }: VersionRange): boolean {
  return events.some((event) => 'fixed' in event && event.fixed === '0')
}

function parseRange(value: unknown, scheme: VersionRange['scheme'] | undefined): VersionRange | undefined {
  const range = objectOf(value)
  if (range === undefined) return undefined
  const type = memberOf(range, 'type')
  const own = type === 'SEMVER' && scheme === undefined ? 'semver' : scheme
  if ((type !== 'SEMVER' && type !== 'ECOSYSTEM') || own === undefined) return undefined
  const events = itemsOf(memberOf(range, 'events'))
  if (events.length > eventLimit) throw new UnusableRecord(`a range has ${events.length} events`)
  const read = events.flatMap((event) => parseEvent(event) ?? [])
  // Without a start nothing is affected; what repaired it would say so of every older version.
  return read.some((event) => 'introduced' in event) ? { scheme: own, events: read } : undefined
}

function parseEvent(value: unknown): RangeEvent | undefined {
  const event = objectOf(value)
  if (event === undefined) return undefined
  const { introduced, fixed, last_affected: lastAffected, limit } = event
  if (isName(introduced)) return { introduced }
  if (isName(fixed)) return { fixed }
  if (isName(lastAffected)) return { lastAffected }
  // "*" is the limit that every range has.
  return isName(limit) && limit !== '*' ? { limit } : undefined
}

/**
 * GitHub's advisories have an upper end beside the schema where no version is called fixed: "< 3.0.0" says that 3.0.0 is not affected,
 * though it does not repair what is (github/advisory-database, issue 470).
 */
function lastKnown(specific: unknown): RangeEvent | undefined {
  const text = textOf(memberOf(objectOf(specific) ?? {}, 'last_known_affected_version_range')) ?? ''
  const [, sign, version] = /^\s*(<=?)\s*([^\s,<>=]{1,200})\s*$/.exec(text) ?? []
  if (version === undefined) return undefined
  return sign === '<' ? { limit: version } : { lastAffected: version }
}

/** What the schema's own events end stays as they end it. */
function ended({ scheme, events }: VersionRange, end: RangeEvent | undefined): VersionRange {
  const isOpen = end !== undefined && events.every((event) => 'introduced' in event)
  return { scheme, events: isOpen ? [...events, end] : events }
}

/** What Debian's and Wolfi's records say beside the schema: when it was repaired, and whether it will be. */
function distributionFacts(
  specific: JsonObject,
  ranges: readonly VersionRange[],
): Pick<AffectedPackage, 'fixPublished' | 'unfixed'> {
  const fixPublished = moment(memberOf(specific, 'fix_date'))
  const isFixed = ranges.some(({ events }) => events.some((event) => 'fixed' in event))
  const unfixed = isFixed ? undefined : unfixedStates.get(memberOf(specific, 'status'))
  return {
    ...(fixPublished === undefined ? {} : { fixPublished }),
    ...(unfixed === undefined ? {} : { unfixed }),
  }
}

/** Statuses of Wolfi's advisories that promise something or deny it. */
const unfixedStates: ReadonlyMap<unknown, UnfixedState> = new Map([
  ['fix-not-planned', 'wont-fix'],
  ['pending-upstream-fix', 'open'],
])
