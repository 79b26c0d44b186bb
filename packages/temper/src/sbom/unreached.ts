/** The property in CycloneDX of each file that minimising left out of a package. */
export const unreachedProperty = 'temper:unreached'

/** The same fact as a sentence, for SPDX. */
export function unreachedText(paths: readonly string[]): string {
  return `Not in the image, because nothing that it starts reaches it: ${paths.map((path) => `/${path}`).join(', ')}`
}
