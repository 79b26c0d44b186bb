import { posix } from 'node:path'
import { mapLimit } from '../../base/concurrency.ts'
import { isBerryLock, readBerryLock } from '../../dependencies/npm/berry-lock.ts'
import { berryArchive } from '../../dependencies/npm/berry-zip.ts'
import { installedPart, type NpmEnvironment, type OwnPackage } from '../../dependencies/npm/graph.ts'
import { layHoisted } from '../../dependencies/npm/hoist.ts'
import { layIsolated } from '../../dependencies/npm/isolated.ts'
import {
  type NpmPackage,
  placedPackage,
  readOwnPackages,
  readPackageLock,
} from '../../dependencies/npm/package-lock.ts'
import { readPnpmLock } from '../../dependencies/npm/pnpm-lock.ts'
import { readYarnLock } from '../../dependencies/npm/yarn-lock.ts'
import type { LockedDependency } from '../../model/recipe-parts/dependency.ts'
import type { Context } from '../context.ts'
import { fetchHashed } from './fetch.ts'
import { concurrency, type DependencyChoice } from './host.ts'
import { npmAddress } from './npm-address.ts'
import { unfitOptions } from './npm-options.ts'

/** Fetches the packages of a JavaScript project for one platform, each with its place. */
export async function chooseNpm(
  choice: DependencyChoice,
  context: Context,
): Promise<readonly LockedDependency[]> {
  const { request, host } = choice
  const file = request.lockFile.source
  // Debian has a package musl as well, which nothing in such an image is linked with.
  const has = (pattern: RegExp) => host.packages.some(({ name }) => pattern.test(name))
  const libc = has(/^musl$/) && !has(/^(?:libc6|glibc)$/) ? 'musl' : 'glibc'
  const dev = request.dev === true
  const environment = { architecture: host.platform.architecture, libc, dev } as const
  const { packages, own } = await placedPackages(choice, environment, context)
  tellOwn(own, choice, context)
  tellScripts(packages, { dev, file }, context)
  tellWeak(packages, file, context)
  return await mapLimit(packages, concurrency, async (wanted) => {
    const { name, version, hashes, files, place, links, where } = wanted
    const [tarball = { name: '' }] = files
    const url = await npmAddress({ name, version, where, url: tarball.url }, context)
    const { digest, size } = await fetchHashed(url, hashes, {
      context,
      what: `the package ${name} ${version}`,
      ...(hashes.some((hash) => hash.startsWith('zip-'))
        ? { hashedAs: (bytes: Uint8Array) => berryArchive(bytes, name, where) }
        : {}),
    })
    return {
      kind: 'npm',
      lockFile: file,
      name,
      version,
      place,
      ...(links === undefined ? {} : { links }),
      file: tarball.name,
      url,
      digest,
      size,
      ...(dev ? { dev } : {}),
    }
  })
}

/** Old entries of lock files, and those of registries that knew no other. */
function tellWeak(
  packages: readonly NpmPackage[],
  file: string,
  { progress }: Pick<Context, 'progress'>,
): void {
  const weak = packages.filter(
    ({ hashes }) => hashes.length > 0 && hashes.every((hash) => hash.startsWith('sha1:')),
  )
  const [first] = weak
  if (first === undefined) return
  const names = `${first.name} ${first.version}${weak.length === 1 ? '' : ` and ${weak.length - 1} more`}`
  progress.warn(
    `${file} has only a SHA-1 of ${names}, which somebody could forge: what comes from its address now is what the lock has by SHA-256`,
  )
}

/** Packages of the project's own, whose files the recipe does not have where they would be looked for. */
function tellOwn(
  own: readonly OwnPackage[],
  { request, isGiven = () => false }: DependencyChoice,
  { progress }: Pick<Context, 'progress'>,
): void {
  const pathOf = ({ name }: OwnPackage) => `${request.into ?? ''}/node_modules/${name}`
  const missing = own.filter((each) => !isGiven(pathOf(each)))
  const [first] = missing
  if (first === undefined || request.dev === true) return
  const { source } = request.lockFile
  const folder = posix.join(posix.dirname(source), first.folder)
  const others = missing.length === 1 ? '' : ` (and ${missing.length - 1} more in the same way)`
  const names = missing.slice(0, 10).map(({ name }) => name)
  const rest = missing.length > names.length ? ` and ${missing.length - names.length} more` : ''
  progress.warn(
    `${source}: ${names.join(', ')}${rest}: files of your own, which are to be added under contents.files: { path: ${pathOf(first)}, source: ${folder} }${others}`,
  )
}

/** With the project's own packages, whose files are the recipe's. */
interface Placed {
  readonly packages: readonly NpmPackage[]
  readonly own: readonly OwnPackage[]
}

async function placedPackages(
  { request, text, manifestText = '' }: DependencyChoice,
  environment: NpmEnvironment,
  context: Context,
): Promise<Placed> {
  const { lockFile, manifest, project = '.' } = request
  const file = lockFile.source
  switch (posix.basename(file)) {
    case 'pnpm-lock.yaml': {
      const graph = readPnpmLock(text, { file, folder: project, environment })
      const part = installedPart(graph, ({ fits }) => fits !== false)
      return { packages: layIsolated(part).map(placedPackage), own: part.own ?? [] }
    }
    case 'yarn.lock': {
      const project = { file, manifest: { file: manifest?.source ?? '', text: manifestText }, environment }
      const graph = isBerryLock(text) ? readBerryLock(text, project) : readYarnLock(text, project)
      const unfit = await unfitOptions(graph, environment, context)
      const part = installedPart(graph, (node) => !unfit.has(node.key))
      return { packages: layHoisted(part).map(placedPackage), own: [] }
    }
    default:
      return {
        packages: readPackageLock(text, environment, file),
        own: readOwnPackages(text, environment, file),
      }
  }
}

/** Those that are named one by one when they go into the image. */
const mostScripts = 3

/** Of many, and of those that only build steps get, one line: few of them need what their script makes. */
function tellScripts(
  all: readonly NpmPackage[],
  { dev, file }: { readonly dev: boolean; readonly file: string },
  { progress }: Pick<Context, 'progress'>,
): void {
  const scripted = all.filter(({ hasInstallScript }) => hasInstallScript)
  const names = [...new Set(scripted.map(({ name, version }) => `${name} ${version}`))]
  const advice = 'not run: build in a step what it would make'
  if (!dev && names.length <= mostScripts)
    for (const name of names) progress.warn(`${name} has an install script, which is ${advice}`)
  else if (names.length > 0) {
    const first = names.slice(0, mostScripts).join(', ')
    const rest = names.length > mostScripts ? ` and ${names.length - mostScripts} more` : ''
    const whole =
      names.length > mostScripts ? `; "hasInstallScript" or "requiresBuild" in ${file} shows all` : ''
    const packages = names.length === 1 ? 'package' : 'packages'
    progress.warn(
      `${names.length} ${packages}${dev ? ' for steps' : ''} with an install script, which is ${advice} (${first}${rest})${whole}`,
    )
  }
}
