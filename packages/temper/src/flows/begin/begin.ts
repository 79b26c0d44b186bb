import { posix } from 'node:path'
import { releaseIds } from '../../distro/open.ts'
import type { RecipeDraft } from '../../recipe/draft-recipe.ts'
import type { AppLanguage } from './application.ts'

/** What is known about an image before its recipe is written. */
export interface Beginning {
  readonly name: string
  /** Release id; absent: the default. */
  readonly distribution?: string
  readonly language?: AppLanguage
  readonly lockFile?: string
  /** The application's file that is started, below the recipe's folder. */
  readonly main?: string
  /** The Java class that is started from it; absent when the file itself is started. */
  readonly mainClass?: string
  readonly ports: readonly string[]
  readonly user?: string
}

/** A recipe that starts an application in the usual way of its language. */
export function beginRecipe(beginning: Beginning): RecipeDraft {
  const { name, distribution, language, lockFile, main, ports, user } = beginning
  const packages = language === undefined ? [] : [runtimes[language](distribution ?? '')]
  const program = main === undefined ? undefined : started(beginning, main)
  return {
    name,
    ...(distribution === undefined ? {} : { distribution }),
    packages,
    files: main === undefined ? [] : [fileOf(main)],
    dependencies: lockFile === undefined || language === undefined ? [] : [dependencyOf(language, lockFile)],
    entrypoint: program ?? [],
    ports,
    ...(user === undefined ? {} : { user }),
  }
}

/** Releases that packages can come from, the default one first. */
export function releasesToBeginWith(): readonly string[] {
  return releaseIds({})
}

/** The package that runs a language, by release id. */
const runtimes: Readonly<Record<AppLanguage, (distribution: string) => string>> = {
  python: () => 'python3',
  node: () => 'nodejs',
  java: (distribution) => {
    if (distribution.startsWith('debian-12')) return 'openjdk-17-jre-headless'
    return /^(?:alpine|wolfi)/.test(distribution) ? 'openjdk21-jre-headless' : 'openjdk-21-jre-headless'
  },
}

function started({ language, lockFile, mainClass }: Beginning, main: string): readonly string[] {
  const path = made.test(main) ? fileOf(main).path : `/app/${main}`
  switch (language) {
    case 'python':
      return ['/usr/bin/python3', path]
    case 'node':
      return ['/usr/bin/node', path]
    case 'java':
      if (mainClass === undefined) return ['/usr/bin/java', '-jar', path]
      return ['/usr/bin/java', '-cp', lockFile === undefined ? path : `${path}:${javaLibraries}/*`, mainClass]
    default:
      return [path]
  }
}

/** Archives in the folders into which Maven and Gradle put all that they make. */
const made = /^(?:target|build\/libs)\/[^/]+\.jar$/

/** Where the libraries go that a lock file of Java names. */
const javaLibraries = '/app/lib'

/** Of what lies in a folder all of the folder: a program needs what is beside it. What builds leave beside it it does not. */
function fileOf(main: string): { readonly source: string; readonly path: string } {
  if (made.test(main)) return { source: main, path: posix.join('/app', posix.basename(main)) }
  const [top = main] = main.split('/')
  return { source: top, path: posix.join('/app', top) }
}

function dependencyOf(language: AppLanguage, lockFile: string): RecipeDraft['dependencies'][number] {
  if (language === 'python') return { python: lockFile }
  return language === 'node' ? { npm: lockFile, into: '/app' } : { maven: lockFile, into: javaLibraries }
}
