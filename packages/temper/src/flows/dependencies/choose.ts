import { posix } from 'node:path'
import { mapLimit } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import { type PythonEnvironment, pythonOf } from '../../dependencies/python/environment.ts'
import { readPdmLock, readPylock } from '../../dependencies/python/pdm-lock.ts'
import { readPipfileLock } from '../../dependencies/python/pipfile-lock.ts'
import { type PythonLock, readRequirementsLock } from '../../dependencies/python/requirements.ts'
import { bestWheel } from '../../dependencies/python/tags.ts'
import { readPoetryLock, readUvLock } from '../../dependencies/python/toml-locks.ts'
import { formatPlatform } from '../../model/platform.ts'
import type { DependencyKind, LockedDependency, WantedPackage } from '../../model/recipe-parts/dependency.ts'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import { chooseComposer } from './composer.ts'
import { fetchHashed } from './fetch.ts'
import { chooseGems } from './gem.ts'
import { concurrency, type DependencyChoice, type DependencyHost } from './host.ts'
import { chooseMaven } from './maven.ts'
import { chooseNpm } from './npm.ts'
import { indexedFiles } from './python-index.ts'

const choosers = {
  python: choosePython,
  npm: chooseNpm,
  maven: chooseMaven,
  composer: chooseComposer,
  gem: chooseGems,
} as const

/**
 * Chooses the files of an application's packages for one platform, and fetches them: which of several wheels, and
 * where to get each. What to install was decided when the lock file was made. Errors: `bad-recipe`,
 * `digest-mismatch`, those of fetching.
 */
export async function chooseDependencies(
  target: RecipeTarget,
  host: DependencyHost,
  context: Context,
): Promise<readonly LockedDependency[]> {
  const chosen: LockedDependency[] = []
  for (const request of target.recipe.dependencies ?? []) {
    const text = sourceText(target, request.lockFile)
    const { manifest } = request
    const manifestText = manifest === undefined ? {} : { manifestText: sourceText(target, manifest) }
    try {
      const choice = {
        request,
        text,
        ...manifestText,
        host,
        isGiven: (path: string) => isGiven(path, target),
      }
      chosen.push(...(await choosers[request.kind](choice, context)))
    } catch (error) {
      throw withMirror(error, request.kind)
    }
  }
  return chosen
}

/** Files of the recipe are known, of what a step makes the path alone. */
function isGiven(path: string, { files, recipe }: RecipeTarget): boolean {
  const isAtOrBelow = (one: string, other: string) => one === other || one.startsWith(`${other}/`)
  const outputs = (recipe.steps ?? []).flatMap((step) => step.outputs)
  return (
    files.some(({ request }) => isAtOrBelow(request.path, path)) ||
    outputs.some((output) => isAtOrBelow(output.path, path) || isAtOrBelow(path, output.path))
  )
}

/** Settings that name where the packages of a kind of lock file are had, in place of the addresses in it. */
const mirrorKeys: Readonly<Record<DependencyKind, string>> = {
  python: 'mirrors.pypi',
  npm: 'mirrors.npm',
  maven: 'mirrors.maven',
  composer: 'mirrors.composer',
  gem: 'mirrors.gem',
}

/** Where an address cannot be reached, it may be that only a mirror can. */
function withMirror(error: unknown, kind: DependencyKind): unknown {
  if (!(error instanceof TemperError) || error.code !== 'network') return error
  return new TemperError('network', error.message, {
    hint: `Check the network and the proxy settings. Where only a mirror of your own can be reached, name it: ${mirrorKeys[kind]} in the configuration.`,
    details: error.details,
    cause: error,
  })
}

/** A lock file, or what is beside it, as the recipe's files were read. */
export function sourceText({ sources }: Pick<RecipeTarget, 'sources'>, { source }: FileRequest): string {
  const lockFile = sources.find(({ name }) => name === source)
  if (lockFile === undefined) throw new TemperError('internal', `The lock file ${source} was not read`)
  if (lockFile.content.length <= longest) return Buffer.from(lockFile.content).toString('utf8')
  throw new TemperError('limit-exceeded', `${source}: a lock file has at most ${longest} bytes`)
}

const longest = 64 * 1024 * 1024

