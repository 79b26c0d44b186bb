import type { IndexedPackage } from '../../model/package.ts'
import { forbids, type MatchRules } from './match.ts'

/**
 * Whether files of `winner` take the place of files of the same path in `loser` (Replaces, Debian Policy
 * 7.6.1). It says nothing about whether both may be installed. A virtual name does not count: Replaces
 * names real packages.
 */
export function replacesFilesOf(winner: IndexedPackage, loser: IndexedPackage, rules: MatchRules): boolean {
  return winner.replaces.some(
    (requirement) => requirement.name === loser.name && forbids(winner, requirement, loser, rules),
  )
}
