import type { SegmentEntry } from '../../model/assembly.ts'
import type { Exclusion, Hardening } from '../../model/hardening/hardening.ts'
import type { PackageEntry } from '../../model/package/package-content.ts'

export interface PlacementOptions {
  readonly mergedPath: (path: string) => string
  readonly hardening: Hardening
  /** Whether an interpreter (a path with leading slash) will be in the image; true when that is not known. */
  readonly hasInterpreter: (path: string) => boolean
  /** Nothing in the image is younger than this, in seconds since 1970 (SOURCE_DATE_EPOCH). */
  readonly latest?: number
}

/**
 * 9999-12-31T23:59:59Z, the latest time that RFC 3339 can write, in which an image says when it was created. Archives
 * may state any time.
 */
export const latestTime = 253_402_300_799

/** The entry with the name and attributes that it has in a hardened image. */
export function mapEntry(entry: PackageEntry, options: PlacementOptions): PackageEntry {
  // Among extended attributes are file capabilities, which are as good as setuid; dpkg sets none either.
  const { userName: _user, groupName: _group, xattrs: _xattrs, ...kept } = entry
  const path = options.mergedPath(entry.path)
  return {
    ...kept,
    path,
    mode: options.hardening.hardenedMode({ ...kept, path }),
    mtime: Math.max(0, Math.min(entry.mtime, options.latest ?? latestTime)),
    ...(entry.type === 'hardlink' && entry.target !== undefined
      ? { target: options.mergedPath(entry.target) }
      : {}),
  }
}

/** Why an entry of a package stays out of the image, or undefined when it goes in. */
export function exclusionOf(entry: PackageEntry, options: PlacementOptions): Exclusion | undefined {
  return options.hardening.exclusionOf(
    { ...entry, path: options.mergedPath(entry.path) },
    options.hasInterpreter,
  )
}

/** What of this entry goes into a segment; folders are left to the layer, which writes each once. */
export function segmentEntry(entry: PackageEntry, archivePath: string): SegmentEntry {
  return {
    archivePath,
    path: entry.path,
    type: entry.type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: entry.mtime,
    ...(entry.target === undefined ? {} : { target: entry.target }),
    ...(entry.xattrs === undefined ? {} : { xattrs: entry.xattrs }),
    ...(entry.device === undefined ? {} : { device: entry.device }),
  }
}
