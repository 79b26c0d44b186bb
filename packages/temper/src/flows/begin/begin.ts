import { posix } from 'node:path'
import { releaseIds } from '../../distro/open.ts'
import type { DraftDependency, RecipeDraft } from '../../recipe/draft-recipe.ts'
import type { FoundApplication } from './application.ts'
import type { AppLanguage } from './language.ts'
import { mostNamed } from './project-files.ts'
import { isApk, packagesOf, startingPoint, versionOf } from './runtimes.ts'

/** What is known about an image before its recipe is written. */
export interface Beginning extends FoundApplication {
  readonly name: string
  /** Release id; absent: the default. */
  readonly distribution?: string
  readonly ports: readonly string[]
  readonly user?: string
  /** The version line of the recipe that it begins with; absent: the recipe's own. */
  readonly line?: string
  /** The line of the catalogue's Node.js that makes pages. */
  readonly nodeLine?: string
}

/** A recipe that starts an application in the usual way of its language. */
export function beginRecipe(beginning: Beginning): RecipeDraft {
  const { name, distribution, language, lockFile, main, ports, user, build, line } = beginning
  const isDefault = distribution === undefined || distribution === releasesToBeginWith()[0]
  const point = isDefault ? startingPoint(language, build) : undefined
  const own = point === undefined ? packagesOf(language, distribution ?? '') : []
  const isPages = build?.isPages === true
  const asked = isPages ? [] : (beginning.dockerfile?.packages ?? [])
  const php = versionOf('php', distribution ?? releasesToBeginWith()[0] ?? '')
  const extensions = (beginning.extensions ?? []).map((each) => `php${php ?? ''}-${each}`)
  const packages = [...new Set([...own, ...extensions, ...asked])]
  return {
    name,
    ...(distribution === undefined ? {} : { distribution }),
    ...(point === undefined ? {} : { extends: point }),
    ...(point === undefined || line === undefined || isPages ? {} : { line }),
    packages: isApk(distribution ?? '') ? own : packages,
    files: filesOf(beginning),
    dependencies:
      lockFile === undefined || language === undefined
        ? []
        : dependenciesOf(language, lockFile, { beginning, point }),
    steps:
      build === undefined || language === undefined ? [] : [stepOf(language, build, { beginning, point })],
    ...environmentOf(beginning),
    ...((main ?? beginning.start) !== undefined && /^(?:python|node|ruby)$/.test(language ?? '')
      ? { workDir: '/app' }
      : {}),
    entrypoint: entrypointOf(beginning),
    ports,
    ...(user === undefined ? {} : { user }),
  }
}

/** Ports of the Dockerfile, where the same program listens. */
export function portsOf({ language, build, dockerfile, ports }: FoundApplication): readonly string[] {
  if (ports !== undefined) return ports
  return build?.isPages === true || language === 'php' ? [] : (dockerfile?.ports ?? [])
}

/** What a person should know of how a first recipe was made, each as one sentence. */
export function notesOf(beginning: Beginning): readonly string[] {
  const { build, files, besides, dockerfile, before, ports } = beginning
  const first = [before, build?.before].flatMap((command) => (command === undefined ? [] : [command]))
  const low = ports.filter((port) => Number.parseInt(port, 10) < 1024)
  return [
    ...first.map(
      (command) =>
        `A step has no network, and a lock has digests: run "${command}" in the folder before "temper lock"`,
    ),
    ...((files?.length ?? 0) <= mostNamed
      ? []
      : [
          `The folder has ${files?.length} files and folders, so that all of it is added but for ${besides?.length} names: see "ignore"`,
        ]),
    ...(dockerfile?.left ?? []).slice(0, mostLeft).map((each) => `Not taken over: ${each}`),
    ...low.map((port) => `Port ${port} is for root on many machines: let it listen on one above 1023`),
  ]
}

const mostLeft = 10

/** Releases that packages can come from, the default one first. */
export function releasesToBeginWith(): readonly string[] {
  return releaseIds({})
}

/** Where a program goes that a step makes. */
const program = '/usr/local/bin'

