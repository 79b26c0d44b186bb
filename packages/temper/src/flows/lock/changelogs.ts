import { collect } from '../../base/bytes.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPackage } from '../../model/lock.ts'
import { type ChangelogEntry, cveIdsBetween } from '../../model/package/changelog.ts'
import type { LockChange } from '../../recipe/lock/changes.ts'
import type { Context } from '../context.ts'

const changelogLimit = 32 * 1024 * 1024

/**
 * CVE ids that the changelog of a changed package names between its old and its new version, read from the archive of
 * the new one. Empty when there was no earlier version, or when the package has no changelog.
 */
export async function namedCves(
  change: LockChange,
  { context, distro }: { readonly context: Context; readonly distro: Distro },
): Promise<readonly string[]> {
  const { from, to } = change
  if (!from || !to || from.source.version === to.source.version) return []
  const entries = await readChangelog(to, { context, distro })
  const range = { from: from.source.version, to: to.source.version }
  return cveIdsBetween(entries ?? [], range, distro.rules.compareVersions)
}

/** The changelog in the archive of a package, which must be in the cache. */
export async function readChangelog(
  locked: LockedPackage,
  { context, distro }: { readonly context: Context; readonly distro: Distro },
): Promise<readonly ChangelogEntry[] | undefined> {
  const archive = await distro.openArchive(distro.archivePath(context.cacheDir, locked.digest))
  const files = new Map<string, Uint8Array>()
  for await (const { entry, content } of archive.entries()) {
    if (entry.type !== 'file' || !distro.statesChanges(entry.path)) continue
    const what = `${locked.name}, ${entry.path}`
    files.set(entry.path, await collect(content, { limit: changelogLimit, what }))
  }
  return distro.readChangelog(files)
}
