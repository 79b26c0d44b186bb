import type { ByteStream } from '../../base/bytes.ts'
import { type JsonObject, memberOf, objectOf, textOf } from '../../base/json/value.ts'
import type { Advisory, AffectedPackage, UnfixedState } from '../../model/advisory/advisory.ts'
import { debianRelease } from '../debian-release.ts'
import type { FeedItem } from '../feed-item.ts'
import { parseRecord } from './document.ts'
import { jsonPieces } from './json-members.ts'
import { isName } from './name.ts'
import { skipped } from './skipped.ts'
import { summaryLine } from './summary.ts'
import { UnusableRecord } from './unusable-record.ts'

/** Most bytes of one source package: the kernel has some 20 MB. */
const packageLimit = 128 * 1024 * 1024
const problemLimit = 200_000

/**
 * Debian's security tracker as one JSON object: source package, problem, release (security-tracker.debian.org,
 * tracker/data/json). A fixed version of "0" means that the release was never affected.
 */
export async function* debianTracker(source: ByteStream, what: string): AsyncGenerator<FeedItem, void, void> {
  for await (const { name, text } of jsonPieces(source, { what, limit: packageLimit, mode: 'members' })) {
    const where = name?.slice(0, 100) ?? 'a member without name'
    try {
      if (!isName(name)) throw new UnusableRecord('it has no name')
      yield* packageItems(name, parseRecord(text, where))
    } catch (error) {
      yield skipped(where, error)
    }
  }
}

function* packageItems(source: string, value: unknown): Generator<FeedItem, void, void> {
  const problems = Object.entries(objectOf(value) ?? {})
  if (problems.length > problemLimit) throw new UnusableRecord(`it has ${problems.length} problems`)
  for (const [id, problem] of problems) {
    const read = objectOf(problem)
    if (!isName(id) || read === undefined) {
      yield { kind: 'skipped', where: `${source}, ${id.slice(0, 50)}`, reason: 'it does not name a problem' }
      continue
    }
    const advisory = problemAdvisory({ source, id }, read)
    if (advisory !== undefined) yield { kind: 'advisory', advisory }
  }
}

/** Undefined when no release says anything definite. */
function problemAdvisory(
  { source, id }: { readonly source: string; readonly id: string },
  problem: JsonObject,
): Omit<Advisory, 'feed'> | undefined {
  const affected = Object.entries(objectOf(memberOf(problem, 'releases')) ?? {}).flatMap(
    ([release, state]) => {
      const ecosystem = `Debian:${debianRelease(release)}`
      return isName(release)
        ? (affectedRelease({ ecosystem, name: source }, objectOf(state) ?? {}) ?? [])
        : []
    },
  )
  if (affected.length === 0) return undefined
  const summary = summaryLine(textOf(memberOf(problem, 'description')))
  const isCve = /^CVE-\d/.test(id)
  return {
    id: isCve ? `DEBIAN-${id}` : id,
    aliases: isCve ? [id] : [],
    ...(summary === undefined ? {} : { summary }),
    severity: [],
    affected,
    references: isCve ? [`https://security-tracker.debian.org/tracker/${id}`] : [],
  }
}

function affectedRelease(
  about: { readonly ecosystem: string; readonly name: string },
  state: JsonObject,
): AffectedPackage | undefined {
  const status = memberOf(state, 'status')
  const fixed = memberOf(state, 'fixed_version')
  const urgency = textOf(memberOf(state, 'urgency'))?.replace(/\*+$/, '')
  const word = urgency !== undefined && words.has(urgency) ? urgency : undefined
  const severity = word === undefined ? {} : { severity: [{ kind: 'word', value: word } as const] }
  const from = { introduced: '0' }
  if (status === 'resolved' && fixed === '0') return { ...about, ranges: [], versions: [], notAffected: true }
  if (status === 'resolved' && isName(fixed)) {
    const ranges = [{ scheme: 'dpkg' as const, events: [from, { fixed }] }]
    return { ...about, ranges, versions: [], ...severity }
  }
  if (status !== 'open') return undefined
  const ranges = [{ scheme: 'dpkg' as const, events: [from] }]
  return { ...about, ranges, versions: [], ...severity, unfixed: unfixedState(state, urgency) }
}

/** Debian's words of severity; "not yet assigned" and "end-of-life" say something else. */
const words = new Set(['unimportant', 'low', 'medium', 'high'])

function unfixedState(state: JsonObject, urgency: string | undefined): UnfixedState {
  const reason = memberOf(state, 'nodsa_reason')
  if (urgency === 'end-of-life' || reason === 'ignored') return 'wont-fix'
  return textOf(memberOf(state, 'nodsa')) === undefined && reason !== 'postponed' ? 'open' : 'deferred'
}
