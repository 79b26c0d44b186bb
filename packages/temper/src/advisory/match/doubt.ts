import { rangeOrderOf } from '../../formats/version/compare.ts'
import type { AdvisoryEntry } from '../../model/advisory/advisory.ts'
import type { LedgerOutcome } from '../../model/advisory/ledger.ts'
import { extentOf } from './evaluate.ts'
import { problemNames } from './problems.ts'
import type { MatchTarget } from './targets/target.ts'

/** Why records about a package cannot be applied to it. */
export function doubtOf(target: MatchTarget, entries: readonly AdvisoryEntry[]): LedgerOutcome | undefined {
  const reason = unsettled(target, entries) ?? incomparable(target, entries) ?? silent(entries)
  return reason === undefined ? undefined : { compared: false, feeds: [], reason }
}

/** Records that hold some of the versions that it may be, and not all. */
function unsettled(target: MatchTarget, entries: readonly AdvisoryEntry[]): string | undefined {
  if (target.among === undefined) return undefined
  const some = entries.filter((entry) => extentOf(entry, target) === 'some').map(({ id }) => id)
  if (some.length === 0) return undefined
  const others = some.length === 1 ? '' : ` and ${some.length - 1} more`
  const { told } = target
  const claim =
    told === undefined ? '' : `, and nothing proves the version that a comment gives it (${told.said})`
  return `its version is not fixed${claim}: some of the versions that it may be are affected (${some[0]}${others})`
}

function incomparable(
  { version, scheme }: MatchTarget,
  { length: count }: readonly AdvisoryEntry[],
): string | undefined {
  const order = rangeOrderOf(scheme)
  if (order.isVersion(order.parse(version))) return undefined
  return `${count} ${count === 1 ? 'advisory names' : 'advisories name'} it, but the version "${version}" cannot be compared`
}

/** A record that says nothing of versions, about a problem of which no other record of the package does. */
function silent(entries: readonly AdvisoryEntry[]): string | undefined {
  const mute = entries.filter(({ affected }) => isMute(affected))
  if (mute.length === 0) return undefined
  const told = new Set(entries.filter(({ affected }) => !isMute(affected)).flatMap(problemNames))
  const one = mute.find((entry) => !problemNames(entry).some((name) => told.has(name)))
  return one && `${one.id} names it, but says nothing about versions`
}

/** True when it tells nothing: it has no list, and no range that ever begins. */
function isMute({ ranges, versions, notAffected }: AdvisoryEntry['affected']): boolean {
  if (notAffected === true || versions.length > 0) return false
  return !ranges.some(({ events }) => events.some((event) => 'introduced' in event))
}
