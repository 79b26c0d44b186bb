import type { AdvisoryIndex } from '../../../model/advisory/advisory.ts'
import { releaseOfCodename } from '../../../model/codename.ts'
import type { Distribution } from '../../../model/inventory.ts'
import { debianRelease } from '../../debian-release.ts'

/** Where advisories for a distribution's packages are looked up. */
export interface DistributionEcosystems {
  /** "Debian:12"; several where a release is spread over lists (SUSE's modules). Empty: none for this release. */
  readonly ecosystems: readonly string[]
  /** The family as OSV names it; undefined for a distribution that has none. */
  readonly family?: string
  /** What is wrong, as a clause for a note. */
  readonly problem?: string
}

type Choice = (distribution: Distribution, releases: readonly string[]) => readonly string[]

interface Family {
  readonly family: string
  /** Chooses the releases that apply from those that the index knows; never called for families without releases. */
  readonly choose?: Choice
}

const major: Choice = ({ version }) => [firstNumber(version)]
const majorMinor: Choice = ({ version }) => [/^\d+(?:\.\d+)?/.exec(version)?.[0] ?? version]

/** By ID of os-release(5). */
const families: Readonly<Record<string, readonly Family[]>> = {
  almalinux: [{ family: 'AlmaLinux', choose: major }],
  alpaquita: [{ family: 'Alpaquita', choose: ({ version }) => [version === '' ? 'stream' : version] }],
  alpine: [{ family: 'Alpine', choose: alpineReleases }],
  azurelinux: [{ family: 'Azure Linux', choose: major }],
  'bellsoft-hardened-containers': [
    {
      family: 'BellSoft Hardened Containers',
      choose: ({ version }) => [version === '' ? 'stream' : version],
    },
  ],
  centos: [{ family: 'Red Hat', choose: redHatReleases }],
  chainguard: [{ family: 'Chainguard' }, { family: 'Wolfi' }],
  debian: [{ family: 'Debian', choose: debianReleases }],
  echo: [{ family: 'Echo' }],
  mageia: [{ family: 'Mageia', choose: major }],
  mariner: [{ family: 'Azure Linux', choose: major }],
  minimos: [{ family: 'MinimOS' }],
  openeuler: [
    {
      family: 'openEuler',
      choose: ({ version }, releases) =>
        releases.filter((release) => release === version || release === `${version}-LTS`),
    },
  ],
  'opensuse-leap': [{ family: 'openSUSE', choose: ({ version }) => [`Leap ${version}`] }],
  'opensuse-tumbleweed': [{ family: 'openSUSE', choose: () => ['Tumbleweed'] }],
  photon: [{ family: 'Photon OS', choose: majorMinor }],
  raspbian: [{ family: 'Debian', choose: debianReleases }],
  rhel: [{ family: 'Red Hat', choose: redHatReleases }],
  rocky: [{ family: 'Rocky Linux', choose: major }],
  sle_hpc: [{ family: 'SUSE', choose: suseReleases }],
  sled: [{ family: 'SUSE', choose: suseReleases }],
  sles: [{ family: 'SUSE', choose: suseReleases }],
  ubuntu: [{ family: 'Ubuntu', choose: ubuntuReleases }],
  wolfi: [{ family: 'Wolfi' }],
}

/**
 * The OSV ecosystems that cover a distribution's release. A release for which the index has nothing is reported as a
 * problem, since finding nothing would look like good news.
 */
