import type { VersionScheme } from '../model/version-scheme.ts'

/** An ecosystem as OSV names it (OSV schema, "Defined ecosystems"), taken apart. */
export interface Ecosystem {
  /** "Debian", "Alpine", "Red Hat", "PyPI". */
  readonly family: string
  /** What follows the first colon, without words that do not name a release: "12", "v3.20", "22.04"; empty for none. */
  readonly release: string
  /** How its versions are ordered; absent where Temper knows no order. */
  readonly scheme?: VersionScheme
}

/** Languages whose names are the same in any case. */
const caseless = new Set(['GitHub Actions', 'Go', 'NuGet', 'Packagist', 'Pub', 'Hex', 'SwiftURL'])

/** Families whose packages are source packages or binaries of a distribution. */
const distributions: Readonly<Record<string, VersionScheme>> = {
  AlmaLinux: 'rpm',
  Alpaquita: 'apk',
  Alpine: 'apk',
  'Azure Linux': 'rpm',
  'BellSoft Hardened Containers': 'apk',
  Chainguard: 'apk',
  Debian: 'dpkg',
  Echo: 'dpkg',
  'Hardened Images': 'dpkg',
  Mageia: 'rpm',
  MinimOS: 'apk',
  'Photon OS': 'rpm',
  'Red Hat': 'rpm',
  'Rocky Linux': 'rpm',
  SUSE: 'rpm',
  Ubuntu: 'dpkg',
  Wolfi: 'apk',
  openEuler: 'rpm',
  openSUSE: 'rpm',
}

/** OSV's name of the Rust family, which is the host name of its registry. */
export const rustFamily = 'crates'

const languages: Readonly<Record<string, VersionScheme>> = {
  Bitnami: 'semver',
  GHC: 'semver',
  'GitHub Actions': 'semver',
  Go: 'golang',
  Hex: 'semver',
  Julia: 'semver',
  Maven: 'maven',
  NuGet: 'nuget',
  Packagist: 'composer',
  Pub: 'pub',
  PyPI: 'pep440',
  RubyGems: 'gem',
  SwiftURL: 'semver',
  [rustFamily]: 'semver',
  npm: 'semver',
}

const known = new Map(Object.entries({ ...distributions, ...languages }))

/** Families that OSV names, without releases. */
export const knownFamilies: readonly string[] = [...known.keys()]

const spellings = new Map([...known.keys()].map((name) => [name.toLowerCase(), name]))

/**
 * Takes an ecosystem apart: "Ubuntu:22.04:LTS" is of release 22.04, "Ubuntu:Pro:22.04:LTS" of Pro:22.04, "Alpine:v3.17" of v3.17,
 * "Alpine:edge" of edge. Families are known in any case of letters; an unknown one stays as it is written.
 */
export function parseEcosystem(text: string): Ecosystem {
  const known = parsed.get(text)
  if (known !== undefined) return known
  if (parsed.size >= parsedLimit) parsed.clear()
  const ecosystem = takenApart(text)
  parsed.set(text, ecosystem)
  return ecosystem
}

/** There are some hundred, of which every record and every package names one. */
const parsed = new Map<string, Ecosystem>()
const parsedLimit = 1000

function takenApart(text: string): Ecosystem {
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  const family = familyOf(name)
  const scheme = known.get(family)
  const release = colon < 0 ? '' : releaseOf(family, text.slice(colon + 1))
  return { family, release, ...(scheme === undefined ? {} : { scheme }) }
}

/** An ecosystem as Temper stores it and looks it up: the family, and its release after a colon if there is one. */
export function canonicalEcosystem(text: string): string {
  const { family, release } = parseEcosystem(text)
  return release === '' ? family : `${family}:${release}`
}

/** True when the family's records are about packages of a distribution. */
export function isDistribution(family: string): boolean {
  return Object.hasOwn(distributions, family)
}

function familyOf(name: string): string {
  const exact = spellings.get(name.toLowerCase())
  if (exact !== undefined) return exact
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(0, dot).toLowerCase() === rustFamily ? rustFamily : name
}

/**
 * Ubuntu says before and after a release's number which product of it is meant: nothing else but "LTS" is no part of its
 * name ("Pro:FIPS-updates:22.04:LTS", "Pro:22.04:LTS:Realtime:Kernel", "Nvidia-BlueField:22.04").
 */
function releaseOf(family: string, suffix: string): string {
  if (family !== 'Ubuntu') return suffix
  const words = suffix.split(':')
  const number = words.find((word) => /^\d+\.\d+$/.test(word))
  if (number === undefined) return suffix
  const product = words.filter((word) => word !== number && word.toUpperCase() !== 'LTS')
  const [first, ...rest] = product
  const named = first?.toLowerCase() === 'pro' ? ['Pro', ...rest] : product
  return [...named, number].join(':')
}

/**
 * A package's name as its ecosystem compares names: PyPI's by PEP 503, NuGet's and Composer's without case. Go's
 * paths may have capitals, but purls have none, and no host distinguishes paths that differ only in case. Some
 * records name repositories by their address.
 */
export function canonicalName(family: string, name: string): string {
  if (family === 'PyPI') return name.toLowerCase().replace(/[-_.]+/g, '-')
  if (family === 'GitHub Actions') return name.toLowerCase().replace(/^(?:https?:\/\/)?github\.com\//, '')
  if (family === 'SwiftURL')
    return name
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\.git$/, '')
  if (caseless.has(family)) return name.toLowerCase()
  return name
}
