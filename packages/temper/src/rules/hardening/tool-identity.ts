import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { type ToolKind, toolKind } from './tools.ts'

/** What tells tools from programs of the same name. */
export interface ToolWorld {
  readonly root: FileTree
  /** Every node of the tree. */
  readonly nodes: readonly TreeNode[]
  /** Folders of the image's PATH, without leading slash; what is in them counts as a program, as in bin. */
  readonly programFolders: ReadonlySet<string>
  readonly packageOf: (node: TreeNode) => string | undefined
}

/** Programs that are many in one: what the name of a link asks for is a small part of it. */
const multicall = /^(?:busybox|toybox|coreutils)(?:[.-].+)?$/

/** Parts of such programs that do all that matters of what they are called after: they install packages. */
const installers = new Set(['dpkg', 'dpkg-deb', 'rpm'])

/** Packages whose program of this name is the tool; that of any other package, or of none, is something else. */
const ownedNames: ReadonlyMap<string, RegExp> = new Map([
  // OpenRC has programs of these names, and so have the init scripts of Red Hat.
  ['service', /^init-system-helpers$/],
  ['invoke-rc.d', /^init-system-helpers$/],
  ['update-rc.d', /^init-system-helpers$/],
  ['start-stop-daemon', /^dpkg$/],
  ['rc', /^(?:rc|9base|plan9port)$/],
  ['es', /^es$/],
])

/** Tools that are machine code wherever they come from: a script of such a name is somebody's own. */
const machineCode = new Set(
  (
    'as ld gold ar ranlib nm objcopy strip readelf strings size addr2line dwp elfedit gprof make gmake opt llc lli lld ' +
    'mold rustc javac javap jshell jlink jmod jdeps flex bison m4 nasm yasm ninja cmake strace ltrace gdbserver perf rr ' +
    'busybox toybox dash ash zsh fish snap apk dnf5 cargo uv nu'
  ).split(' '),
)

/** Managers of JavaScript's packages: scripts that node runs. Hadoop has a program "yarn" of its own. */
const nodeScripts = new Set(['yarn', 'yarnpkg', 'pnpm', 'npx', 'npm', 'corepack'])

/** The nodes of a tree that are tools: their names say so, and nothing else that is known about them contradicts it. */
export function toolsOf(world: ToolWorld): ReadonlyMap<TreeNode, ToolKind> {
  const many = multicallPrograms(world)
  const tools = new Map<TreeNode, ToolKind>()
  for (const node of world.nodes) {
    if (node.type === 'directory') continue
    const kind = toolKind(node.path, world.programFolders)
    if (kind !== undefined && isTool(node, kind, { ...world, many })) tools.set(node, kind)
  }
  return tools
}

/** Hard links have any of their names first, so what counts is what a name leads to. */
function multicallPrograms({ nodes, root, programFolders }: ToolWorld): ReadonlySet<TreeNode> {
  const programs = new Set<TreeNode>()
  for (const { path, type } of nodes) {
    if (type === 'directory' || !multicall.test(nameOf(path))) continue
    const real = fileAt(root, path)
    if (toolKind(path, programFolders) === 'shell' || nameOf(path) === 'coreutils') {
      if (real !== undefined && real.type === 'file') programs.add(real)
    }
  }
  return programs
}

function isTool(
  node: TreeNode,
  kind: ToolKind,
  { root, packageOf, many }: ToolWorld & { readonly many: ReadonlySet<TreeNode> },
): boolean {
  const name = nameOf(node.path)
  const real = fileAt(root, node.path)
  if (real !== undefined && many.has(real)) return kind === 'shell' || installers.has(name)
  const owner = packageOf(node)
  const owners = ownedNames.get(name)
  if (owners !== undefined) return owner !== undefined && owners.test(owner)
  if (real === undefined || owner !== undefined) return true
  if (!isProgram(real)) return false
  if (nodeScripts.has(name)) return isNodeScript(real, root)
  return !(machineCode.has(name) && real.shebang !== undefined)
}

/** Something that can be started, or is linked to be. */
function isProgram({ mode, elf, shebang }: TreeNode): boolean {
  return (mode & 0o111) !== 0 || elf !== undefined || shebang !== undefined
}

/** Started by node, compiled into one file, or a shell script that starts the script beside it. */
function isNodeScript(real: TreeNode, root: FileTree): boolean {
  const { path, shebang, elf } = real
  if (elf !== undefined || /\.[cm]?js$/.test(path)) return true
  if (shebang?.some((word) => /(?:^|\/)node(?:js)?$/.test(word)) === true) return true
  return ['.js', '.cjs', '.mjs', '-cli.js'].some((end) => root.resolve(`${path}${end}`) !== undefined)
}

/** What links of both kinds lead to. */
function fileAt(root: FileTree, path: string): TreeNode | undefined {
  const node = root.resolve(path)
  return node?.type === 'hardlink' && node.target !== undefined ? (root.get(node.target) ?? node) : node
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
