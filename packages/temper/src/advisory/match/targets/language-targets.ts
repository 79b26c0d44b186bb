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
  if (ecosystem === undefined) return []
  return [{ ...ecosystem, name, version: type === 'gem' ? withoutPlatform(version) : version }]
}

/** "1.16.0-x86_64-linux-gnu" is 1.16.0 built for a platform (Gem::Platform), not a pre-release. */
function withoutPlatform(version: string): string {
  return version.replace(
    /-(?:aarch64|arm|arm64|armv\d\w*|i?[3-6]86|java|jruby|mingw\d*|mswin\d*|universal|x64|x86|x86_64)(?:-.{0,60})?$/,
    '',
  )
}
