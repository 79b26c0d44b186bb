import { posix } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { isObject, type JsonObject, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import { readLockYaml } from '../lock-yaml.ts'
import {
  checkIdentity,
  fitsMachine,
  graphFrom,
  integrityHashes,
  isPackageName,
  type ManifestGroup,
  type NpmEdge,
  type NpmEnvironment,
  type NpmGraph,
  type NpmNode,
  neededGroups,
  type OwnPackage,
  ownFiles,
  rootGroups,
  unverifiable,
} from './graph.ts'

/** The project whose lock it is: the file, and which of several projects (a folder below it). */
export interface NpmProject {
  readonly file: string
  /** "." is the folder of the lock file. */
  readonly folder: string
  readonly environment: NpmEnvironment
}

/**
 * pnpm-lock.yaml, lockfileVersion 6 and 9: what one project needs to run. What only development needs is left out. Throws
 * `bad-recipe`, `limit-exceeded`.
 */
export function readPnpmLock(text: string, project: NpmProject): NpmGraph {
  const { file } = project
  const lock = readLockYaml(lastDocument(text), file)
  const format = Number.parseFloat(textOf(lock['lockfileVersion']) ?? '')
  if (!(format >= 6 && format < 10))
    throw new TemperError(
      'bad-recipe',
      `${file}: expected a lock of version 6 or 9, found ${textOf(lock['lockfileVersion']) ?? 'none'}`,
      {
        hint: 'pnpm 8 and later bring it up to date: pnpm install --lockfile-only.',
      },
    )
  const { packages, snapshots } = lock
  const { roots, own } = projectsOf(lock, project, format)
  const ownFolders = new Map(own.map((each) => [each.name, each.folder]))
  return graphFrom({ roots, own }, (key) => {
    const snapshot = memberOf(format < 9 ? packages : snapshots, key)
    const about = memberOf(packages, format < 9 ? key : withoutPeers(key))
    if (!isObject(snapshot)) return undefined
    return readNode(key, { snapshot, about: isObject(about) ? about : {}, format, ownFolders }, project)
  })
}

/** A document that locks pnpm itself may stand before it. */
function lastDocument(text: string): string {
  return text.split(/^---[ \t]*\r?$/m).at(-1) ?? ''
}

function importerOf(lock: JsonObject, { file, folder }: NpmProject): JsonObject {
  const importers = lock['importers']
  const importer = importers === undefined && folder === '.' ? lock : memberOf(importers, folder)
  if (isObject(importer)) return importer
  const names = membersOf(importers).map(([name]) => name)
  throw new TemperError(
    'bad-recipe',
    `${file}: it has no project ${JSON.stringify(folder.slice(0, 200))}, found ${names.slice(0, 10).join(', ') || 'none'}`,
    { hint: 'Name one of them as "project" beside the lock file.' },
  )
}

/** What the project needs of registries, and of its workspace: those packages, and what they lead to in it. */
function projectsOf(
  lock: JsonObject,
  { file, folder, environment }: NpmProject,
  format: number,
): { readonly roots: readonly NpmEdge[]; readonly own: readonly OwnPackage[] } {
  const own = new Map<string, OwnPackage>()
  const queue: { readonly name: string; readonly folder: string }[] = []
  const read = (importer: JsonObject, from: string, groups: readonly ManifestGroup[]) =>
    edgesOf(importer, {
      format,
      where: file,
      groups,
      isOwn: (name, link) => {
        const to = posix.normalize(posix.join(from, link))
        if (!isObject(memberOf(lock['importers'], to))) return false
        queue.push({ name, folder: to })
        return true
      },
    })
  const roots = read(importerOf(lock, { file, folder, environment }), folder, rootGroups(environment))
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const before = own.get(next.name)
    if (before !== undefined && before.folder !== next.folder)
      throw new TemperError(
        'bad-recipe',
        `${file}: ${next.name} is ${before.folder} and ${next.folder} at once`,
        {
          hint: 'Each package of a workspace has one place in node_modules: make it in a build step.',
        },
      )
    if (before !== undefined) continue
    const importer = importerOf(lock, { file, folder: next.folder, environment })
    own.set(next.name, { name: next.name, folder: next.folder, needs: [] })
    const needs = read(importer, next.folder, neededGroups)
    own.set(next.name, { name: next.name, folder: next.folder, needs })
  }
  return { roots, own: [...own.values()] }
}

