import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'
import { parseJson } from '../../base/json/parse.ts'
import { memberOf, textOf } from '../../base/json/value.ts'
import { mainOf, startOf } from './command.ts'
import type { BuildStart } from './compiled.ts'
import { type DockerfileStart, readDockerfile } from './dockerfile.ts'
import { type AppLanguage, languages } from './language.ts'
import { phpExtensions } from './php.ts'
import { projectFiles } from './project-files.ts'
import { findPythonServer } from './python.ts'
import { findPythonProgram } from './python-program.ts'
import { buildOfScripts } from './scripts.ts'
import { atLeast, type VersionWish, versionWish } from './wish.ts'
import { findWish } from './wishes.ts'

/** What a folder shows about the application in it. */
export interface FoundApplication {
  readonly language?: AppLanguage
  /** Its lock file; absent when it has none to install from. */
  readonly lockFile?: string
  /** The file that is started, below the folder. */
  readonly main?: string
  /** The Java class that is started with it on the class path; absent when the file itself is started. */
  readonly mainClass?: string
  /** What lies in the folder and goes into the image with the file that is started. Absent: what is beside that. */
  readonly files?: readonly string[]
  /** What lies there too, and is no part of it. */
  readonly besides?: readonly string[]
  /** What it says of the version of its language. */
  readonly wish?: VersionWish
  /** What its Dockerfile says of the image. */
  readonly dockerfile?: DockerfileStart
  /** Words of the program that is started and of its arguments, where its Dockerfile tells. */
  readonly start?: readonly string[]
  /** Ports that it listens on when it is started so. */
  readonly ports?: readonly string[]
  /** Extensions of PHP that it asks for, as Debian's packages are called behind the interpreter's name. */
  readonly extensions?: readonly string[]
  /** What has to be done before it can be locked. */
  readonly before?: string
  /** How the program, or what it serves, is made in a build step. Absent: it lies there as it runs. */
  readonly build?: BuildStart & { readonly isPages?: boolean }
}

/** Which files say that an application is there; of each language the first that is found is its lock file. */
const lockFiles: Readonly<Record<AppLanguage, readonly string[]>> = {
  python: [
    'uv.lock',
    'poetry.lock',
    'pdm.lock',
    'pylock.toml',
    'Pipfile.lock',
    'requirements.lock.txt',
    'requirements.txt',
  ],
  php: ['composer.lock'],
  ruby: ['Gemfile.lock', 'gems.locked'],
  go: ['go.sum'],
  rust: ['Cargo.lock'],
  java: ['lockfile.json', 'gradle.lockfile'],
  node: ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'],
}

/** What else says so. */
const signs: Readonly<Record<AppLanguage, RegExp>> = {
  python: /^(?:pyproject\.toml|setup\.py|Pipfile|(?:app|main|manage|wsgi)\.py)$/,
  php: /^(?:composer\.json|index\.php)$/,
  ruby: /^(?:Gemfile|config\.ru|(?:app|main|server)\.rb)$/,
  go: /^go\.mod$/,
  rust: /^Cargo\.toml$/,
  node: /^(?:package\.json|(?:server|app|main|index)\.[cm]?js)$/,
  java: /^(?:pom\.xml|build\.gradle(?:\.kts)?|[^/]+\.jar)$/,
}

/** What is started where it lies; what is compiled is not. */
const mains: Readonly<Partial<Record<AppLanguage, RegExp>>> = {
  python: /^(?:main|app|server|manage|wsgi)\.py$/,
  ruby: /^(?:main|app|server)\.rb$/,
  node: /^(?:server|app|main|index)\.[cm]?js$/,
  java: /\.jar$/,
}

/** Bytes of a package.json that is worth reading. */
const largest = 1024 * 1024

/**
 * Looks at the names in a folder, at package.json, and at Java archives and build files; what is missing stays
 * unknown. Looks for the wanted language alone where one is. Runs and fetches nothing.
 */
