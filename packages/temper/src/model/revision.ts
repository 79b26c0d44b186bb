/**
 * What decides an image's bytes besides its recipe and its lock: effects, rules of hardening, ballast lists, the form
 * of layers. The first change after a release after which the same lock gives another digest raises `current` by one, and
 * notes the version that was released. A test holds the current revision against the digest of a fixed image
 * (test/pinned-digest.test.ts).
 */
export const revisions: Revisions = { current: 1, ended: [] }

export interface Revisions {
  readonly current: number
  /** Those that ended, with the last version of Temper that had each. */
  readonly ended: readonly { readonly revision: number; readonly lastVersion: string }[]
}

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
  known: Revisions = revisions,
): string | undefined {
  if (revision === known.current) return undefined
  return known.ended.find((each) => each.revision === revision)?.lastVersion ?? version
}
