import type { Image } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { readImageTree } from '../../tree/image.ts'
import type { Context } from '../context.ts'
import { openImage } from './source.ts'

/** What users of an image, and images based on it, rely on: another version must not take any of this away. */
export interface ImageInterface {
  /** "linux/amd64". */
  readonly platform: string
  /** As the configuration names it; empty: root. */
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly workdir: string
  readonly stopSignal: string
  readonly environment: Readonly<Record<string, string>>
  /** "8080/tcp", sorted. */
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  /** Names that can be run without a path, sorted. */
  readonly commands: readonly string[]
  /** Names that programs ask for libraries by, sorted. */
  readonly sonames: readonly string[]
  /** Absolute paths that the user may write to, sorted, without what is below writable folders. "/" for root. */
  readonly writable: readonly string[]
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Reads what an image offers from its configuration and files. Errors: those of reading images. */
export async function interfaceOf(
  request: { readonly reference: Reference; readonly platform?: ImagePlatform },
  context: Context,
): Promise<ImageInterface> {
  const { store, root } = await openImage(request.reference, context)
  try {
    const chosen = request.platform === undefined ? {} : { platform: request.platform }
    const image = await readImage(store, root, chosen)
    const keep = (path: string) => path === 'etc/passwd' || path === 'etc/group'
    const tree = await readImageTree(image, { keep, signal: context.signal })
    return describe(image, tree)
  } finally {
    await store.close()
  }
}

function describe({ config }: Pick<Image, 'config'>, tree: FileTree): ImageInterface {
  const settings = config.config ?? {}
  const environment = Object.fromEntries(
    (settings.Env ?? []).map((line) => {
      const equals = line.indexOf('=')
      return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)]
    }),
  )
  const user = settings.User ?? ''
  return {
    platform: formatPlatform(config),
    user,
    entrypoint: settings.Entrypoint ?? [],
    cmd: settings.Cmd ?? [],
    workdir: settings.WorkingDir ?? '',
    stopSignal: settings.StopSignal ?? '',
    environment,
    ports: Object.keys(settings.ExposedPorts ?? {}).sort(),
    volumes: Object.keys(settings.Volumes ?? {}).sort(),
    commands: commandsOf(tree, environment['PATH'] ?? defaultPath),
    sonames: sonamesOf(tree),
    writable: writableBy(tree, identityOf(tree, user)),
  }
}

function commandsOf(tree: FileTree, path: string): readonly string[] {
  const commands = new Set<string>()
  for (const folder of path.split(':').map((each) => each.replace(/^\/+|\/+$/g, ''))) {
    const place = tree.resolve(folder)
    if (place?.type !== 'directory') continue
    for (const name of tree.list(place.path)) {
      const file = tree.resolve(`${place.path}/${name}`)
      if (file?.type === 'file' && (file.mode & 0o111) !== 0) commands.add(name)
    }
  }
  return [...commands].sort()
}

function sonamesOf(tree: FileTree): readonly string[] {
  const sonames = new Set<string>()
  // What lies elsewhere are plugins, which their own programs load by path.
  for (const { elf, path } of tree.nodes())
    if (elf?.soname !== undefined && /^(?:usr\/)?(?:local\/)?lib\d*\/(?:[^/]+\/)?[^/]+$/.test(path))
      sonames.add(elf.soname)
  return [...sonames].sort()
}

interface Identity {
  readonly uid: number
  readonly gids: ReadonlySet<number>
}

/** Numbers of a user as the configuration names it, by the image's own files: "65532", "app:app". Undefined when nobody has the name. */
function identityOf(tree: FileTree, user: string): Identity | undefined {
  const [name = '', group] = user.split(':')
  if (name === '') return { uid: 0, gids: new Set([0]) }
  const accounts = linesOf(tree, 'etc/passwd')
  const groups = linesOf(tree, 'etc/group')
  const account = accounts.find(([login, , id]) => login === name || id === name)
  const uid = numberOf(name) ?? numberOf(account?.[2])
  if (uid === undefined) return undefined
  const chosen = numberOf(group) ?? numberOf(groups.find(([title]) => title === group)?.[2])
  const own = group === undefined ? numberOf(account?.[3]) : chosen
  const further = groups.flatMap(([, , id, members = '']) =>
    account?.[0] !== undefined && members.split(',').includes(account[0]) ? [numberOf(id) ?? -1] : [],
  )
  return { uid, gids: new Set([own ?? 0, ...(group === undefined ? further : [])]) }
}

function linesOf(tree: FileTree, path: string): readonly (readonly string[])[] {
  const content = tree.resolve(path)?.content
  return content === undefined
    ? []
    : Buffer.from(content)
        .toString('utf8')
        .split('\n')
        .map((line) => line.split(':'))
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

function writableBy(tree: FileTree, who: Identity | undefined): readonly string[] {
  if (who === undefined) return []
  if (who.uid === 0) return ['/']
  const paths: string[] = []
  const folders = new Set<string>()
  for (const node of tree.nodes()) {
    if ((node.type !== 'directory' && node.type !== 'file') || !mayWrite(node, who)) continue
    const slash = node.path.lastIndexOf('/')
    if (slash < 0 || !folders.has(node.path.slice(0, slash))) paths.push(`/${node.path}`)
    if (node.type === 'directory') folders.add(node.path)
  }
  return paths.sort()
}

function mayWrite({ mode, uid, gid }: Pick<TreeNode, 'mode' | 'uid' | 'gid'>, who: Identity): boolean {
  if (uid === who.uid) return (mode & 0o200) !== 0
  return who.gids.has(gid) ? (mode & 0o020) !== 0 : (mode & 0o002) !== 0
}
