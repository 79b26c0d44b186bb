/** A version of the documentation, and where on the site it lies. */
export interface SiteVersion {
  /** "unreleased", or a released version such as "1.4.2". */
  readonly name: string
  /** Tag of the repository; absent for the working tree. */
  readonly tag?: string
  /** Folder on the site, between slashes: "/" for what readers see first. */
  readonly base: string
}

/** Releases that keep their pages: newer patches take the place of older ones. */
const most = 10

/**
 * The versions that the site has: the newest release is what readers see first, what is not released yet and older releases
 * have folders. Of each minor version the newest patch counts. Without a release there is only what is not released.
 */
export function siteVersions(tags: readonly string[]): readonly SiteVersion[] {
  const minors = new Map<string, { readonly tag: string; readonly parts: readonly number[] }>()
  for (const tag of tags) {
    const parts = /^v(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(tag)?.slice(1).map(Number)
    if (parts === undefined) continue
    const minor = parts.slice(0, 2).join('.')
    const known = minors.get(minor)
    if (known === undefined || compare(known.parts, parts) < 0) minors.set(minor, { tag, parts })
  }
  const releases = [...minors.values()]
    .sort((a, b) => compare(b.parts, a.parts))
    .slice(0, most)
    .map(({ tag }, index) => ({ name: tag.slice(1), tag, base: index === 0 ? '/' : `/${tag.slice(1)}/` }))
  return [{ name: 'unreleased', base: releases.length === 0 ? '/' : '/unreleased/' }, ...releases]
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, number] of a.entries()) {
    const other = b[index] ?? 0
    if (number !== other) return number - other
  }
  return 0
}
