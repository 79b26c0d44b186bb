/** Folders of the root that Debian keeps under /usr since release 12 (Debian Policy 10.1; file-hierarchy(7)). */
export const merged = ['bin', 'sbin', 'lib', 'lib64', 'lib32', 'libx32', 'libo32'] as const

/**
 * Where a path of a package archive is in an image: `bin/x` is `usr/bin/x`. Pure; paths have no leading
 * slash. A merged folder itself (`bin`) stays: newer packages bring it as the link, older ones as a folder.
 */
export function mergedPath(path: string): string {
  const slash = path.indexOf('/')
  if (slash < 0) return path
  return (merged as readonly string[]).includes(path.slice(0, slash)) ? `usr/${path}` : path
}