export async function findApplication(folder: string, wanted?: AppLanguage): Promise<FoundApplication> {
  const application = await applicationIn(folder, wanted)
  const { language } = application
  if (language === undefined) return application
  const dockerfile = await readDockerfile(folder)
  const wish = (await findWish(folder, language)) ?? wishOfBase(language, dockerfile)
  const start = dockerfile && startOf(dockerfile.command, { language, workDir: dockerfile.workDir })
  const isPages = application.build?.isPages === true
  const said = start === undefined || isPages ? undefined : { start, ports: [] }
  const server = language === 'python' ? await findPythonServer(folder, application.lockFile) : undefined
  const hasStart = said !== undefined || server !== undefined || application.main !== undefined
  const program = language === 'python' && !hasStart ? await findPythonProgram(folder) : undefined
  const { start: own, ports } = said ?? server ?? { start: program, ports: [] }
  const extensions = language === 'php' ? await phpExtensions(folder) : []
  const main = mainOf(own) ?? application.main
  const unlocked = await unlockedList(folder, application)
  return {
    ...application,
    ...(main === undefined ? {} : { main }),
    ...(wish === undefined ? {} : { wish }),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(own === undefined ? {} : { start: own }),
    ...(ports === undefined || ports.length === 0 ? {} : { ports }),
    ...(extensions.length === 0 ? {} : { extensions }),
    ...unlocked,
  }
}

/** How images of a language are called that are not ours; of a compiler any newer version does, too. */
const bases: Readonly<Record<AppLanguage, RegExp>> = {
  node: /(?:^|\/)node:v?(\d+(?:\.\d+)*)/,
  python: /(?:^|\/)python:(\d+\.\d+(?:\.\d+)?)/,
  go: /(?:^|\/)golang:(\d+\.\d+(?:\.\d+)?)/,
  rust: /(?:^|\/)rust:(\d+\.\d+(?:\.\d+)?)/,
  java: /(?:temurin|openjdk|corretto|zulu\S*|liberica\S*|jdk|jre)[:-](\d+)/,
  php: /(?:^|\/)php:(\d+\.\d+)/,
  ruby: /(?:^|\/)ruby:(\d+\.\d+)/,
}

function wishOfBase(language: AppLanguage, dockerfile: DockerfileStart | undefined): VersionWish | undefined {
  for (const base of dockerfile?.bases ?? []) {
    const said = bases[language].exec(base)?.[1]
    if (said === undefined) continue
    const wish = /^(?:go|rust|java)$/.test(language) ? atLeast : versionWish
    return wish(`FROM ${base.slice(0, 80)} of ${dockerfile?.file}`, said)
  }
  return undefined
}

/** A list of packages without digests is no lock yet: what makes one of it, and how that is called. */
async function unlockedList(
  folder: string,
  { lockFile }: FoundApplication,
): Promise<Pick<FoundApplication, 'lockFile' | 'before'>> {
  if (lockFile !== 'requirements.txt') return {}
  const bytes = await readFileIfExists(join(folder, lockFile)).catch(() => undefined)
  if (bytes === undefined || bytes.length > largest || Buffer.from(bytes).includes('--hash')) return {}
  if (!/^[^#\s]/m.test(Buffer.from(bytes).toString('utf8'))) return {}
  const made = 'requirements.lock.txt'
  return { lockFile: made, before: `uv pip compile --generate-hashes ${lockFile} -o ${made}` }
}

async function applicationIn(folder: string, wanted?: AppLanguage): Promise<FoundApplication> {
  const names = await namesIn(folder)
  const language =
    wanted ??
    languages.find((each) => lockFiles[each].some((file) => names.has(file))) ??
    languages.find((each) => [...names].some((name) => signs[each].test(name)))
  if (language === undefined) return {}
  const lockFile = lockFilesIn(names, language)[0]
  if (language === 'java') {
    const { findJavaStart } = await import('./java.ts')
    const start = await findJavaStart(folder, { hasLibraries: lockFile !== undefined })
    return { language, ...(lockFile === undefined ? {} : { lockFile }), ...start }
  }
  const known = { language, ...(lockFile === undefined ? {} : { lockFile }) }
  if (language === 'go' || language === 'rust') {
    const { findGoBuild, findRustBuild } = await import('./compiled.ts')
    const build = await (language === 'go' ? findGoBuild(folder) : findRustBuild(folder))
    return { language, ...(build === undefined ? {} : { build }) }
  }
  const { files, besides } = filesOf(names, known)
  if (language === 'node') return { ...known, ...(await startOfPackage(folder, names)), files, besides }
  const main = firstMain(names, language)
  return { ...known, files, besides, ...(main === undefined ? {} : { main }) }
}

function firstMain(names: ReadonlySet<string>, language: AppLanguage): string | undefined {
  return [...names].filter((name) => mains[language]?.test(name) === true).sort()[0]
}

/** What Composer installs is part of a project that has no lock to install it from. */
function filesOf(
  names: ReadonlySet<string>,
  { language, lockFile }: { readonly language: AppLanguage; readonly lockFile?: string },
): Required<Pick<FoundApplication, 'files' | 'besides'>> {
  const { files, besides } = projectFiles(names)
  const isOwn = language === 'php' && lockFile === undefined && names.has('vendor')
  return isOwn
    ? { files: [...files, 'vendor'], besides: besides.filter((name) => name !== 'vendor') }
    : { files, besides }
}

/** The lock files of a language that lie in a folder, the one to take first. */
export async function findLockFiles(folder: string, language: AppLanguage): Promise<readonly string[]> {
  return lockFilesIn(await namesIn(folder), language)
}

function lockFilesIn(names: ReadonlySet<string>, language: AppLanguage): readonly string[] {
  return lockFiles[language].filter((file) => names.has(file))
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = await Promise.all(
      entries.map(async (entry) =>
        entry.isDirectory() && (await isEmpty(join(folder, entry.name), 0)) ? [] : [entry.name],
      ),
    )
    return new Set(names.flat())
  } catch {
    // It is made with the recipe.
    return new Set()
  }
}

/** How deep folders in folders may be empty. */
const deepestEmpty = 8

/** A folder without files is none that can be added. */
async function isEmpty(folder: string, depth: number): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  if (entries.some((entry) => !entry.isDirectory()) || depth > deepestEmpty) return false
  for (const { name } of entries) if (!(await isEmpty(join(folder, name), depth + 1))) return false
  return true
}