export function ecosystemsOf(distribution: Distribution, index: AdvisoryIndex): DistributionEcosystems {
  const id = distribution.id.toLowerCase()
  const candidates = Object.hasOwn(families, id) ? families[id] : undefined
  if (candidates === undefined)
    return { ecosystems: [], problem: `no feed covers the distribution "${distribution.id}"` }
  const ecosystems: string[] = []
  const [first] = candidates
  let wanted = ''
  let known: readonly string[] = []
  for (const { family, choose } of candidates) {
    if (choose === undefined) {
      ecosystems.push(family)
      continue
    }
    const releases = index.releases(family)
    const chosen = choose(distribution, releases)
    wanted = chosen[0] ?? distribution.version
    known = releases
    for (const release of chosen) if (releases.includes(release)) ecosystems.push(`${family}:${release}`)
  }
  const named = first === undefined ? {} : { family: first.family }
  if (ecosystems.length > 0) return { ecosystems, ...named }
  if (wanted === '' && known.length > 0)
    return { ecosystems, ...named, problem: `nothing says which release of ${first?.family} it is` }
  const of = known.length === 0 ? 'no release of it' : `only ${shortList(known)}`
  const release = `${first?.family} ${wanted}`.trim()
  return { ecosystems, ...named, problem: `the feeds know nothing about ${release}, ${of}` }
}

/** The ecosystem for a distribution's release, whether or not there are records; undefined where there are several. */
export function usualEcosystem(distribution: Distribution): string | undefined {
  const id = distribution.id.toLowerCase()
  const [first] = (Object.hasOwn(families, id) ? families[id] : undefined) ?? []
  if (first === undefined) return undefined
  if (first.choose === undefined) return first.family
  const [release = ''] = first.choose(distribution, [])
  return release === '' ? undefined : `${first.family}:${release}`
}

/** Testing and unstable have no VERSION_ID: the code name tells. No list of another release would tell of them. */
function debianReleases({ version, codename, title }: Distribution): readonly string[] {
  const number = firstNumber(version)
  // Releases before 7 have two numbers: "6.0", "3.1".
  if (number !== '') return [Number(number) >= 7 ? number : (/^\d+\.\d+/.exec(version)?.[0] ?? `${number}.0`)]
  const name = /\bsid\b/.test(codename ?? '')
    ? 'sid'
    : (codename ?? /\b([a-z]+)\/sid\b/.exec(`${version} ${title ?? ''}`)?.[1])
  if (name === undefined) return []
  return [debianRelease(name)]
}

/** Without VERSION_ID the code name tells. Products of a release (Pro, its FIPS packages) have lists of their own. */
function ubuntuReleases(
  { version, codename = '' }: Distribution,
  releases: readonly string[],
): readonly string[] {
  const release = releaseOfCodename(codename)
  const number = version === '' && release?.id === 'ubuntu' ? release.version : version
  return [number, ...releases.filter((release) => release.endsWith(`:${number}`))]
}

/** "3.20.3" is of v3.20; "3.21_alpha20240923" and "edge" are of edge. */
function alpineReleases({ version, title }: Distribution): readonly string[] {
  const [, release] = /^v?(\d+\.\d+)(?:\.\d+)?(?:_rc\d+)?$/.exec(version) ?? []
  if (release !== undefined) return [`v${release}`]
  return version === '' || /edge|_alpha|_git/.test(`${version} ${title ?? ''}`) ? ['edge'] : [version]
}

/**
 * Lists are by product: "enterprise_linux:9::baseos". Extended streams (EUS, AUS, E4S, TUS) have a list for each minor
 * release, "rhel_eus:9.4::baseos"; which of them speaks of a package is for its version to tell. After the end of a release
 * there is one for it, "rhel_els:7".
 */
function redHatReleases({ version }: Distribution, releases: readonly string[]): readonly string[] {
  const number = firstNumber(version)
  return releases.filter(
    (release) =>
      /^(?:enterprise_linux:|rhel_els:|rhel_[a-z0-9_]+:(?=\d+\.\d))(\d+)/.exec(release)?.[1] === number,
  )
}

/** "15.5" is "15 SP5"; its packages are spread over modules: "Linux Enterprise Module for Basesystem 15 SP5". */
function suseReleases({ version }: Distribution, releases: readonly string[]): readonly string[] {
  const [main = '', pack] = version.split('.')
  const suffix = pack === undefined || pack === '0' ? main : `${main} SP${pack}`
  return releases.filter((release) => release.endsWith(` ${suffix}`) && !release.includes('LTSS'))
}

function firstNumber(version: string): string {
  return /^\d+/.exec(version)?.[0] ?? ''
}

function shortList(names: readonly string[]): string {
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}
