import type { ArchiveMetadata } from '../../../model/package/package-content.ts'
import { mergedPath } from '../archive/merged-path.ts'
import { scriptsName } from './named-files.ts'

const patterns: readonly RegExp[] = [
  /^usr\/share\/base-passwd\/(?:passwd|group)\.master$/,
  /^usr\/lib\/(?:sysusers|tmpfiles)\.d\/[^/]+\.conf$/,
  /^usr\/share\/ca-certificates\/.+\.crt$/,
  /^etc\/ssl\/openssl\.cnf$/,
  /^etc\/ld\.so\.conf(?:\.d\/[^/]+)?$/,
  /^etc\/default\/[^/]+$/,
  // Modules of Apache and lighttpd name those that they need.
  /^etc\/(?:apache2\/mods-available\/[^/]+\.load|lighttpd\/conf-available\/[^/]+\.conf)$/,
  // Defaults that the scripts of other packages copy.
  /^usr\/share\/apache2\/default-site\/[^/]+$/,
  /^usr\/share\/kerberos-configs\/krb5\.conf\.template$/,
  /^usr\/share\/base-files\/[^/]+$/,
  /^usr\/share\/libc-bin\/[^/]+$/,
  /^usr\/share\/nginx\/html\/[^/]+\.html$/,
  /^usr\/share\/php[\d.]*-[^/]+\/.+\.ini$/,
  /^usr\/share\/pam(?:-configs\/[^/]+|\/common-[a-z-]+)$/,
  /^usr\/share\/glib-2\.0\/schemas\/[^/]+\.(?:xml|override)$/,
  /^usr\/share\/readline\/inputrc$/,
  /^usr\/lib\/php\/[\d.]+\/php\.ini-[^/]+$/,
  /^usr\/share\/postgresql-common\/[^/]+\.conf$/,
  // Shell functions that maintainer scripts read in.
  /^usr\/(?:share|lib)\/[^/]+\/(?:maintscripts?-[^/]+|[^/]*-maintscript-helper|postinst-[^/]+|[^/]+\.maintscript)$/,
  /^usr\/(?:share|lib)\/[^/]+\/(?:[^/]+\/)?(?:[\w.-]*[-.])?functions(?:\.\w+)?$|^usr\/share\/[^/]+\/dpkg\/[^/]+$/,
]

/**
 * Whether PackageContent has to keep the content of a file for the effects. `path` as in the archive, whose metadata tell
 * what its scripts speak of.
 */
export function captures(
  path: string,
  metadata: Pick<ArchiveMetadata, 'own'>,
  shebang?: readonly string[],
): boolean {
  const merged = mergedPath(path)
  return (
    patterns.some((pattern) => pattern.test(merged)) ||
    isHelper(merged, shebang) ||
    scriptsName(merged, metadata)
  )
}

/** Shell scripts that the maintainer scripts of any package may call, and functions that they read in. */
function isHelper(path: string, shebang: readonly string[] | undefined): boolean {
  if (/^usr\/share\/(?:doc|man|info|locale|bash-completion)\//.test(path)) return false
  if (/^usr\/share\/[^/]+\/(?:[^/]+\/)?[^/]+\.sh$/.test(path)) return true
  return (
    /(?:^|\/)(?:ba|da)?sh$/.test(shebang?.[0] ?? '') &&
    /^usr\/(?:s?bin|share\/[^/]+|lib\/[^/]+)\/[^/]+$/.test(path)
  )
}
