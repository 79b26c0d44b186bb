import type { LoaderRules } from '../../model/loader.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { nameOf } from '../../model/tree/path.ts'
import { loadProgram } from './closure.ts'
import { createLibrarySearch, type LibrarySearch } from './library-search.ts'
import { type ElfNode, isElf, isLoadable, type ProofRecipe, pathFolders } from './subject.ts'

/** Libraries that nothing in the image loads, or why that cannot be told. */
export type Unloaded =
  | { readonly provable: true; readonly libraries: ReadonlySet<string> }
  | { readonly provable: false; readonly why: string }

/**
 * Paths of shared libraries that no program in the image loads. This can be proved only when every program in the
 * image is linked dynamically and neither it nor any library that it loads can open others at run time, as an
 * interpreter, a program with plug-ins and most users of OpenSSL can.
 */
export function findUnloaded(
  root: FileTree,
  options: { readonly loader: LoaderRules; readonly recipe: ProofRecipe },
): Unloaded {
  const { recipe, loader } = options
  const nodes = [...root.nodes()]
  const elfs = nodes.filter((node) => node.type === 'file').filter(isElf)
  const odd = elfs.find((node) => node.elf.damaged !== undefined || !isLoadable(node, loader))
  if (odd !== undefined) return cannotTell(`/${odd.path} cannot be judged`)
  const subject = {
    root,
    nodes,
    loader,
    recipe,
    path: pathFolders(recipe.environment),
    read: () => undefined,
    whoHas: () => undefined,
  }
  const search = createLibrarySearch(subject)
  const loaded = new Set<ElfNode>()
  for (const start of startsOf(elfs, { recipe, search, loader })) {
    loaded.add(start)
    for (const { object, name, resolved: library } of loadProgram(start, search)) {
      // The proof of closure settled it in a way that this walk does not know.
      if (library === undefined) return cannotTell(`it is not known what /${object.path} finds as ${name}`)
      loaded.add(library)
    }
  }
  for (const { path, elf } of loaded) {
    if (elf.kind === 'executable' && elf.interpreter === undefined)
      return cannotTell(`/${path} is linked statically`)
    if (elf.opensLibraries && !loader.cLibrary.test(nameOf(path)))
      return cannotTell(`/${path} can open any library at run time`)
  }
  const unloaded = elfs.filter((node) => node.elf.kind === 'shared' && !loaded.has(node))
  return { provable: true, libraries: new Set(unloaded.map(({ path }) => path)) }
}

/** Programs, and what is loaded although no program needs it. */
function startsOf(
  elfs: readonly ElfNode[],
  about: { readonly recipe: ProofRecipe; readonly search: LibrarySearch; readonly loader: LoaderRules },
): ElfNode[] {
  const { recipe, search, loader } = about
  const { environment } = recipe
  const preloaded = (environment['LD_PRELOAD'] ?? '').split(/[\s:]+/).flatMap((name) => {
    const library = name === '' ? undefined : search.findAnywhere(name)
    return library === undefined ? [] : [library]
  })
  const own = elfs.filter(
    ({ path, elf }) =>
      elf.kind === 'executable' || loader.implicit.test(nameOf(path)) || path.includes('/gconv/'),
  )
  // Some libraries are programs too: they have an interpreter, and permission to run.
  const both = elfs.filter(
    ({ elf, mode }) => elf.kind === 'shared' && elf.interpreter !== undefined && (mode & 0o111) !== 0,
  )
  return [...own, ...preloaded, ...both]
}

function cannotTell(why: string): Unloaded {
  return { provable: false, why }
}