/** The Python of an image, or of its steps alone; throws `bad-recipe` when there is none. */
export function requirePython(
  { packages, stepPackages = [], platform }: DependencyHost,
  dev?: boolean,
): PythonEnvironment {
  const python =
    pythonOf(packages, platform.architecture) ??
    (dev === true ? pythonOf(stepPackages, platform.architecture) : undefined)
  if (python !== undefined) return python
  throw new TemperError('bad-recipe', 'dependencies: the image has no Python to install them for', {
    hint: 'Add python3 (Debian: python3-minimal) under contents.packages.',
  })
}

async function choosePython(
  { request, text, host }: DependencyChoice,
  context: Context,
): Promise<readonly LockedDependency[]> {
  const dev = request.dev === true
  const environment = { ...requirePython(host, dev), dev }
  const file = request.lockFile.source
  const lock = readPythonLock(text, environment, file)
  return await mapLimit(lock.packages, concurrency, async (wanted) => {
    const wheel = await findWheel(wanted, { lock, environment, host }, context)
    const { digest, size } = await fetchHashed(wheel.url, [wheel.hash], {
      context,
      what: `the wheel ${wheel.name}`,
    })
    const { name, version } = wanted
    return {
      kind: 'python',
      lockFile: file,
      name,
      version,
      file: wheel.name,
      url: wheel.url,
      digest,
      size,
      ...(dev ? { dev } : {}),
    }
  })
}

function readPythonLock(text: string, environment: PythonEnvironment, file: string): PythonLock {
  const name = posix.basename(file)
  if (name === 'uv.lock') return readUvLock(text, environment, file)
  if (name === 'poetry.lock') return readPoetryLock(text, environment, file)
  if (name === 'pdm.lock') return readPdmLock(text, environment, file)
  if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return readPylock(text, environment, file)
  if (name === 'Pipfile.lock') return readPipfileLock(text, environment, file)
  if (/\.(?:txt|in)$/.test(name)) return readRequirementsLock(text, environment, file)
  throw new TemperError(
    'bad-recipe',
    `dependencies: expected requirements.txt, uv.lock, poetry.lock, pdm.lock, pylock.toml or Pipfile.lock, found ${file}`,
  )
}

/** Mirrors alone; else those that the lock file names; else where the host's pip would look. */
async function indicesFor(
  lock: PythonLock,
  { mirrors, pythonIndex }: Pick<Context, 'mirrors' | 'pythonIndex'>,
): Promise<readonly string[]> {
  const configured = mirrors['pypi'] ?? []
  if (configured.length > 0) return configured
  if (lock.indices.length > 0) return lock.indices
  const own = await pythonIndex?.()
  return own === undefined ? [] : [own]
}

async function findWheel(
  wanted: WantedPackage,
  about: {
    readonly lock: PythonLock
    readonly environment: PythonEnvironment
    readonly host: DependencyHost
  },
  context: Context,
): Promise<{ readonly name: string; readonly url: string; readonly hash: string }> {
  const { lock, environment, host } = about
  const known = wanted.files.flatMap(({ name, url, hash }) => (url && hash ? [{ name, url, hash }] : []))
  const mirrors = context.mirrors['pypi'] ?? []
  const fromLock = mirrors.length === 0 ? known : []
  const listed =
    fromLock.length > 0 ? fromLock : await indexedFiles(wanted.name, await indicesFor(lock, context), context)
  const files = listed.flatMap(({ name, url, hash }) =>
    hash && wanted.hashes.includes(hash) ? [{ name, url, hash }] : [],
  )
  const best = bestWheel(files, environment)
  if (best !== undefined) return best
  const { libc, minor } = environment
  const names = files.slice(0, 5).map(({ name }) => name)
  if (wanted.hashes.length === 0)
    throw new TemperError(
      'bad-recipe',
      `${wanted.where}: expected a wheel of ${wanted.name} ${wanted.version} with its digest, found none: the lock file has it as source, or from a repository or folder`,
      {
        hint: 'Compile the package in a build step, or lock a version that is published as a wheel.',
        details: { package: wanted.name, version: wanted.version },
      },
    )
  throw new TemperError(
    'bad-recipe',
    `${wanted.where}: ${wanted.name} ${wanted.version} has no wheel for Python 3.${minor} on ${formatPlatform(host.platform)} with ${libc.name} ${libc.major}.${libc.minor}, found ${names.join(', ') || 'no file with a digest of the lock file'}`,
    {
      hint: 'Compile the package in a build step, or use a version that has a wheel.',
      details: { package: wanted.name, version: wanted.version, files: files.map(({ name }) => name) },
    },
  )
}
