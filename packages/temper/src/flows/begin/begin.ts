import { posix } from 'node:path'
import { releaseIds } from '../../distro/open.ts'
import type { DraftDependency, RecipeDraft } from '../../recipe/draft-recipe.ts'
import type { AppLanguage, FoundApplication } from './application.ts'
import { packagesOf, startingPoint } from './runtimes.ts'

/** What is known about an image before its recipe is written. */
export interface Beginning extends FoundApplication {
  readonly name: string
  /** Release id; absent: the default. */
  readonly distribution?: string
  readonly ports: readonly string[]
  readonly user?: string
}

/** A recipe that starts an application in the usual way of its language. */
export function beginRecipe(beginning: Beginning): RecipeDraft {
  const { name, distribution, language, lockFile, main, ports, user, build } = beginning
  const isDefault = distribution === undefined || distribution === releasesToBeginWith()[0]
  const point = isDefault ? startingPoint(language, build) : undefined
  const packages = point === undefined ? packagesOf(language, distribution ?? '') : []
  return {
    name,
    ...(distribution === undefined ? {} : { distribution }),
    ...(point === undefined ? {} : { extends: point }),
    packages,
    files: filesOf(beginning),
    dependencies:
      lockFile === undefined || language === undefined ? [] : dependenciesOf(language, lockFile, build),
    steps: build === undefined || language === undefined ? [] : [stepOf(language, build, beginning)],
    ...environmentOf(beginning),
    ...(main !== undefined && /^(?:python|node|ruby)$/.test(language ?? '') ? { workDir: '/app' } : {}),
    entrypoint: entrypointOf(beginning),
    ports,
    ...(user === undefined ? {} : { user }),
  }
}

/** Releases that packages can come from, the default one first. */
export function releasesToBeginWith(): readonly string[] {
  return releaseIds({})
}

/** Where a program goes that a step makes. */
const program = '/usr/local/bin'

function entrypointOf(beginning: Beginning): readonly string[] {
  const { language, lockFile, mainClass, main, build, name } = beginning
  if (build !== undefined && (language === 'go' || language === 'rust')) return [posix.join(program, name)]
  if (main === undefined) return []
  const path = made.test(main) ? fileOf(main).path : `/app/${main}`
  switch (language) {
    case 'python':
      return ['/usr/bin/python3', path]
    case 'node':
      return ['/usr/bin/node', path]
    case 'ruby':
      return ['/usr/bin/ruby', path]
    case 'php':
      return []
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

/** What a web server hands requests to. */
const phpFolder = '/var/www/html'

/** Those of the project, and always the one that is started, unless a step makes it. */
function filesOf({ language, main, files, build }: Beginning): RecipeDraft['files'] {
  if (language === 'go' || language === 'rust' || build?.isPages === true) return []
  const folder = language === 'php' ? phpFolder : '/app'
  const own = (files ?? []).map((source) => ({ source, path: posix.join(folder, source) }))
  const isMade = build !== undefined && main?.startsWith(`${build.output}/`) === true
  if (main === undefined || isMade) return own
  const first = fileOf(main)
  return own.some(({ source }) => source === first.source) ? own : [first, ...own]
}

/** Of what lies in a folder all of the folder: a program needs what is beside it. What builds leave beside it it does not. */
function fileOf(main: string): { readonly source: string; readonly path: string } {
  if (made.test(main)) return { source: main, path: posix.join('/app', posix.basename(main)) }
  const [top = main] = main.split('/')
  return { source: top, path: posix.join('/app', top) }
}

/** Where the packages of npm are for steps. */
const buildFolder = '/build'

function dependenciesOf(
  language: AppLanguage,
  lockFile: string,
  build: Beginning['build'],
): readonly DraftDependency[] {
  switch (language) {
    case 'python':
      return [{ python: lockFile }]
    case 'java':
      return [{ maven: lockFile, into: javaLibraries }]
    case 'php':
      return [{ composer: lockFile, into: phpFolder }]
    case 'ruby':
      return [{ gem: lockFile, into: '/app' }]
    case 'node':
      return [
        ...(build?.isPages === true ? [] : [{ npm: lockFile, into: '/app' }]),
        ...(build === undefined ? [] : [{ npm: lockFile, into: buildFolder, dev: true }]),
      ]
    default:
      return []
  }
}

function stepOf(
  language: AppLanguage,
  { run, output, isPages }: NonNullable<Beginning['build']>,
  { name, lockFile }: Beginning,
): RecipeDraft['steps'][number] {
  if (language !== 'node')
    return {
      name: 'compile',
      packages: language === 'go' ? ['golang-go'] : ['cargo', 'gcc', 'libc6-dev'],
      dependencies: [],
      run,
      output: { source: output, path: posix.join(program, name) },
    }
  return {
    name: 'build',
    packages: ['nodejs', 'coreutils'],
    dependencies: lockFile === undefined ? [] : [`${buildFolder}/node_modules`],
    run: `export PATH=/work/node_modules/.bin:$PATH\n${run}`,
    output: { source: output, path: isPages === true ? '/usr/share/nginx/html' : `/app/${output}` },
  }
}

/** Ruby finds gems in the folder that Bundler's deployments have, which is named by the version of its interface. */
function environmentOf({ language, lockFile, distribution }: Beginning): Pick<RecipeDraft, 'environment'> {
  if (language !== 'ruby' || lockFile === undefined) return {}
  const version = /^debian-12/.test(distribution ?? '') ? '3.1.0' : '3.3.0'
  return { environment: { GEM_PATH: `/app/vendor/bundle/ruby/${version}` } }
}
