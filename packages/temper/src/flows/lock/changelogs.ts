import { bytesOf, collect, tryUtf8 } from '../../base/bytes.ts'
import { cveIdsBetween } from '../../distro/debian/changelog/changelog.ts'
import { packagePath } from '../../distro/shared/fetching/packages.ts'
import { decompress } from '../../formats/compress/decompress.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { LockChange } from '../../recipe/lock/changes.ts'
import type { Context } from '../context.ts'

const changelogLimit = 32 * 1024 * 1024
const pattern = /^usr\/share\/doc\/[^/]+\/changelog(\.Debian)?(\.gz)?$/

/**
 * CVE ids that the changelog of a changed package names between its old and its new version, read from the
 * archive of the new one. Empty when nothing was there before, or when the package has no changelog.
 */
export async function namedCves(
  change: LockChange,
  { context, distro }: { readonly context: Context; readonly distro: Distro },
): Promise<readonly string[]> {
  const { from, to } = change
  if (!from || !to || from.source.version === to.source.version) return []
  const text = await readChangelog(to, { context, distro })
  return text === undefined ? [] : cveIdsBetween(text, from.source.version, to.source.version)
}

/**
 * The changelog in the archive of a package, which must be in the cache. Debian's own is preferred to the upstream one,
 * which native packages have alone.
 */
export async function readChangelog(
  found: LockedPackage,
  { context, distro }: { readonly context: Context; readonly distro: Distro },
): Promise<string | undefined> {
  const archive = await distro.openArchive(packagePath(context.cacheDir, found.digest))
  let upstream: string | undefined
  for await (const { entry, content } of archive.entries()) {
    if (entry.type !== 'file' || !pattern.test(entry.path)) continue
    const what = `${found.name}, ${entry.path}`
    const limits = { limit: changelogLimit, what }
    const packed = await collect(content, limits)
    const format = entry.path.endsWith('.gz') ? 'gzip' : 'none'
    const text = tryUtf8(await collect(decompress(format, bytesOf(packed), limits), limits))
    if (entry.path.includes('changelog.Debian')) return text
    upstream ??= text
  }
  return upstream
}
