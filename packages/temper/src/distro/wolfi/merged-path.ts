/** Folders that are links to others in Wolfi (wolfi-baselayout, whose `merged-…` packages rely on), with where they lead. */
export const mergedFolders: ReadonlyMap<string, string> = new Map([
  ['bin', 'usr/bin'],
  ['sbin', 'usr/bin'],
  ['usr/sbin', 'usr/bin'],
  ['lib', 'usr/lib'],
  ['lib64', 'usr/lib'],
  ['usr/lib64', 'usr/lib'],
  ['usr/local/lib64', 'usr/local/lib'],
])

/**
 * Where a path of a package is in an image: `lib64/x` is `usr/lib/x`. Pure; paths have no leading slash. A merged folder itself
 * (`bin`) stays: the base files bring it as a link, older packages as a folder.
 */
export function mergedPath(path: string): string {
  for (const [folder, target] of mergedFolders)
    if (path.startsWith(`${folder}/`)) return `${target}${path.slice(folder.length)}`
  return path
}
