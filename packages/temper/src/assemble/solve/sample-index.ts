import type {
  Dependency,
  IndexedPackage,
  PackageIndex,
  PackageRequest,
  Requirement,
} from '../../model/package/package.ts'
import { type PackageRules, packageRules } from '../../model/package/package-rules.ts'
import type { SolveOptions } from './options.ts'

/**
 * A tiny index for tests, one package a line:
 * `name version [@suite] [multiarch]: depends a (>= 2) | b, c; conflicts d; provides e (= 1); with f`,
 * where `with` is install_if.
 */
export function sampleIndex(text: string): PackageIndex {
  const lines = text.split('\n').map((line) => line.trim())
  return indexOf(lines.filter((line) => line !== '').map(samplePackage))
}

/** An index over packages given as values. */
export function indexOf(packages: readonly IndexedPackage[]): PackageIndex {
  const names = [...new Set(packages.map((entry) => entry.name))].sort()
  return {
    versions: (name) => packages.filter((entry) => entry.name === name),
    providers: (name) =>
      packages.filter(
        (entry) => entry.name !== name && entry.provides.some((provided) => provided.name === name),
      ),
    names: () => names,
    conditional: () => packages.filter((entry) => entry.installIf !== undefined),
  }
}

export function samplePackage(line: string): IndexedPackage {
  const [head = '', tail = ''] = split(line, ': ')
  const [name = '', version = '1', ...marks] = head.trim().replace(/:$/, '').split(' ')
  const suite = marks.find((mark) => mark.startsWith('@'))?.slice(1) ?? 'stable'
  const multiArch = (['same', 'foreign', 'allowed'] as const).find((kind) => marks.includes(kind)) ?? 'no'
  const field = (wanted: string) => {
    const clause = tail.split(';').find((part) => part.trim().startsWith(`${wanted} `))
    return clause?.trim().slice(wanted.length + 1) ?? ''
  }
  return {
    name,
    version,
    architecture: marks.find((mark) => mark === 'all' || mark === 'arm64') ?? 'amd64',
    source: { name, version },
    digest: `sha256:${Buffer.from(`${name} ${version}`).toString('hex').padEnd(64, '0').slice(0, 64)}`,
    size: 1,
    installedSize: 1,
    origin: { repository: 'debian', suite, component: 'main', location: `${name}_${version}.deb` },
    depends: dependencies(field('depends')),
    preDepends: dependencies(field('pre-depends')),
    provides: dependencies(field('provides')).flat(),
    conflicts: dependencies(field('conflicts')).flat(),
    breaks: dependencies(field('breaks')).flat(),
    replaces: dependencies(field('replaces')).flat(),
    multiArch,
    providerRank: field('priority') === 'required' ? 0 : 3,
    ...(field('with') === '' ? {} : { installIf: dependencies(field('with')) }),
  }
}

/** `nginx=1.*@suite !dash`: requests as recipes write them. */
export function sampleRequests(text: string): PackageRequest[] {
  return text.split(' ').map((word) => {
    const [, mark, name = '', version, suite] = /^(!?)([^=@]+)(?:=([^@]+))?(?:@(.+))?$/.exec(word) ?? []
    return {
      name,
      excluded: mark === '!',
      ...(version !== undefined && { version }),
      ...(suite !== undefined && { suite }),
    }
  })
}

/** Versions in tests are whole numbers with dots; qualifiers and conflicts are those of multiarch. */
export const sampleRules: PackageRules = packageRules({
  compareVersions: (a, b) => a.localeCompare(b, 'en', { numeric: true }),
  fitsArchitecture: (found, architecture) => ['all', architecture].includes(found.architecture),
  installOnly: () => undefined,
  isOptionalSuite: (suite) => suite === 'backports',
  qualifierFits: (candidate, qualifier, architecture) => {
    if (qualifier === undefined || qualifier === 'native') return true
    const { multiArch } = candidate
    if (qualifier === 'any') return multiArch === 'allowed' || multiArch === 'foreign'
    return isNamed(candidate, qualifier, architecture)
  },
  conflictApplies: (other, qualifier, architecture) =>
    qualifier === undefined ||
    qualifier === 'any' ||
    qualifier === 'native' ||
    isNamed(other, qualifier, architecture),
})

function isNamed(found: Pick<IndexedPackage, 'architecture'>, named: string, architecture: string): boolean {
  return found.architecture === named || (found.architecture === 'all' && named === architecture)
}

const { installOnly: _none, ...rules } = sampleRules

/** What samples ask for takes a few dozen steps; a search that runs in circles is to end at once. */
export const sampleOptions: SolveOptions = { architecture: 'amd64', rules, stepLimit: 1000 }

function dependencies(text: string): Dependency[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => part.split('|').map(requirement))
}

function requirement(text: string): Requirement {
  const [, name = '', qualifier, relation, version] =
    /^([^:\s(]+)(?::(\w+))?(?:\s*\((<<|<=|=|>=|>>) ([^)]+)\))?$/.exec(text.trim()) ?? []
  return {
    name,
    ...(qualifier !== undefined && { qualifier }),
    ...(relation !== undefined && { relation: relation as '=' }),
    ...(version !== undefined && { version }),
  }
}

function split(text: string, at: string): [string, string] {
  const place = text.indexOf(at)
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + at.length)]
}
