import type { ArchiveMetadata } from '../../../model/package/package-content.ts'
import { mergedPath } from '../archive/merged-path.ts'
import { scriptsName } from './named-files.ts'

const patterns: readonly RegExp[] = [
  /^usr\/share\/base-passwd\/(?:passwd|group)\.master$/,
  /^usr\/lib\/(?:sysusers|tmpfiles)\.d\/[^/]+\.conf$/,
  /^usr\/share\/ca-certificates\/.+\.crt$/,
  /^etc\/ld\.so\.conf(?:\.d\/[^/]+)?$/,
  /^etc\/default\/[^/]+$/,
  // Modules of Apache name those that they need.
  /^etc\/apache2\/mods-available\/[^/]+\.load$/,
  // Defaults that the scripts of other packages copy.
  /^usr\/share\/apache2\/default-site\/[^/]+$/,
  /^usr\/share\/base-files\/[^/]+$/,
  /^usr\/share\/libc-bin\/[^/]+$/,
  /^usr\/share\/nginx\/html\/[^/]+\.html$/,
  /^usr\/share\/php[\d.]*-[^/]+\/.+\.ini$/,
  /^usr\/share\/readline\/inputrc$/,
  /^usr\/lib\/php\/[\d.]+\/php\.ini-[^/]+$/,
  /^usr\/share\/postgresql-common\/[^/]+\.conf$/,
  // Shell functions that maintainer scripts read in.
  /^usr\/(?:share|lib)\/[^/]+\/(?:maintscripts?-[^/]+|[^/]*-maintscript-helper|postinst-[^/]+|[^/]+\.maintscript)$/,
]

/**
 * Whether PackageContent has to keep the content of a file for the effects. `path` as in the archive, whose metadata tell
 * what its scripts speak of.
 */
export function captures(path: string, metadata: Pick<ArchiveMetadata, 'own'>): boolean {
  const merged = mergedPath(path)
  return patterns.some((pattern) => pattern.test(merged)) || scriptsName(merged, metadata)
}
