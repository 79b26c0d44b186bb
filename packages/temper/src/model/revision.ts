/**
 * The revision of everything that decides an image's bytes besides recipe and lock: effects, hardening rules, ballast
 * lists, the form of layers. The first change since a release that makes the same lock give another digest raises
 * `current` by one, and records the released version. A test holds the current revision against the digest of a fixed
 * image (test/pinned-digest.test.ts).
 */
export const revisions: Revisions = { current: 1, ended: [] }

export interface Revisions {
  readonly current: number
  /** Earlier revisions, with the last version of Temper that had each. */
  readonly ended: readonly { readonly revision: number; readonly lastVersion: string }[]
}

/** The form of a release version of Temper: a semantic version (semver.org, 2.0.0) without build metadata. */
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
 * The version of Temper that gives the same bytes as `maker`; undefined when this one does. The newest version of a
 * revision is taken when it is known, since it has the most fixes.
 */
export function versionForBytesOf(
  { version, revision }: Maker,
  known: Revisions = revisions,
): string | undefined {
  if (revision === known.current) return undefined
  return known.ended.find((each) => each.revision === revision)?.lastVersion ?? version
}
