import { posix } from 'node:path'
import { type DependencyRequest, dependencyKinds as kinds } from '../../model/recipe-parts/dependency.ts'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import type { Report } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'
import { reportSource } from './contents.ts'
import { isAddress } from './source-name.ts'

export function normaliseDependencies(
  inputs: RecipeInput['dependencies'],
  report: Report,
): { readonly dependencies?: readonly DependencyRequest[] } {
  if (inputs === undefined || inputs.length === 0) return {}
  const dependencies = inputs.flatMap((input, i): DependencyRequest[] => {
    const path = ['dependencies', i]
    const named = kinds.filter((kind) => input[kind] !== undefined)
    const [kind] = named
    if (kind === undefined || named.length > 1) {
      report(path, `give one lock file: ${kinds.join(' or ')}`)
      return []
    }
    const source = input[kind] ?? ''
    if (isAddress(source)) report([...path, kind], 'expected a lock file beside the recipe, found an address')
    else reportSource(source, [...path, kind], report)
    if (kind === 'npm' && input.into === undefined)
      report(path, 'needs "into": the folder of the application, below which node_modules is made')
    if (kind === 'composer' && input.into === undefined)
      report(path, 'needs "into": the folder of the application, below which vendor is made')
    if (kind === 'gem' && input.into === undefined)
      report(path, 'needs "into": the folder of the application, below which vendor/bundle is made')
    if (kind === 'gem' && !/(?:^|\/)(?:Gemfile|gems)\.lock(?:ed)?$/.test(source))
      report([...path, kind], 'expected Gemfile.lock, or gems.locked')
    if (kind === 'gem' && input.strip === true) report([...path, 'strip'], 'gems are installed as they are')
    if (kind === 'composer' && posix.basename(source) !== 'composer.lock')
      report([...path, kind], 'expected composer.lock, which has composer.json beside it')
    if (kind === 'maven' && input.into === undefined) report(path, 'needs "into": the folder for the jars')
    if (kind === 'maven' && !/(?:^|[/.])(?:gradle\.lockfile|[^/]*\.json)$/.test(source))
      report([...path, kind], 'expected lockfile.json of the plug-in maven-lockfile, or gradle.lockfile')
    if (kind === 'python' && input.strip === true)
      report([...path, 'strip'], 'wheels list the digests of their files: they are installed as they are')
    if (kind === 'maven' && input.strip === true) report([...path, 'strip'], 'jars are installed as they are')
    if (kind === 'composer' && input.strip === true)
      report([...path, 'strip'], 'packages of PHP have no programs to strip')
    const { project, into, strip, dev } = input
    const noDev = dev === true ? withoutDev(kind, source) : undefined
    if (noDev !== undefined) report([...path, 'dev'], noDev)
    if (dev === true && kind === 'python' && into === undefined)
      report(path, 'needs "into" with "dev": a folder of its own, such as /build/lib, that steps name')
    if (project !== undefined && !(kind === 'npm' && sharedLocks.has(posix.basename(source))))
      report(
        [...path, 'project'],
        `only locks that several projects may share have it: ${[...sharedLocks].join(', ')}`,
      )
    if (project !== undefined) reportSource(project, [...path, 'project'], report)
    const manifest = manifestOf(source, project)
    return [
      {
        kind,
        lockFile: requestOf(source),
        ...(manifest === undefined ? {} : { manifest: requestOf(manifest) }),
        ...(project === undefined ? {} : { project: posix.normalize(project).replace(/\/$/, '') }),
        ...(into === undefined ? {} : { into }),
        ...(strip === true ? { strip } : {}),
        ...(dev === true ? { dev } : {}),
      },
    ]
  })
  return { dependencies }
}

/** Why what only development needs cannot be had of a lock file; undefined where it can. */
function withoutDev(kind: DependencyRequest['kind'], source: string): string | undefined {
  if (kind === 'composer')
    return 'Composer’s packages for development test and check; none is needed to make what an image has'
  if (kind === 'gem')
    return 'Gemfile.lock does not say which gem is for development: an entry without "dev" has all of them'
  if (/gradle\.lockfile$/.test(source))
    return 'of Gradle only runtimeClasspath is installed: let Gradle make the archive, and add it under contents.files'
  return undefined
}

/** Of workspaces: one lock file at their root. */
const sharedLocks: ReadonlySet<string> = new Set(['pnpm-lock.yaml', 'yarn.lock'])

/** The file that says what a project itself asks for, where the lock file does not. */
function manifestOf(source: string, project = '.'): string | undefined {
  if (posix.basename(source) === 'yarn.lock')
    return posix.join(posix.dirname(source), project, 'package.json')
  if (posix.basename(source) === 'gradle.lockfile')
    return posix.join(posix.dirname(source), 'gradle', 'verification-metadata.xml')
  if (posix.basename(source) === 'composer.lock') return posix.join(posix.dirname(source), 'composer.json')
  return undefined
}

function requestOf(source: string): FileRequest {
  return { path: `/${posix.basename(source)}`, source, mode: 0o644, uid: 0, gid: 0 }
}
