import { glob } from '../../base/glob.ts'
import { interpreterAlternatives, moduleHost } from '../../formats/interpreter.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { nameOf, parentOf } from '../../model/tree/path.ts'
import { loadProgram } from '../proof/closure.ts'
import { createLibrarySearch, type LibrarySearch } from '../proof/library-search.ts'
import {
  type ElfNode,
  findProgram,
  isElf,
  isLoadable,
  type ProofRecipe,
  type ProofSubject,
  pathFolders,
  resolveFile,
} from '../proof/subject.ts'

export interface MinimalOptions {
  readonly recipe: ProofRecipe
  readonly loader: LoaderRules
  /** Globs of paths that stay, with leading slash. */
  readonly keep: readonly string[]
  /** Packages that the recipe names, whose programs are wanted. */
  readonly asked: ReadonlySet<string>
  /**
   * Names of libraries in the bytes of a file that opens libraries; undefined when nobody looked, so that it may open
   * any.
   */
  readonly opens: (node: TreeNode) => readonly string[] | undefined
}

const programFolder = /^(?:usr\/(?:local\/)?)?(?:s?bin|games)\/[^/]+$/

/** What is for people and for those who set a machine up stays, whoever came with it. */
const lasting = /^(?:etc|var|run|tmp|home|root)\/|^usr\/share\/(?:doc|zoneinfo|ca-certificates)\//

/** Archives of classes for heaps that nobody gives a container (java(1), -XX:SharedArchiveFile): the default one is another. */
const spareArchive = /^usr\/lib\/jvm\/[^/]+\/lib\/server\/classes_(?:nocoops|coh|nocoops_coh)\.jsa$/

/**
 * The files of packages that nothing the image starts can reach. Reached are what the recipe starts or brings, the
 * programs of packages that it names, and from there: interpreters, libraries that are linked, libraries whose names
 * appear in a program that opens libraries, and plug-ins of packages of which anything is reached. A package without
 * code is data, and stays.
 */
export function unreachedIn(root: FileTree, options: MinimalOptions): (node: TreeNode) => boolean {
  const reach = new Reach(root, options)
  const kept = options.keep.map(glob)
  const { live, packages } = reach.run((path) => kept.some((fits) => fits(path)))
  const { loader } = options
  const libraries = new Set(loader.defaultFolders.flatMap((folder) => root.resolve(folder)?.path ?? []))
  return (node) => {
    const { origin, path, type } = node
    if (origin?.kind !== 'package' || type !== 'file' || kept.some((fits) => fits(`/${path}`))) return false
    if (spareArchive.test(path)) return true
    if (live.has(path)) return false
    const isDead = packages.get(origin.package) === 'dead'
    if (isProgram(node) && programFolder.test(path)) return !options.asked.has(origin.package)
    if (isElf(node) && node.elf.kind === 'shared' && libraries.has(parentOf(path)))
      return isLoadable(node, loader) && !reach.opensAny && !options.asked.has(origin.package)
    return isDead && !lasting.test(path)
  }
}

/** Code: what a kernel, a loader or an interpreter runs. */
function isProgram({ elf, shebang, mode, type }: TreeNode): boolean {
  return type === 'file' && (elf !== undefined || (shebang !== undefined && (mode & 0o111) !== 0))
}

class Reach {
  readonly #options: MinimalOptions
  readonly #subject: ProofSubject
  readonly #search: LibrarySearch
  readonly #live = new Set<string>()
  readonly #queue: TreeNode[] = []
  /** Something that is reached opens libraries, and it is not known which. */
  opensAny = false

