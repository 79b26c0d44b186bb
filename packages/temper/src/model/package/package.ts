import type { Checksum, Digest } from '../../base/digest.ts'

/** Where a package comes from: enough to fetch it again and to name its source. */
export interface PackageOrigin {
  /** Id of the repository in the lock ("debian", "debian-security", or the name a recipe gives). */
  readonly repository: string
  readonly suite: string
  readonly component: string
  /** Path of the archive below the repository's base address, e.g. "pool/main/n/nginx/nginx_1.26_amd64.deb". */
  readonly location: string
}

/**
 * A binary package of a distribution: the hinge of everything. The solver yields it, the lock pins it, the
 * SBOM lists it, the matcher reads it.
 */
export interface Package {
  readonly name: string
  readonly version: string
  /** As the distribution writes it: "amd64" or "all", "x86_64" or "noarch". */
  readonly architecture: string
  readonly source: { readonly name: string; readonly version: string }
  readonly digest: Digest
  /** Bytes of the archive. */
  readonly size: number
  /** Bytes once unpacked, as the index states (a hint, used only to group layers). */
  readonly installedSize: number
  readonly origin: PackageOrigin
}

/** One alternative of a dependency: `libssl3t64 (>= 3.5.0)`, `python3:any`. */
export interface Requirement {
  readonly name: string
  /** `~`: a version that begins with this one, part by part. */
  readonly relation?: '<<' | '<=' | '=' | '>=' | '>>' | '~'
  readonly version?: string
  /** Architecture qualifier after a colon: "any", "native" or an architecture. */
  readonly qualifier?: string
}

/** Alternatives of which one has to hold, preferred first. */
export type Dependency = readonly Requirement[]

/** `libssl3t64 (>= 3.5.0)`: a requirement as control files write it. */
export function formatRequirement({ name, qualifier, relation, version }: Requirement): string {
  const range = relation === undefined ? '' : ` (${relation} ${version})`
  return `${name}${qualifier === undefined ? '' : `:${qualifier}`}${range}`
}

/** `a (>= 2) | b`: a dependency as control files write it. */
export function formatDependency(dependency: Dependency): string {
  return dependency.map(formatRequirement).join(' | ')
}

/** What a package needs, provides and replaces. */
export interface PackageRelations {
  /** Everything that has to be present for it to run. */
  readonly depends: readonly Dependency[]
  readonly provides: readonly Requirement[]
  readonly replaces: readonly Requirement[]
  readonly multiArch: IndexedPackage['multiArch']
}

/**
 * A package as an index lists it, with what it needs and excludes. Where an index identifies archives by something
 * other than their digest, `digest` stands for that until `PackageSource.pin` has read the archive.
 */
export interface IndexedPackage extends Package {
  /** The checksum by which the index identifies the archive, if that is not its digest but covers all of its bytes. */
  readonly listedBy?: Checksum
  readonly depends: readonly Dependency[]
  readonly preDepends: readonly Dependency[]
  readonly provides: readonly Requirement[]
  readonly conflicts: readonly Requirement[]
  readonly breaks: readonly Requirement[]
  readonly replaces: readonly Requirement[]
  /** How far it serves packages of other architectures (multiarch); "no" where a distribution has no such concept. */
  readonly multiArch: 'no' | 'same' | 'foreign' | 'allowed'
  /** Of several packages that provide a name, one with a lower rank is preferred. Not negative. */
  readonly providerRank: number
  /** It is installed as soon as all of these are, although nothing needs it (install_if of apk). */
  readonly installIf?: readonly Dependency[]
}

/** The packages of one architecture in all repositories of a recipe. Look-ups are synchronous and cheap. */
export interface PackageIndex {
  /** All versions of a name in all suites, in no particular order. */
  versions(name: string): readonly IndexedPackage[]
  /** Packages that provide a (virtual) name, not including packages of that very name. */
  providers(name: string): readonly IndexedPackage[]
  /** Every real name, sorted: for suggestions. */
  names(): Iterable<string>
  /** Packages with `installIf`. Absent: there are none. */
  conditional?(): readonly IndexedPackage[]
}

/** What a recipe asks for: `nginx`, `nginx=1.26.*`, `nginx~1.26`, `nginx@bookworm-backports`, `cmd:nginx`, `!dash`. */
export interface PackageRequest {
  readonly name: string
  /** Glob over the version. */
  readonly version?: string
  /** Range of the package's version, or of the version in which it provides the name. Never together with a glob. */
  readonly range?: { readonly relation: NonNullable<Requirement['relation']>; readonly version: string }
  readonly suite?: string
  /** `!name`: must not be part of the image. */
  readonly excluded: boolean
}
