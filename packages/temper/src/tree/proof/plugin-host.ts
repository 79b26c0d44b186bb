import type { LoaderRules } from '../../model/loader.ts'
import { nameOf, parentOf } from '../../model/tree/path.ts'
import type { ElfNode } from './subject.ts'

/** Finds libraries that the host of a plug-in has loaded before it. */
export interface PluginHosts {
  /** A library of the same application with this name; undefined when there is none. */
  find(plugin: ElfNode, name: string): ElfNode | undefined
}

/**
 * A plug-in may need libraries that are nowhere on its own search path, since the program that loads it has them
 * loaded already: Java's libawt.so needs libjvm.so, which the java program loads from lib/server. No file says so. A
 * library of the same application counts as such: one below a folder that both share and that is not one of the
 * folders common to all applications. What Java loads from a folder "jni" finds the libraries of the Java runtime in
 * the same way. A program outside all folders of PATH, which is not started directly, finds the libraries beside it,
 * since the script that starts it says where to look (LD_LIBRARY_PATH).
 */
export function createPluginHosts(
  objects: readonly ElfNode[],
  {
    loader,
    started,
  }: { readonly loader: LoaderRules /** Without leading slashes. */; readonly started: ReadonlySet<string> },
): PluginHosts {
  const byName = new Map<string, ElfNode[]>()
  for (const object of objects) {
    if (object.elf.kind !== 'shared') continue
    for (const name of new Set([nameOf(object.path), object.elf.soname ?? ''])) {
      const known = byName.get(name)
      if (known) known.push(object)
      else byName.set(name, [object])
    }
  }
  const common = new Set([...commonFolders, ...loader.defaultFolders])
  return {
    find: (plugin, name) => {
      const folder = parentOf(plugin.path)
      if (plugin.elf.kind !== 'shared') {
        if (isProgramFolder(folder) || common.has(folder) || started.has(plugin.path)) return undefined
        return byName.get(name)?.find((library) => parentOf(library.path) === folder)
      }
      return byName.get(name)?.find((library) => {
        if (/(?:^|\/)jni$/.test(folder) && /^usr\/lib\/jvm\/[^/]+\/lib\//.test(library.path)) return true
        const shared = sharedFolder(folder, parentOf(library.path))
        return shared !== '' && !common.has(shared)
      })
    },
  }
}

function isProgramFolder(folder: string): boolean {
  return /(?:^|\/)(?:s?bin|games)$/.test(folder)
}

/** Folders in which the files of different applications stand side by side. */
const commonFolders = [
  'usr',
  'usr/bin',
  'usr/sbin',
  'usr/libexec',
  'usr/share',
  'usr/lib/jvm',
  'usr/lib/python3',
  'usr/lib/python3/dist-packages',
  'usr/local',
  'usr/local/lib',
  'opt',
  'var',
  'var/lib',
  'srv',
  'home',
]

/** The deepest folder that holds both. */
function sharedFolder(a: string, b: string): string {
  const left = a.split('/')
  const right = b.split('/')
  let depth = 0
  while (depth < left.length && left[depth] === right[depth]) depth++
  return left.slice(0, depth).join('/')
}
