import type { PackageUrl } from '../../../formats/purl/purl.ts'
import type { ComponentType } from '../../../model/inventory.ts'
import type { SourceClaim } from './claim.ts'

/**
 * The source package that the `upstream` qualifier of a purl names, as Syft writes it: "NAME" or "NAME@VERSION", for
 * RPM the file name of the source package.
 */
export function purlSource({ type, qualifiers }: PackageUrl): SourceClaim | undefined {
  const upstream = qualifiers?.['upstream']
  if (upstream === undefined) return undefined
  if (type === 'rpm') return sourceRpm(upstream)
  const at = upstream.indexOf('@', 1)
  return at < 0 ? { name: upstream } : { name: upstream.slice(0, at), version: upstream.slice(at + 1) }
}

/** "NAME-VERSION-RELEASE.src.rpm", or a plain name. */
export function sourceRpm(text: string): SourceClaim | undefined {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(text) ?? []
  if (name !== undefined && version !== undefined) return { name, version }
  return text.endsWith('.rpm') ? undefined : { name: text }
}

/** A version, joined from the parts in which Trivy keeps it. */
export function joinVersion(parts: {
  readonly epoch?: string | undefined
  readonly version?: string | undefined
  readonly release?: string | undefined
}): string | undefined {
  const { epoch, version, release } = parts
  if (version === undefined) return undefined
  const front = epoch === undefined || epoch === '0' ? '' : `${epoch}:`
  return `${front}${version}${release === undefined ? '' : `-${release}`}`
}

/**
 * The source package that a package is built from. One without a version has the version of the package; Debian and
 * Alpine packages that name none are built from the source package of their own name.
 */
export function settledSource(
  binary: { readonly type: ComponentType; readonly name: string; readonly version: string },
  claimed: SourceClaim | undefined,
): { readonly name: string; readonly version: string } | undefined {
  const { type, name, version } = binary
  if (claimed !== undefined) return { name: claimed.name, version: claimed.version ?? version }
  return type === 'deb' || type === 'apk' ? { name, version } : undefined
}
