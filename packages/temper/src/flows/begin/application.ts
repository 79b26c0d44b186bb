import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'
import { parseJson } from '../../base/json/parse.ts'

/** The languages of applications that can be started. */
export type AppLanguage = 'python' | 'node' | 'java'

/** What a folder shows about the application in it. */
export interface FoundApplication {
  readonly language?: AppLanguage
  /** Its lock file; absent when it has none to install from. */
  readonly lockFile?: string
  /** The file that is started, below the folder. */
  readonly main?: string
  /** The Java class that is started with it on the class path; absent when the file itself is started. */
  readonly mainClass?: string
}

/** Which files say that an application is there; of each language the first that is found is its lock file. */
const lockFiles: Readonly<Record<AppLanguage, readonly string[]>> = {
  python: ['uv.lock', 'poetry.lock', 'Pipfile.lock', 'requirements.txt'],
  node: ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'],
  java: ['lockfile.json', 'gradle.lockfile'],
}

/** What else says so. */
const signs: Readonly<Record<AppLanguage, RegExp>> = {
  python: /^(?:pyproject\.toml|setup\.py|Pipfile|(?:app|main|manage|wsgi)\.py)$/,
  node: /^(?:package\.json|(?:server|app|main|index)\.[cm]?js)$/,
  java: /^(?:pom\.xml|build\.gradle(?:\.kts)?|[^/]+\.jar)$/,
}

const mains: Readonly<Record<AppLanguage, RegExp>> = {
  python: /^(?:main|app|server|manage|wsgi)\.py$/,
  node: /^(?:server|app|main|index)\.[cm]?js$/,
  java: /\.jar$/,
}

export const languages: readonly AppLanguage[] = ['python', 'node', 'java']

/** Bytes of a package.json that is worth reading. */
const largest = 1024 * 1024

/**
 * Looks at the names in a folder, at package.json, and at Java archives and build files; what is missing stays
 * unknown. Runs and fetches nothing.
 */
export async function findApplication(folder: string): Promise<FoundApplication> {
  const names = await namesIn(folder)
  const language =
    languages.find((each) => lockFiles[each].some((file) => names.has(file))) ??
    languages.find((each) => [...names].some((name) => signs[each].test(name)))
  if (language === undefined) return {}
  const lockFile = lockFilesIn(names, language)[0]
  if (language === 'java') {
    const { findJavaStart } = await import('./java.ts')
    const start = await findJavaStart(folder, { hasLibraries: lockFile !== undefined })
    return { language, ...(lockFile === undefined ? {} : { lockFile }), ...start }
  }
  const main =
    (language === 'node' ? await mainOfPackage(folder, names) : undefined) ??
    [...names].filter((name) => mains[language].test(name)).sort()[0]
  return {
    language,
    ...(lockFile === undefined ? {} : { lockFile }),
    ...(main === undefined ? {} : { main }),
  }
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
    return new Set(await readdir(folder))
  } catch {
    // It is made with the recipe.
    return new Set()
  }
}

/** Where programs are when package.json does not say so, or names a file that is not there. */
const usualMains = ['index', 'server', 'app', 'main'].flatMap((name) =>
  ['js', 'mjs', 'cjs'].map((end) => `src/${name}.${end}`),
)

/** What the script "start" of package.json gives to node, which a build may make; else its "main", if it is there. */
async function mainOfPackage(folder: string, names: ReadonlySet<string>): Promise<string | undefined> {
  const { start, main } = await mainsOfPackage(folder)
  if (start !== undefined) return start
  if (main !== undefined && (await isFile(join(folder, main)))) return main
  if ([...names].some((name) => mains.node.test(name))) return undefined
  for (const each of usualMains) if (await isFile(join(folder, each))) return each
  return main
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}

async function mainsOfPackage(
  folder: string,
): Promise<{ readonly start?: string | undefined; readonly main?: string | undefined }> {
  const bytes = await readFileIfExists(join(folder, 'package.json'))
  if (bytes === undefined || bytes.length > largest) return {}
  try {
    const refuse = () => new SyntaxError('no package.json')
    const description = parseJson(Buffer.from(bytes).toString('utf8'), {
      where: 'package.json',
      depth: 32,
      refuse,
    })
    const { main, scripts } = description as { main?: unknown; scripts?: { start?: unknown } | null }
    return { start: fileName(startedByNode(scripts?.start)), main: fileName(main) }
  } catch {
    // Whoever mends it will see; a recipe can be begun without.
    return {}
  }
}

/** A file below the folder; undefined for anything else. */
function fileName(value: unknown): string | undefined {
  const name = typeof value === 'string' ? value.replace(/^\.\//, '') : ''
  return /^[\w@.-]+(?:\/[\w@.-]+)*$/.test(name) && !name.split('/').includes('..') ? name : undefined
}

/** "node server.js", with variables before it and options between. */
function startedByNode(script: unknown): string | undefined {
  const words = typeof script === 'string' ? script.trim().split(/\s+/) : []
  const at = words.findIndex((word) => !/^\w+=/.test(word))
  if (words[at] !== 'node') return undefined
  return words.slice(at + 1).find((word) => !word.startsWith('-'))
}
