import type { AppLanguage, FoundApplication } from './application.ts'

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

const isApk = (distribution: string) => /^(?:alpine|wolfi)/.test(distribution)

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
