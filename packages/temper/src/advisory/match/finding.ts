import type { AdvisoryIndex } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import { fixedVersions } from './fixes.ts'
import { priorityOf } from './priority.ts'
import { type ComponentProblem, isMalicious } from './problems.ts'
import { reasonOf } from './reason.ts'
import { type KnownFacts, ratingOf } from './severity.ts'

/** A finding before it is known which of the components with that name and version has it. */
export type FindingTemplate = Omit<Finding, 'component'>

/** What is known of a problem apart from packages. */
type Known = KnownFacts & Pick<AdvisoryIndex, 'exploited' | 'prediction'>

const referenceLimit = 12

/** Ids of advisories that come out together with the fix. */
const fixAdvisory = /^(?:DSA|DLA|ELA|USN|LSN|ALSA|ALBA|ALEA|RLSA|RXSA|RHSA|RHBA|RHEA|SUSE-SU|openSUSE-SU)-/

export function findingTemplate(problem: ComponentProblem, known: Known): FindingTemplate {
  const { id, aliases, hits } = problem
  const entries = hits.map(({ entry }) => entry)
  const fixed = fixedVersions(hits)
  const rating = ratingOf(problem, known)
  const exploited = known.exploited(id)
  const prediction = known.prediction(id)
  const unfixed =
    fixed.length > 0 ? undefined : entries.find(({ affected }) => affected.unfixed)?.affected.unfixed
  const title = entries.find(({ summary }) => summary)?.summary
  const published = earliest(entries.map((entry) => entry.published))
  const fixPublished = fixed.length === 0 ? undefined : fixDate(problem)
  const threat = { ...(exploited && { exploited }), ...(prediction && { prediction }) }
  return {
    id,
    aliases,
    ...(title === undefined ? {} : { title }),
    fixedVersions: fixed,
    ...(unfixed === undefined ? {} : { unfixed }),
    ...rating,
    ...threat,
    ...(isMalicious(id) ? { malicious: true } : {}),
    priority: priorityOf({ ...rating, ...threat, isFixable: fixed.length > 0, isMalicious: isMalicious(id) }),
    status: 'affected',
    reason: reasonOf(hits),
    feeds: [...new Set(entries.map(({ feed }) => feed))].sort(),
    ...(published === undefined ? {} : { published }),
    ...(fixPublished === undefined ? {} : { fixPublished }),
    references: [...new Set(entries.flatMap(({ references = [] }) => references))].slice(0, referenceLimit),
  }
}

function fixDate({ hits }: ComponentProblem): string | undefined {
  const stated = earliest(hits.map(({ entry }) => entry.affected.fixPublished))
  if (stated !== undefined) return stated
  return earliest(hits.flatMap(({ entry }) => (fixAdvisory.test(entry.id) ? [entry.published] : [])))
}

/** Feeds write the first day of their calendar where they know none. */
function earliest(dates: readonly (string | undefined)[]): string | undefined {
  return dates.filter((date) => date !== undefined && date > '1971').sort()[0]
}
