/**
 * What decides an image's bytes besides its recipe and its lock: effects, rules of hardening, ballast lists, the form
 * of layers. A change after which the same lock gives another digest raises the revision by one, and notes here the
 * last version of the one before. A test holds the current revision against the digest of a fixed image.
 */
export const currentRevision = 1

/** Revisions that ended, with the last version of Temper that had each. */
const endedRevisions: readonly { readonly revision: number; readonly lastVersion: string }[] = []

/** Semantic version (semver.org, 2.0.0) without build metadata: what a release of Temper may be called. */
export const releaseVersion = /^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z.-]{1,64})?$/

export function isReleaseVersion(text: string): boolean {
  return releaseVersion.test(text)
}

/** Who made a lock or an image. */
export interface Maker {
  /** Version of Temper. */
  readonly version: string
  readonly revision: number
}

/**
 * The version of Temper that gives the bytes which `maker` would give; undefined when this one does. The newest
 * version of a revision is taken when it is known, since it has the most faults mended.
 */
export function versionForBytesOf(
  { version, revision }: Maker,
  known = { current: currentRevision, ended: endedRevisions },
): string | undefined {
  if (revision === known.current) return undefined
  return known.ended.find((each) => each.revision === revision)?.lastVersion ?? version
}
