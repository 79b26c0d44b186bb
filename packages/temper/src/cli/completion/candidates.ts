import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { tryJson } from '../../base/json/parse.ts'
import { memberOf, membersOf } from '../../base/json/value.ts'
import type { Context } from '../../flows/context.ts'
import { tagNames } from '../../flows/image/tag-names.ts'
import { severities } from '../../model/advisory/advisory.ts'
import { isHostless, parseReference } from '../../oci/reference.ts'
import { catalogNames } from '../catalog.ts'
import { credentialFiles } from '../credentials.ts'
import type { Host } from '../host.ts'
import type { Asked } from './grammar.ts'

interface World {
  readonly host: Host
  readonly context: Context
}

/** Most words that are offered, and milliseconds that a registry may take: somebody waits for them. */
const most = 200
const patience = 3000

/** What fits at a place, given what is there already; nothing where asking fails. */
export async function candidates(kind: Asked, word: string, world: World): Promise<readonly string[]> {
  const words = await offers[kind](word, world).catch(() => [])
  return words.filter((each) => each.startsWith(word) && /^[\x21-\x7e]+$/.test(each)).slice(0, most)
}

const offers: Readonly<Record<Asked, (word: string, world: World) => Promise<readonly string[]>>> = {
  recipe: async (_word, { context }) => await catalogNames(context.catalogDir),
  image: images,
  registry: async (_word, { host }) => await registries(host),
  severity: async () => severities,
  type: async () => ['signature', 'spdx', 'cyclonedx', 'provenance', 'openvex', 'vulns'],
  rules: async (word) => {
    // Conditions are joined by "+", rules by ",": what stands before the last one stays.
    const before = word.slice(0, Math.max(word.lastIndexOf(','), word.lastIndexOf('+')) + 1)
    const given = new Set(before.split(/[,+]/))
    return ruleWords.filter((each) => !given.has(each)).map((each) => `${before}${each}`)
  },
}

const ruleWords = [
  ...['critical', 'high', 'medium', 'low', 'any', 'kev', 'fixable', 'urgent', 'secret', 'eol'],
  ...['stale-feeds', 'incomplete', 'epss>0.1', 'score>9'],
]

/** Layouts below this folder, tags of a repository that is written out, registries with a login. */
async function images(word: string, { host, context }: World): Promise<readonly string[]> {
  const name = /^(?:docker:\/\/)?(.+\/.+|[^:/]+):[^/:]*$/.exec(word)?.[1]
  const local = /^(?:oci|dir|sbom|lock|oci-archive|docker-archive|docker|podman|containerd)(?::|$)/.test(word)
  if (name !== undefined && !local) return (await tagsOf(name, context)).map((tag) => `${name}:${tag}`)
  if (word.startsWith('oci:')) return (await layouts(host, word.slice(4))).map((path) => `oci:${path}`)
  const paths = await layouts(host, word)
  const hosts = word.includes('/') ? [] : (await registries(host)).map((registry) => `${registry}/`)
  return [...paths.map((path) => `oci:${path}`), ...paths, ...hosts]
}

async function tagsOf(name: string, context: Context): Promise<readonly string[]> {
  const reference = parseReference(isHostless(name) ? `docker://${name}` : name)
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patience)])
  return await tagNames(reference, { limit: most }, { ...context, signal })
}

/** Folders that hold a layout, in the folder of `path` and in those of it. */
async function layouts({ workingDir }: Host, path: string): Promise<readonly string[]> {
  const folder =
    path === '' || path.endsWith('/') ? path.replace(/\/+$/, '') : dirname(path).replace(/^\.$/, '')
  const places: string[] = []
  for (const first of await folders(resolve(workingDir, folder))) {
    const place = folder === '' ? first : `${folder}/${first}`
    if (await isLayout(resolve(workingDir, place))) places.push(place)
    else
      for (const second of await folders(resolve(workingDir, place)))
        if (await isLayout(resolve(workingDir, place, second))) places.push(`${place}/${second}`)
  }
  return places
}

async function folders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
    .sort()
    .slice(0, most)
}

async function isLayout(path: string): Promise<boolean> {
  return (await stat(join(path, 'oci-layout')).catch(() => undefined))?.isFile() === true
}

/** Registries that this user has logged in to. */
async function registries({ env }: Host): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const file of credentialFiles(env)) {
    const value = tryJson(await readFile(file).catch(() => undefined))
    for (const group of ['auths', 'credHelpers'])
      for (const [name] of membersOf(memberOf(value, group)))
        names.add(
          name
            .replace(/^https?:\/\//, '')
            .replace(/\/.*$/, '')
            .replace(/^index\.docker\.io$/, 'docker.io'),
        )
  }
  return [...names].sort()
}