  constructor(root: FileTree, options: MinimalOptions) {
    this.#options = options
    const { recipe, loader } = options
    this.#subject = {
      root,
      nodes: [...root.nodes()],
      loader,
      recipe,
      path: pathFolders(recipe.environment),
      read: ({ content }) => (content === undefined ? undefined : Buffer.from(content).toString('utf8')),
      whoHas: () => undefined,
    }
    this.#search = createLibrarySearch(this.#subject)
  }

  run(isKept: (path: string) => boolean): {
    readonly live: ReadonlySet<string>
    readonly packages: ReadonlyMap<string, 'live' | 'dead'>
  } {
    const { recipe, asked, loader } = this.#options
    const commands = [
      ...[recipe.entrypoint, recipe.cmd],
      ...recipe.tests.flatMap(({ command, exec }) => [command ?? [], ...exec.map((each) => each.command)]),
    ]
    for (const [program] of commands) if (program !== undefined) this.#start(program)
    for (const name of (recipe.environment['LD_PRELOAD'] ?? '').split(/[\s:]+/)) this.#open(name)
    for (const node of this.#subject.nodes) {
      const { origin, path } = node
      const wanted =
        origin?.kind === 'package' && asked.has(origin.package) && programFolder.test(path) && isProgram(node)
      const own = origin?.kind !== 'package' && node.type === 'file'
      // What the C library loads by itself, whatever runs: for threads that end, for names of accounts and hosts.
      const implicit = isElf(node) && loader.implicit.test(nameOf(path))
      if (wanted || own || implicit || isKept(`/${path}`)) this.#add(node)
    }
    let packages = new Map<string, 'live' | 'dead'>()
    // What belongs to a package of which something is reached may be reached from there, and so on.
    for (let before = -1; before !== this.#live.size; ) {
      before = this.#live.size
      this.#follow()
      packages = this.#packages()
      for (const node of this.#subject.nodes)
        if (node.origin?.kind === 'package' && packages.get(node.origin.package) === 'live')
          this.#addInner(node)
    }
    return { live: this.#live, packages }
  }

  /** Plug-ins, helpers and modules: all code of a package except its programs and plain libraries. */
  #addInner(node: TreeNode): void {
    const { loader, root } = this.#subject
    if (!isProgram(node) || programFolder.test(node.path)) return
    const isPlain =
      isElf(node) &&
      node.elf.kind === 'shared' &&
      loader.defaultFolders.some((folder) => root.resolve(folder)?.path === parentOf(node.path))
    if (!isPlain) this.#add(node)
  }

  /** A package is dead when it has code, and none of it is reached. */
  #packages(): Map<string, 'live' | 'dead'> {
    const states = new Map<string, 'live' | 'dead'>()
    const inner = new Set<string>()
    const plain = new Set<string>()
    for (const node of this.#subject.nodes) {
      if (node.origin?.kind !== 'package' || !isProgram(node)) continue
      const name = node.origin.package
      if (this.#live.has(node.path)) states.set(name, 'live')
      else if (!states.has(name)) states.set(name, 'dead')
      const { loader } = this.#options
      const isTop =
        programFolder.test(node.path) ||
        (isElf(node) && loader.defaultFolders.some((folder) => folder === parentOf(node.path)))
      ;(isTop ? plain : inner).add(name)
    }
    // A package that has plug-ins alone is there for whoever loads them.
    for (const name of inner) if (!plain.has(name)) states.set(name, 'live')
    for (const name of this.#options.asked) states.set(name, 'live')
    return states
  }

  #start(program: string): void {
    const node = findProgram(this.#subject, program, this.#options.recipe.workDir)
    if (node !== undefined) this.#add(node)
  }

  #add(node: TreeNode | undefined): void {
    if (node === undefined || this.#live.has(node.path)) return
    this.#live.add(node.path)
    this.#queue.push(node)
  }

  #follow(): void {
    for (let node = this.#queue.pop(); node !== undefined; node = this.#queue.pop()) {
      if (isElf(node)) this.#load(node)
      else this.#interpret(node)
    }
  }

  #load(node: ElfNode): void {
    if (node.elf.interpreter !== undefined) this.#add(resolveFile(this.#subject.root, node.elf.interpreter))
    for (const { object, resolved: library } of loadProgram(node, this.#search)) {
      this.#openedBy(object)
      this.#add(library)
    }
    this.#openedBy(node)
  }

  #openedBy(node: ElfNode): void {
    const { loader, opens } = this.#options
    if (!node.elf.opensLibraries || loader.cLibrary.test(nameOf(node.path))) return
    const names = opens(node)
    if (names === undefined) this.opensAny = true
    else for (const name of names) this.#open(name)
  }

  #open(name: string): void {
    if (name !== '') this.#add(this.#search.findAnywhere(nameOf(name)))
  }

  /** A script needs its interpreter; one that the recipe brings names what it starts. */
  #interpret(node: TreeNode): void {
    const [interpreter] = node.shebang ?? []
    if (interpreter !== undefined) {
      this.#start(interpreter)
      for (const path of interpreterAlternatives({ ...node, mode: 0o755 }, this.#subject.path) ?? [])
        this.#start(path)
    }
    const host = moduleHost(node.path)
    if (host !== undefined) this.#start(host)
    if (node.origin?.kind !== 'recipe') return
    const text = this.#subject.read(node)
    if (text === undefined || text.length > 1 << 20) return
    for (const word of new Set(text.split(/[^\w./+-]+/)))
      if (/^[\w./+-]{2,200}$/.test(word)) this.#start(word)
  }
}