/** Where programs are when package.json does not say so, or names a file that is not there. */
const usualMains = ['index', 'server', 'app', 'main'].flatMap((name) =>
  ['js', 'mjs', 'cjs'].map((end) => `src/${name}.${end}`),
)

/** What the script "start" of package.json gives to node, which a build may make; else its "main", if it is there. */
async function startOfPackage(
  folder: string,
  names: ReadonlySet<string>,
): Promise<Pick<FoundApplication, 'main' | 'build'>> {
  const manifest = await packageManifest(folder)
  const start = fileName(startedByNode(textOf(memberOf(memberOf(manifest, 'scripts'), 'start'))))
  const made = buildOfScripts(manifest, start)
  if (made?.isPages === true) return { build: made }
  const main = start ?? (await mainOfPackage(folder, names, fileName(textOf(memberOf(manifest, 'main')))))
  const build = made !== undefined && main?.startsWith(`${made.output}/`) === true ? { build: made } : {}
  return main === undefined ? build : { main, ...build }
}

async function mainOfPackage(
  folder: string,
  names: ReadonlySet<string>,
  main: string | undefined,
): Promise<string | undefined> {
  if (main !== undefined && (await isFile(join(folder, main)))) return main
  const own = firstMain(names, 'node')
  if (own !== undefined) return own
  for (const each of usualMains) if (await isFile(join(folder, each))) return each
  return main
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}

/** package.json; undefined where there is none to read. */
async function packageManifest(folder: string): Promise<unknown> {
  const bytes = await readFileIfExists(join(folder, 'package.json'))
  if (bytes === undefined || bytes.length > largest) return undefined
  try {
    const refuse = () => new SyntaxError('no package.json')
    return parseJson(Buffer.from(bytes).toString('utf8'), {
      where: 'package.json',
      depth: 32,
      refuse,
      repeated: 'last',
    })
  } catch {
    // Whoever mends it will see; a recipe can be begun without.
    return undefined
  }
}

/** A file below the folder; undefined for anything else. */
function fileName(value: string | undefined): string | undefined {
  const name = value?.replace(/^\.\//, '') ?? ''
  return /^[\w@.-]+(?:\/[\w@.-]+)*$/.test(name) && !name.split('/').includes('..') ? name : undefined
}

/** "node server.js", with variables before it and options between. */
function startedByNode(script: string | undefined): string | undefined {
  const words = script?.trim().split(/\s+/) ?? []
  const at = words.findIndex((word) => !/^\w+=/.test(word))
  if (words[at] !== 'node') return undefined
  return words.slice(at + 1).find((word) => !word.startsWith('-'))
}
