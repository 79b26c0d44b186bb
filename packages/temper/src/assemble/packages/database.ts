import type { SegmentEntry } from '../../model/assembly.ts'
import type { Distro } from '../../model/distro.ts'
import type { PackageContent } from '../../model/package/package-content.ts'
import { latestTime } from '../root/decide.ts'
import type { ContentEntry } from './segment.ts'

/**
 * The files by which scanners see that a package is installed. They list only what the image has, and have the time
 * of the package's newest file.
 */
export function databaseRecord(
  content: PackageContent,
  kept: readonly SegmentEntry[],
  options: { readonly distro: Distro; readonly latest: number | undefined },
): readonly ContentEntry[] {
  const newest = content.entries.reduce((time, entry) => Math.max(time, entry.mtime), 0)
  const mtime = Math.min(newest, options.latest ?? latestTime)
  const paths = new Map(kept.map((entry) => [entry.archivePath, entry.path]))
  return options.distro.databaseEntries(content, paths).map((file) => ({
    entry: { path: file.path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: file.content.length, mtime },
    content: file.content,
  }))
}
