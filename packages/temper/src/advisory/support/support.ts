import type { SupportState } from '../../model/advisory/finding.ts'
import type { Distribution } from '../../model/inventory.ts'
import { releaseEnds } from './releases.ts'

/**
 * How long a distribution's release is supported, as of a moment. Undefined for rolling releases and for those whose
 * dates are not known: nothing is guessed.
 */
export function supportOf(distribution: Distribution, asOf: Date): SupportState | undefined {
  const releases = Object.hasOwn(releaseEnds, distribution.id) ? releaseEnds[distribution.id] : undefined
  const entry = releases?.find(([release]) => isOf(distribution.version, release))
  if (entry === undefined) return undefined
  const [, endOfLife] = entry
  return { distribution, endOfLife, ended: asOf.toISOString().slice(0, 10) > endOfLife }
}

/** "3.20.3" is of "3.20", "9.4" of "9", "12" not of "1". */
function isOf(version: string, release: string): boolean {
  return version === release || version.startsWith(`${release}.`)
}
