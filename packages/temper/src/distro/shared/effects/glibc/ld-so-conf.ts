import type { EffectPackage } from '../../../../model/distro.ts'
import type { Architecture } from '../../../../model/platform.ts'
import type { CommandResult } from '../../scripts/world.ts'
import type { Effect, EffectContext } from '../effect.ts'
import type { Stage } from '../stage.ts'
import { configuredFolders } from './configuration.ts'
import { librariesOf, linkLibraries, removeStaleLinks } from './libraries.ts'
import { type CacheEntry, writeLoaderCache } from './loader-cache.ts'

const done: CommandResult = { status: 0, output: '' }
const machines = { amd64: 62, arm64: 183 } as const

/** Settings that a distribution built into its C library. */
export interface GlibcSettings {
  /** Folders that a loader searches without a cache, in its order, by architecture. */
  readonly folders: Readonly<Record<Architecture, readonly string[]>>
  /** What stands in /etc/ld.so.conf when the package that brings the file is not in the image. */
  readonly configuration: string
  /** The name that ldconfig of these packages writes for itself; undefined when it is not known. */
  generator(packages: readonly Pick<EffectPackage, 'package'>[]): string | undefined
}

/**
 * Effect: what the dynamic loader finds by name, which is links by soname, and a cache if it is needed: for libraries
 * in folders that the loader does not search itself, or for ldconfig, with which programs look up libraries.
 */
export const ldSoConf = (settings: GlibcSettings): Effect => ({
  id: 'ld-so-conf',
  title: 'Shared libraries by their soname',
  why: 'The loader looks libraries up by soname, and outside its own folders only through /etc/ld.so.cache; so do programs that run "ldconfig -p", as ctypes.util.find_library of Python does.',
  source: 'ldconfig(8); ld.so(8); Debian Policy 8.1',
  start(context) {
    return {
      owns: ['etc/ld.so.cache*', 'var/cache/ldconfig/**'],
      commands: { ldconfig: () => done },
      finish: () => updateLibraries(context, settings),
    }
  },
})

/** Names of folders with libraries for better machines, which the loader looks into first (ld.so(8), "glibc-hwcaps"). */
function hwcapsFolders(at: string, stage: Stage): readonly string[] {
  const below = `${at}/glibc-hwcaps`
  return stage.list(below).filter((name) => stage.get(`${below}/${name}`)?.type === 'directory')
}

function updateLibraries(context: EffectContext, settings: GlibcSettings): void {
  const { stage, options } = context
  const standard = settings.folders[options.architecture]
  const configured = configuredFolders(stage, settings.configuration)
  // Of several names of one folder the first counts, and is the one in the cache.
  const folders = new Map<string, string>()
  for (const folder of [...configured, ...standard]) {
    const at = stage.realPath(folder)
    if (at !== undefined && stage.get(at)?.type === 'directory' && !folders.has(at)) folders.set(at, folder)
  }
  const own = new Set(standard.map((folder) => stage.realPath(folder)))
  const entries: CacheEntry[] = []
  const hwcaps = new Set<string>()
  let [links, outside] = [0, 0]
  for (const [order, [at, folder]] of [...folders].entries()) {
    removeStaleLinks(at, stage)
    const libraries = librariesOf(at, machines[options.architecture], stage)
    links += linkLibraries(at, libraries, stage)
    if (!own.has(at)) outside += libraries.length
    entries.push(...libraries.map(({ soname: name }) => ({ name, path: `/${folder}/${name}`, order })))
    for (const name of hwcapsFolders(at, stage)) {
      hwcaps.add(name)
      const below = `glibc-hwcaps/${name}`
      removeStaleLinks(`${at}/${below}`, stage)
      // No links by soname are made there: the cache has the names of the files.
      const better = librariesOf(`${at}/${below}`, machines[options.architecture], stage)
      if (!own.has(at)) outside += better.length
      const path = `/${folder}/${below}`
      entries.push(
        ...better.map((library) => ({
          name: library.soname,
          path: `${path}/${library.name}`,
          order,
          hwcaps: name,
        })),
      )
    }
  }
  if (links > 0) context.note('ld-so-conf', `${links} soname links`)
  const asked = stage.resolve('usr/sbin/ldconfig') ?? stage.resolve('sbin/ldconfig')
  if (outside === 0 && asked === undefined) return
  const { architecture } = options
  const generator = settings.generator([...context.packages, ...(options.system?.packages ?? [])])
  const content = writeLoaderCache(entries, { architecture, generator, hwcaps: [...hwcaps] })
  stage.put({ path: 'etc/ld.so.cache', type: 'file', mode: 0o644, content })
  const where = outside === 0 ? '' : `, ${outside} outside the standard folders`
  context.note('ld-so-conf', `/etc/ld.so.cache: ${entries.length} libraries${where}`)
}
