import type { SbomFile } from '../model/sbom.ts'

/** Describes a file that came from no package archive, as a sentence for people. */
export function describeOrigin({ origin, owner, certificates }: SbomFile): string {
  switch (origin) {
    case 'package':
      return `Out of package ${owner}.`
    case 'database':
      return `Record of package ${owner} in the package database.`
    case 'effect':
      return 'Made while the image was assembled, in the place of what maintainer scripts would have made.'
    case 'unknown':
      return 'Owned by no package.'
    case 'recipe':
      return certificates === undefined
        ? 'Brought by the recipe.'
        : `Brought by the recipe; holds certificates: ${certificates.join('; ')}.`
  }
}
