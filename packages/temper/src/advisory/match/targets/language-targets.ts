import { ownMember } from '../../../base/own-member.ts'
import type { Component, ComponentType } from '../../../model/inventory.ts'
import { isNodeBuild } from '../../../model/package/node-build.ts'
import type { VersionScheme } from '../../../model/version-scheme.ts'
import { rustFamily } from '../../ecosystem.ts'
import type { MatchTarget } from './target.ts'

interface LanguageEcosystem {
  readonly ecosystem: string
  readonly scheme: VersionScheme
}

const ecosystems: Partial<Readonly<Record<ComponentType, LanguageEcosystem>>> = {
  npm: { ecosystem: 'npm', scheme: 'semver' },
  pypi: { ecosystem: 'PyPI', scheme: 'pep440' },
  maven: { ecosystem: 'Maven', scheme: 'maven' },
  golang: { ecosystem: 'Go', scheme: 'golang' },
  cargo: { ecosystem: rustFamily, scheme: 'semver' },
  gem: { ecosystem: 'RubyGems', scheme: 'gem' },
  composer: { ecosystem: 'Packagist', scheme: 'composer' },
  nuget: { ecosystem: 'NuGet', scheme: 'nuget' },
  hex: { ecosystem: 'Hex', scheme: 'semver' },
  pub: { ecosystem: 'Pub', scheme: 'pub' },
  swift: { ecosystem: 'SwiftURL', scheme: 'semver' },
}

/** Those of packages that have no type of their own, by the type of their package URL. */
const byPurlType: Readonly<Record<string, string>> = { bitnami: 'Bitnami', julia: 'Julia' }

/** Whether packages of this type belong to no distribution. */
export function isLanguage(type: ComponentType): boolean {
  return ecosystems[type] !== undefined || type === 'githubactions'
}

/** Language packages are known by one name; the index normalises it as their ecosystem does. */
export function languageTargets(component: Component): readonly MatchTarget[] {
  const { type, name, version } = component
  // OSV has the problems of Node.js itself in this ecosystem.
  if (isNodeBuild(component))
    return [{ ecosystem: 'Bitnami', scheme: 'semver', name: 'node', version, role: 'program' }]
  const ecosystem = ecosystems[type]
  if (ecosystem === undefined) return purlTargets(component)
  return [{ ...ecosystem, name, version: type === 'gem' ? withoutPlatform(version) : version }]
}

function purlTargets({ name, version, purl }: Component): readonly MatchTarget[] {
  const [, type = ''] = /^pkg:([a-z]{1,20})\//.exec(purl) ?? []
  const ecosystem = ownMember(byPurlType, type)
  if (ecosystem === undefined) return []
  // Bitnami counts how often it has built a version: 17.2.0-8 is no pre-release of 17.2.0.
  const built = type === 'bitnami' ? version.replace(/(?:-\d{1,6}){1,3}$/, '') : version
  return [{ ecosystem, scheme: 'semver', name, version: built }]
}

/** "1.16.0-x86_64-linux-gnu" is 1.16.0 built for a platform (Gem::Platform), not a pre-release. */
function withoutPlatform(version: string): string {
  return version.replace(
    /-(?:aarch64|arm|arm64|armv\d\w*|i?[3-6]86|java|jruby|mingw\d*|mswin\d*|universal|x64|x86|x86_64)(?:-.{0,60})?$/,
    '',
  )
}
