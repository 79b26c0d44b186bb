import type { TreeNode } from '../../model/tree/file-tree.ts'
import { parentOf } from '../../model/tree/path.ts'
import { parseLoaderCache } from './loader-cache.ts'
import { type ElfNode, isElf, isLoadable, type ProofSubject, resolveFile } from './subject.ts'

/** Path of the cache that ldconfig writes for the loader. */
export const loaderCachePath = 'etc/ld.so.cache'

/** Finds libraries in the tree as the dynamic loader would (ld.so(8)). Look-ups are remembered. */
export interface LibrarySearch {
  /**
   * The library that an object's need leads to, by the object's own search path. `inherited` are DT_RPATH
   * folders of the objects that loaded it, nearest first.
   */
  find(object: ElfNode, name: string, inherited?: readonly string[]): ElfNode | undefined
  /** The library that every program finds by this name, without a search path of its own. */
  findAnywhere(name: string): ElfNode | undefined
  /** DT_RPATH of an object, expanded; empty when it has DT_RUNPATH, which switches it off. */
  rpathOf(object: ElfNode): readonly string[]
}

export function createLibrarySearch(subject: ProofSubject): LibrarySearch {
  const { root, loader, recipe } = subject
  const folders = new Map<string, Map<string, ElfNode | undefined>>()
  const realFolders = new Map<string, string | undefined>()

  const realFolder = (folder: string): string | undefined => {
    if (!realFolders.has(folder)) {
      const node = root.resolve(folder)
      realFolders.set(folder, node?.type === 'directory' ? node.path : undefined)
    }
    return realFolders.get(folder)
  }
  const load = (node: TreeNode | undefined) => (isElf(node) && isLoadable(node, loader) ? node : undefined)
  const lookUp = (folder: string, name: string): ElfNode | undefined => {
    const real = realFolder(folder)
    if (real === undefined) return undefined
    const names = folders.get(real) ?? new Map<string, ElfNode | undefined>()
    folders.set(real, names)
    if (!names.has(name)) {
      const path = `${real}/${name}`
      const node = root.get(path)
      names.set(name, node && load(node.type === 'file' ? node : resolveFile(root, path)))
    }
    return names.get(name)
  }

  const environment = (recipe.environment['LD_LIBRARY_PATH'] ?? '').split(/[:;]/)
  const before = environment.filter((folder) => folder.startsWith('/'))
  const last = listedFolders(subject) ?? loader.defaultFolders
  const cache = readCache(subject)

  const inFolders = (list: readonly string[], name: string): ElfNode | undefined => {
    for (const folder of list) {
      const library = lookUp(folder, name)
      if (library) return library
    }
    return undefined
  }
  const expand = (object: ElfNode, list: readonly string[]) =>
    list.length === 0
      ? list
      : list.map((folder) => expandFolder(folder, object, loader)).filter((folder) => folder.startsWith('/'))
  const inherits = loader.inheritsRunpath === true
  const rpathOf = (object: ElfNode) => {
    if (inherits) return expand(object, [...object.elf.rpath, ...object.elf.runpath])
    return object.elf.runpath.length > 0 ? [] : expand(object, object.elf.rpath)
  }

  const everywhere = (name: string) =>
    load(firstFile(cache.get(name), subject)) ??
    inFolders(last, name) ??
    (loader.loader.endsWith(`/${name}`) || loader.ownNames?.test(name)
      ? load(resolveFile(root, loader.loader))
      : undefined)

  return {
    rpathOf,
    findAnywhere(name) {
      if (!name.includes('/')) return inFolders(before, name) ?? everywhere(name)
      return load(resolveFile(root, name.replace(/\$LIB\b|\$\{LIB\}/g, loader.libraryToken)))
    },
    find(object, name, inherited = []) {
      if (name.includes('/')) return load(resolveFile(root, expandFolder(name, object, loader)))
      const ownRunpath = !inherits && object.elf.runpath.length > 0
      return (
        inFolders(rpathOf(object), name) ??
        (ownRunpath ? undefined : inFolders(inherited, name)) ??
        inFolders(before, name) ??
        inFolders(expand(object, object.elf.runpath), name) ??
        everywhere(name)
      )
    },
  }
}

/** Dynamic string tokens (ld.so(8)), with and without braces. */
function expandFolder(folder: string, object: ElfNode, loader: ProofSubject['loader']): string {
  if (!folder.includes('$')) return folder
  return folder.replace(/\$(ORIGIN|LIB|PLATFORM)\b|\$\{(ORIGIN|LIB|PLATFORM)\}/g, (_, bare, braced) => {
    const token = bare ?? braced
    if (token === 'ORIGIN') return `/${parentOf(object.path)}`
    return token === 'LIB' ? loader.libraryToken : loader.platform
  })
}

/** The folders that a file of the image lists in place of those that are built in; undefined without such a file. */
function listedFolders({ root, loader, read }: ProofSubject): readonly string[] | undefined {
  const node = loader.pathFile === undefined ? undefined : root.resolve(loader.pathFile)
  const text = node && read(node)
  return text?.split(/[\n:]/).filter((folder) => folder.startsWith('/'))
}

/** The loader reads only the cache; /etc/ld.so.conf is for ldconfig, which makes it. */
function readCache(subject: ProofSubject): ReadonlyMap<string, readonly string[]> {
  const node = subject.loader.readsCache ? subject.root.resolve(loaderCachePath) : undefined
  return node?.content === undefined ? new Map() : parseLoaderCache(node.content)
}

function firstFile(paths: readonly string[] | undefined, { root }: ProofSubject): TreeNode | undefined {
  for (const path of paths ?? []) {
    const file = resolveFile(root, path)
    if (file) return file
  }
  return undefined
}