function readNode(
  key: string,
  {
    snapshot,
    about,
    format,
    ownFolders,
  }: {
    readonly snapshot: JsonObject
    readonly about: JsonObject
    readonly format: number
    readonly ownFolders: ReadonlyMap<string, string>
  },
  { file, environment }: NpmProject,
): NpmNode {
  const where = `${file}: ${key.slice(0, 200)}`
  const bare = withoutPeers(key.replace(/^\//, ''))
  const cut = bare.indexOf('@', 1)
  const name = textOf(about['name']) ?? bare.slice(0, Math.max(0, cut))
  const version = textOf(about['version']) ?? bare.slice(cut + 1)
  if (key.includes('(patch_hash='))
    throw new TemperError(
      'bad-recipe',
      `${where}: it is patched, and Temper does not apply patches of pnpm`,
      {
        hint: 'Make node_modules in a build step, or do without the patch.',
      },
    )
  const resolution = about['resolution']
  const hashes = integrityHashes(textOf(memberOf(resolution, 'integrity')) ?? '')
  checkIdentity({ name, version, where })
  const url = textOf(memberOf(resolution, 'tarball'))
  return {
    key,
    name,
    version,
    hashes,
    where,
    peers: [],
    noDigest: unverifiable,
    ...(url === undefined ? {} : { url }),
    // A peer of the workspace is seen from everywhere, as it lies in node_modules itself.
    needs: edgesOf(snapshot, {
      format,
      where,
      isOwn: (peer, link) => ownFolders.get(peer) === posix.normalize(link),
    }),
    fits: fitsMachine(about, environment),
    hasInstallScript: textOf(about['requiresBuild']) === 'true',
  }
}

/** What a project or a package needs to run, as keys of the lock. */
function edgesOf(
  from: JsonObject,
  about: {
    readonly format: number
    readonly where: string
    readonly groups?: readonly ManifestGroup[]
    /** Whether a name and the folder that it links to are of the workspace: no edge is made of these. */
    readonly isOwn: (name: string, link: string) => boolean
  },
): readonly NpmEdge[] {
  const { format, where, groups = neededGroups, isOwn } = about
  return groups.flatMap((group) =>
    membersOf(from[group]).flatMap(([name, value]): NpmEdge[] => {
      const version = textOf(value) ?? textOf(memberOf(value, 'version')) ?? ''
      if (!isPackageName(name))
        throw new TemperError(
          'bad-recipe',
          `${where}: ${JSON.stringify(name.slice(0, 214))} is not a package name`,
        )
      const link = /^link:(.*)$/s.exec(version)?.[1]
      if (link !== undefined && isOwn(name, link)) return []
      if (/^(?:link|file|workspace):/.test(version))
        throw new TemperError('bad-recipe', `${where}: ${name} is a folder (${version.slice(0, 200)})`, {
          hint: ownFiles,
        })
      return [{ name, key: keyOf(name, version, format), isOptional: group === 'optionalDependencies' }]
    }),
  )
}

/** "4.17.21", "lodash@4.17.21" (an alias); before version 9 with a slash: "/lodash@4.17.21". */
function keyOf(name: string, version: string, format: number): string {
  if (format < 9) return version.startsWith('/') ? version : `/${name}@${version}`
  return /^(?:@[^/@(]+\/)?[^/@:(]+@/.test(version) ? version : `${name}@${version}`
}

function withoutPeers(key: string): string {
  const parenthesis = key.indexOf('(')
  return parenthesis < 0 ? key : key.slice(0, parenthesis)
}
