import { type PackageUrl, parsePurl } from '../../../formats/purl/purl.ts'
import { VersionRangeSpecifier } from '../../../formats/version/vers.ts'
import type { Component, Distribution } from '../../../model/inventory.ts'

/** What a package URL of a statement is matched with. */
export interface PurlSubject {
  readonly purl: PackageUrl
  readonly source?: Component['source']
  readonly distribution?: Distribution
  readonly architecture?: string
}

/** `system` is the distribution of packages that belong to no other; undefined when the component has no valid purl. */
export function purlSubject(component: Component, system?: Distribution): PurlSubject | undefined {
  const purl = parsePurl(component.purl)
  if (purl === undefined) return undefined
  const { type, source, architecture } = component
  const isOfSystem = type === 'deb' || type === 'apk' || type === 'rpm'
  const distribution = component.distribution ?? (isOfSystem ? system : undefined)
  return {
    purl,
    ...(source === undefined ? {} : { source }),
    ...(distribution === undefined ? {} : { distribution }),
    ...(architecture === undefined ? {} : { architecture }),
  }
}

/**
 * Whether a package URL names a component: same type, namespace and name; the same version unless it gives none, or one in
 * the range that it gives (`vers`); and every qualifier that it gives holds. `arch=source` means the source package: it names every package that
 * was built from it.
 */
export function purlNames(wanted: PackageUrl, subject: PurlSubject): boolean {
  const { arch } = wanted.qualifiers ?? {}
  return isSourceArchitecture(arch) ? namesSource(wanted, subject) : namesPackage(wanted, subject)
}

export function isSourceArchitecture(arch: string | undefined): boolean {
  return arch === 'source' || arch === 'src'
}

function namesPackage(wanted: PackageUrl, { purl, ...facts }: PurlSubject): boolean {
  if (!sameName(wanted, purl)) return false
  if (wanted.version !== undefined && versionOf(wanted) !== versionOf(purl)) return false
  if (!isInRange(wanted, versionOf(purl))) return false
  if (wanted.type !== 'golang' && wanted.subpath !== undefined && wanted.subpath !== purl.subpath)
    return false
  return holdsAll(wanted, { purl, ...facts })
}

function namesSource(wanted: PackageUrl, subject: PurlSubject): boolean {
  const { purl, source } = subject
  const named = source ?? { name: purl.name, version: purl.version }
  if (wanted.type !== purl.type || named.name !== wanted.name) return false
  if ((wanted.namespace ?? '') !== (purl.namespace ?? '')) return false
  if (wanted.version !== undefined && versionOf(wanted) !== named.version) return false
  if (!isInRange(wanted, named.version)) return false
  return holdsAll(wanted, subject, ['arch'])
}

/** A range that cannot be read names nothing. */
function isInRange({ qualifiers }: PackageUrl, version: string | undefined): boolean {
  const range = qualifiers?.['vers']
  if (range === undefined) return true
  return version !== undefined && VersionRangeSpecifier.parse(range)?.contains(version) === true
}

function sameName(a: PackageUrl, b: PackageUrl): boolean {
  return nameKey(a) === nameKey(b)
}

/**
 * Equal for package URLs of one type, namespace and name. Some types ignore case in names, and PyPI treats "_" and
 * "." as "-" (purl-spec, types).
 */
export function nameKey({ type, namespace, name, subpath }: PackageUrl): string {
  const full = namespace === undefined ? name : `${namespace}/${name}`
  return `${type}:${normalName(type, full, subpath)}`
}

function normalName(type: string, full: string, subpath: string | undefined): string {
  // Syft writes the end of a module's path as a subpath.
  if (type === 'golang') return `${full}${subpath === undefined ? '' : `/${subpath}`}`.toLowerCase()
  if (type === 'pypi') return full.toLowerCase().replace(/[-_.]+/g, '-')
  return foldedTypes.has(type) ? full.toLowerCase() : full
}

const foldedTypes = new Set([
  ...['deb', 'apk', 'rpm', 'npm', 'composer', 'nuget', 'github', 'githubactions', 'bitbucket'],
])

/** Trivy writes the epoch as a qualifier, others as part of the version. */
function versionOf({ version, qualifiers }: PackageUrl): string | undefined {
  const epoch = qualifiers?.['epoch']
  if (version === undefined || epoch === undefined || epoch === '0' || /^\d+:/.test(version))
    return version?.replace(/^0:/, '')
  return `${epoch}:${version}`
}

/** Qualifiers that say where something came from, not what it is; and those that are compared as versions. */
const ignored = new Set([
  'epoch',
  'vers',
  'download_url',
  'vcs_url',
  'checksum',
  'checksums',
  'repository_url',
  // What somebody calls a commit that an action is pinned to.
  'comment',
])

function holdsAll(wanted: PackageUrl, subject: PurlSubject, known: readonly string[] = []): boolean {
  return Object.entries(wanted.qualifiers ?? {}).every(([key, value]) => {
    if (value === undefined || ignored.has(key) || known.includes(key)) return true
    return subject.purl.qualifiers?.[key] === value || holds(key, value, subject)
  })
}

/** Qualifiers that say the same in other words. */
function holds(
  key: string,
  value: string,
  { purl, source, distribution, architecture }: PurlSubject,
): boolean {
  switch (key) {
    case 'arch':
      return architecture === value
    case 'upstream':
      return source !== undefined && (source.name === value || `${source.name}@${source.version}` === value)
    case 'distro':
      return isDistribution(value, distribution) || isRelease(value, purl.qualifiers?.['distro'])
    // Of Docker's VEX.
    case 'os_name':
      return distribution?.id === value
    case 'os_version':
      return distribution !== undefined && isRelease(value, distribution.version)
    case 'os_distro':
      return distribution?.codename === value
    default:
      return false
  }
}

/** "debian-13", "debian-13.1", "trixie", "debian-trixie". */
function isDistribution(value: string, distribution: Distribution | undefined): boolean {
  if (distribution === undefined) return false
  const { id, version, codename } = distribution
  if (codename !== undefined && (value === codename || value === `${id}-${codename}`)) return true
  return value.startsWith(`${id}-`) && isRelease(value.slice(id.length + 1), version)
}

/** "13" and "13.1" are one release: a point release is its release. */
function isRelease(a: string, b: string | undefined): boolean {
  return b !== undefined && b !== '' && (a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`))
}
