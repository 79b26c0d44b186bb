import type { FoundApplication } from './application.ts'
import type { AppLanguage } from './language.ts'

/**
 * The recipe of the catalogue that an application of a language begins with on the default release; undefined: packages of that
 * release do. Node.js is upstream's there, in a line that upstream supports, which the release's own is no longer.
 */
export function startingPoint(
  language: AppLanguage | undefined,
  build: FoundApplication['build'],
): string | undefined {
  if (build?.isPages === true) return 'nginx'
  return language === undefined ? undefined : recipes[language]
}

const recipes: Readonly<Partial<Record<AppLanguage, string>>> = {
  python: 'python',
  java: 'jre',
  node: 'node',
  php: 'php-fpm',
  ruby: 'ruby',
  go: 'static',
  rust: 'cc',
}

/** The packages that run a language on a release. */
export function packagesOf(language: AppLanguage | undefined, distribution: string): readonly string[] {
  return language === undefined ? [] : runtimes[language](distribution)
}

/** The versions that a release has of the languages; undefined for releases whose versions go on. */
export function versionOf(language: AppLanguage, distribution: string): string | undefined {
  const release = [...versions].find(([name]) => distribution.startsWith(name))
  return release?.[1][language]
}

const versions: ReadonlyMap<string, Readonly<Record<AppLanguage, string>>> = new Map([
  [
    'debian-13',
    { python: '3.13', node: '20', php: '8.4', ruby: '3.3', go: '1.24', rust: '1.85', java: '21' },
  ],
  [
    'debian-12',
    { python: '3.11', node: '18', php: '8.2', ruby: '3.1', go: '1.19', rust: '1.63', java: '17' },
  ],
])

/** Whether its packages are called as those of apk are. */
export const isApk = (distribution: string) => /^(?:alpine|wolfi)/.test(distribution)

const runtimes: Readonly<Record<AppLanguage, (distribution: string) => readonly string[]>> = {
  python: () => ['python3'],
  node: () => ['nodejs'],
  php: (distribution) => {
    if (distribution.startsWith('debian-12')) return ['php8.2-fpm']
    if (distribution.startsWith('wolfi')) return ['php-8.4-fpm']
    return isApk(distribution) ? ['php84-fpm'] : ['php8.4-fpm']
  },
  ruby: () => ['ruby'],
  go: () => ['base-files', 'ca-certificates', 'tzdata'],
  rust: () => ['base-files', 'ca-certificates', 'libc6', 'libgcc-s1'],
  java: (distribution) => {
    if (distribution.startsWith('debian-12')) return ['openjdk-17-jre-headless']
    return isApk(distribution) ? ['openjdk21-jre-headless'] : ['openjdk-21-jre-headless']
  },
}
