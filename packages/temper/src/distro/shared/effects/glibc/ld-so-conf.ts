import type { ElfFacts } from '../../../../model/package/package-content.ts'
import type { Architecture } from '../../../../model/platform.ts'
import type { RootNode } from '../../../../model/root.ts'
import type { CommandResult } from '../../scripts/world.ts'
import type { Effect, EffectContext } from '../effect.ts'
import { type CacheEntry, compareLibraryNames, writeLoaderCache } from './loader-cache.ts'

const done: CommandResult = { status: 0, output: '' }
const machines = { amd64: 62, arm64: 183 } as const
const maximumFiles = 1000

/** Folders that a loader searches without a cache, in its order, by architecture. */
export type LoaderFolders = Readonly<Record<Architecture, readonly string[]>>

/** What the dynamic loader finds by name: links by soname, and a cache for folders it does not search itself. */
export const ldSoConf = (folders: LoaderFolders): Effect => ({
  id: 'ld-so-conf',
  title: 'Shared libraries by their soname',
  why: 'The loader looks libraries up by soname, and outside its own folders only through /etc/ld.so.cache.',
  source: 'ldconfig(8); ld.so(8); Debian Policy 8.1',
  start(context) {
    return {
      owns: ['etc/ld.so.cache*', 'var/cache/ldconfig/**'],
      commands: { ldconfig: () => done },
      finish: () => updateLibraries(context, folders[context.options.architecture]),
    }
  },
})

interface Library {
  readonly folder: string
  readonly name: string
  readonly elf: ElfFacts
  readonly node: RootNode
}

function updateLibraries(context: EffectContext, standard: readonly string[]): void {
  const { stage, options } = context
  const configured = configuredFolders(context).filter(
    (folder) => stage.resolve(folder)?.type === 'directory',
  )
  const real = new Map<string, string>()
  for (const folder of [...configured, ...standard]) {
    const at = stage.realPath(folder)
    if (at !== undefined && !real.has(at)) real.set(at, folder)
  }
  const machine = machines[options.architecture]
  const libraries = [...real.keys()].flatMap((folder) => librariesOf(folder, machine, context))
  const links = makeSonameLinks(libraries, context)
  if (links > 0) context.note('ld-so-conf', `${links} soname links`)
  const own = new Set(standard.map((folder) => stage.realPath(folder)))
  const outside = libraries.filter(({ folder }) => !own.has(folder))
  if (outside.length === 0) return
  const entries: CacheEntry[] = []
  const rank = [...real.keys()]
  for (const library of libraries) {
    const folder = real.get(library.folder) ?? library.folder
    for (const name of new Set([library.elf.soname ?? library.name]))
      entries.push({ name, path: `/${folder}/${name}`, order: rank.indexOf(library.folder) })
  }
  const content = writeLoaderCache(entries, { architecture: options.architecture })
  stage.put({ path: 'etc/ld.so.cache', type: 'file', mode: 0o644, content })
  context.note(
    'ld-so-conf',
    `/etc/ld.so.cache: ${entries.length} libraries, ${outside.length} outside the standard folders`,
  )
}

/** Folders of ld.so.conf, `include` lines followed. */
function configuredFolders({ stage }: EffectContext): readonly string[] {
  const folders: string[] = []
  const seen = new Set<string>()
  const queue = ['etc/ld.so.conf']
  while (queue.length > 0 && seen.size < maximumFiles) {
    const file = queue.shift() as string
    if (seen.has(file)) continue
    seen.add(file)
    for (const raw of (stage.text(file) ?? '').split('\n')) {
      const line = raw.replace(/#.*/, '').trim()
      const pattern = /^include\s+(\S+)$/.exec(line)?.[1]
      if (pattern !== undefined) queue.push(...expandInclude(pattern, stage))
      else
        for (const folder of line.split(/[\s,:]+/))
          if (folder.startsWith('/')) folders.push(folder.slice(1).replace(/\/+$/, ''))
    }
  }
  return folders
}

/** `DIR/*.conf`, the only form in use; relative to /etc. */
function expandInclude(pattern: string, stage: EffectContext['stage']): readonly string[] {
  const path = (pattern.startsWith('/') ? pattern : `/etc/${pattern}`).slice(1)
  const match = /^(.*)\/\*([^/*]*)$/.exec(path)
  if (!match) return [path]
  const [, folder = '', suffix = ''] = match
  return stage
    .list(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => `${folder}/${name}`)
}

/** Files that ldconfig looks at: named lib*.so* or ld-*.so*, shared objects of the right machine. */
function librariesOf(folder: string, machine: number, { stage }: EffectContext): readonly Library[] {
  return stage.list(folder).flatMap((name) => {
    if (!/^(?:lib|ld-).*\.so(?:\.|$)/.test(name) || /\.(?:py|debug)$/.test(name)) return []
    const node = stage.resolve(`${folder}/${name}`)
    const elf = node?.elf
    if (!node || !elf || elf.kind !== 'shared' || elf.machine !== machine || elf.damaged !== undefined)
      return []
    return [{ folder, name, elf, node }]
  })
}

/** A link by soname where no file has that name; the newest file wins. */
function makeSonameLinks(libraries: readonly Library[], { stage }: EffectContext): number {
  const wanted = new Map<string, Library>()
  for (const library of libraries) {
    const { soname } = library.elf
    if (soname === undefined || soname.includes('/') || soname === library.name) continue
    if (stage.get(`${library.folder}/${library.name}`)?.type === 'symlink') continue
    const path = `${library.folder}/${soname}`
    if (stage.get(path)) continue
    const other = wanted.get(path)
    if (!other || compareLibraryNames(library.name, other.name) > 0) wanted.set(path, library)
  }
  for (const [path, { name }] of wanted) stage.put({ path, type: 'symlink', mode: 0o777, target: name })
  return wanted.size
}