function entrypointOf(beginning: Beginning): readonly string[] {
  const { language, lockFile, mainClass, main, build, name } = beginning
  if (build !== undefined && (language === 'go' || language === 'rust')) return [posix.join(program, name)]
  if (beginning.start !== undefined) return beginning.start
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
function filesOf({ language, main, files, besides, build }: Beginning): RecipeDraft['files'] {
  if (language === 'go' || language === 'rust' || build?.isPages === true) return []
  const folder = language === 'php' ? phpFolder : '/app'
  if (files !== undefined && files.length > mostNamed)
    return [{ source: '.', path: folder, ignore: outside(besides ?? [], build) }]
  const own = (files ?? [])
    .filter((source) => source !== build?.output)
    .map((source) => ({ source, path: posix.join(folder, source) }))
  const isMade = build !== undefined && main?.startsWith(`${build.output}/`) === true
  if (main === undefined || isMade) return own
  const first = fileOf(main)
  return own.some(({ source }) => source === first.source) ? own : [first, ...own]
}

/** Names that stay out of a folder; what a step makes is not what lies there by chance. */
function outside(besides: readonly string[], build: Beginning['build']): readonly string[] {
  const made = build === undefined || besides.includes(build.output) ? [] : [build.output]
  return [...besides.filter((name) => name !== '.git'), ...made]
}

/** Of what lies in a folder all of the folder: a program needs what is beside it. What builds leave beside it it does not. */
function fileOf(main: string): { readonly source: string; readonly path: string } {
  if (made.test(main)) return { source: main, path: posix.join('/app', posix.basename(main)) }
  const [top = main] = main.split('/')
  return { source: top, path: posix.join('/app', top) }
}

/** Where the packages of npm are for steps. */
const buildFolder = '/build'

/** Where the catalogue's Node.js is for steps of an image that has none. */
const nodeFolder = '/node'

interface Begun {
  readonly beginning: Beginning
  /** The recipe that it extends. */
  readonly point: string | undefined
}

function dependenciesOf(
  language: AppLanguage,
  lockFile: string,
  { beginning: { build, nodeLine }, point }: Begun,
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
        ...(build === undefined || nodeOfStep(point, nodeLine)?.lock === undefined
          ? []
          : [
              {
                npm: `@temper-images/catalog/node/${nodeLine}/package-lock.json`,
                into: nodeFolder,
                dev: true,
              },
            ]),
      ]
    default:
      return []
  }
}

function stepOf(
  language: AppLanguage,
  { run, output, isPages }: NonNullable<Beginning['build']>,
  { beginning: { name, lockFile, nodeLine }, point }: Begun,
): RecipeDraft['steps'][number] {
  if (language !== 'node')
    return {
      name: 'compile',
      packages: language === 'go' ? ['golang-go'] : ['cargo', 'gcc', 'libc6-dev'],
      ignore: language === 'rust' ? ['target', ...notForLinux] : ['.built'],
      dependencies: [],
      run,
      output: { source: output, path: posix.join(program, name) },
    }
  const node = nodeOfStep(point, nodeLine)
  const modules = lockFile === undefined ? [] : [{ source: `${buildFolder}/node_modules` }]
  const programs = node === undefined ? '' : `/work/${node.path}/.bin:`
  return {
    name: 'build',
    packages: node === undefined ? ['nodejs', 'coreutils'] : ['coreutils', 'libstdc++6'],
    ignore: ['node_modules', output],
    dependencies: node === undefined ? modules : [...modules, { source: node.source, path: node.path }],
    run: `export PATH=${programs}/work/node_modules/.bin:$PATH\n${run}`,
    output: { source: output, path: isPages === true ? '/usr/share/nginx/html' : `/app/${output}` },
  }
}

/** Libraries of Windows in crates that are vendored for all platforms, and that nothing on Linux is built from. */
const notForLinux = ['vendor/windows_*/lib', 'vendor/winapi-*-pc-windows-gnu/lib']

/** Node.js of the recipe that is extended, or of the catalogue; undefined: that of the release. */
function nodeOfStep(
  point: string | undefined,
  nodeLine: string | undefined,
): { readonly source: string; readonly path: string; readonly lock?: true } | undefined {
  const path = '.node'
  if (point === 'node') return { source: '/usr/lib/node/node_modules', path }
  if (point === undefined || nodeLine === undefined) return undefined
  return { source: `${nodeFolder}/node_modules`, path, lock: true }
}

/** What its Dockerfile sets, with files that lay in its working folder in /app. */
function environmentOf(beginning: Beginning): Pick<RecipeDraft, 'environment'> {
  const { dockerfile, build } = beginning
  const { workDir = '/', environment = {} } = build?.isPages === true ? {} : (dockerfile ?? {})
  const moved = Object.entries(environment).map(([name, value]) => [
    name,
    workDir !== '/' && (value === workDir || value.startsWith(`${workDir}/`))
      ? `/app${value.slice(workDir.length)}`
      : value,
  ])
  const all = { ...Object.fromEntries(moved), ...gemsOf(beginning) }
  return Object.keys(all).length === 0 ? {} : { environment: all }
}

/** Ruby finds gems in the folder that Bundler's deployments have, which is named by the version of its interface. */
function gemsOf({ language, lockFile, distribution }: Beginning): Readonly<Record<string, string>> {
  if (language !== 'ruby' || lockFile === undefined) return {}
  const version = /^debian-12/.test(distribution ?? '') ? '3.1.0' : '3.3.0'
  return { GEM_PATH: `/app/vendor/bundle/ruby/${version}` }
}
