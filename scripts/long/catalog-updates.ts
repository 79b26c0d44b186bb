import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { silentProgress } from '../../packages/temper/src/base/progress.ts'
import { createContext } from '../../packages/temper/src/cli/context.ts'
import { processHost } from '../../packages/temper/src/cli/host.ts'
import { openDistro } from '../../packages/temper/src/distro/open.ts'
import type { CatalogEntry } from '../../packages/temper/src/flows/catalog/list.ts'
import { openSource } from '../../packages/temper/src/flows/lock/package-source.ts'
import { loadTarget } from '../../packages/temper/src/flows/lock/recipe-target.ts'
import type { HistoryEntry, ImageConfig, Manifest } from '../../packages/temper/src/model/image.ts'
import type { Lock } from '../../packages/temper/src/model/lock.ts'
import { named } from './named.ts'

const run = promisify(execFile)
const temper = fileURLToPath(new URL('../../temper', import.meta.url))
const maxBuffer = 64 << 20

/** Part of an image's bytes that one changed library may cost whoever has the image of before. */
const most = 0.1

/** Where the library alone is more than that: how much of its archive in Debian, which is compressed more tightly. */
const mostOfLibrary = 1.5

/**
 * What is pulled of each image of the catalogue (or of those named) when its largest library that can change does: two locks that differ in the version
 * of a library, both real, since a release of Debian and its security suite have different versions of some. The image is built from
 * both, and layers of the second that the first does not have are what is pulled. Images whose libraries have one version each are
 * told as that. False when an image costs more than a tenth, and more than the library itself does.
 */
export async function measureUpdates(names: readonly string[]): Promise<boolean> {
  // All recipes are of one release.
  const versions = await openVersions('static')
  const folder = await mkdtemp(join(tmpdir(), 'temper-updates-'))
  let within = true
  try {
    const all: readonly CatalogEntry[] = JSON.parse(await call(['catalog', '--json'], folder))
    for (const { name } of named(all, names, (entry) => entry.name)) {
      const told = await measure(name, { folder, versions })
      if (!told.within) within = false
      console.log(`${name}: ${told.text}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return within
}

interface Archive {
  readonly folder: string
  /** Every version of a package in any suite of the release. */
  versions(name: string): readonly string[]
}

async function measure(
  name: string,
  { folder, versions }: Archive,
): Promise<{ within: boolean; text: string }> {
  const lockFile = join(folder, `${name}.lock.json`)
  await call(['lock', name, '--no-prepare', '-o', lockFile, '--quiet'], folder)
  const { platforms }: Lock = JSON.parse(await readFile(lockFile, 'utf8'))
  const packages = platforms[0]?.packages ?? []
  const [changed] = packages
    .filter((each) => each.name.startsWith('lib') && versions(each.name).length > 1)
    .sort((a, b) => b.installedSize - a.installedSize)
  if (changed === undefined) return { within: true, text: 'no library of it has two versions in the archive' }
  const other = versions(changed.name).find((version) => version !== changed.version) ?? ''
  const before = await build(name, `${changed.name}=${other}`, folder)
  const after = await build(name, `${changed.name}=${changed.version}`, folder)
  const total = sizeOf(after)
  const fresh = [...after].filter(([digest]) => !before.has(digest)).map(([, layer]) => layer)
  const pulled = fresh.reduce((sum, { size }) => sum + size, 0)
  // A layer with the library in it, and others of its source at most, is what no plan of layers could save.
  const source = packages.filter((each) => each.source.name === changed.source.name).map((each) => each.name)
  const own = fresh.filter(
    ({ names }) => names.includes(changed.name) && names.every((each) => source.includes(each)),
  )
  const least = own.reduce((sum, { size }) => sum + size, 0)
  const share = pulled / total
  const percent = `${(share * 100).toFixed(1)} %`
  return {
    within: share <= most || pulled <= changed.size * mostOfLibrary,
    text: `${percent}, ${pulled} of ${total} bytes, ${least} of them ${changed.name} itself (${other} → ${changed.version}, whose archive has ${changed.size})`,
  }
}

/** A layer of an image: its bytes, and the packages in it by their names. */
interface UpdateLayer {
  readonly size: number
  readonly names: readonly string[]
}

function sizeOf(layers: ReadonlyMap<string, UpdateLayer>): number {
  return [...layers.values()].reduce((sum, { size }) => sum + size, 0)
}

/** The image's layers, by their digests. */
async function build(
  name: string,
  pinned: string,
  folder: string,
): Promise<ReadonlyMap<string, UpdateLayer>> {
  const recipe = join(folder, 'recipe.yaml')
  await writeFile(recipe, `name: ${name}\nextends: ${name}\ncontents: { packages: ["${pinned}"] }\n`)
  const layout = join(folder, 'layout')
  await rm(join(folder, 'recipe.lock.json'), { force: true })
  const result = JSON.parse(await call(['build', recipe, '-o', layout, '--json'], folder))
  const read = async <T>(digest: string): Promise<T> =>
    JSON.parse(await readFile(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'))
  const manifest = await read<Manifest>(result.platforms[0].digest)
  const { history = [] } = await read<ImageConfig>(manifest.config.digest)
  await rm(layout, { recursive: true })
  return new Map(manifest.layers.map(({ digest, size }, i) => [digest, { size, names: namesIn(history[i]) }]))
}

/** "temper: libc6 2.41-12, libgcc-s1 14.2.0-19". */
function namesIn(entry: HistoryEntry | undefined): readonly string[] {
  const [, list = ''] = /^temper: (.*)$/.exec(entry?.created_by ?? '') ?? []
  return list.split(', ').map((each) => each.split(' ', 1)[0] ?? '')
}

/** Every version that the suites of a recipe's distribution have of a package. */
async function openVersions(name: string): Promise<(packageName: string) => readonly string[]> {
  const context = await createContext(processHost(), {}, silentProgress)
  const target = await loadTarget({ target: name }, context)
  const distro = await openDistro(target.recipe.distribution, context)
  const index = await (await openSource(target, { context, distro })).index('amd64')
  return (each) => [...new Set(index.versions(each).map(({ version }) => version))]
}

async function call(args: readonly string[], cwd: string): Promise<string> {
  return (await run(temper, [...args], { cwd, maxBuffer })).stdout
}
