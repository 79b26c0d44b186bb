import { TemperError } from '../../base/error.ts'
import { namesGroup, type ResolvedUser, resolveUser } from '../../formats/image-user.ts'
import type { LockdownFacts, WritableFolder } from '../../lockdown/facts.ts'
import { type RunContract, runContract } from '../../model/assess/run-contract.ts'
import type { Image } from '../../model/image.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { rulesRead, supplementaryGroups } from '../../rules/hardening/accounts-file.ts'
import { readImageTree } from '../../tree/image.ts'

type Proved = Omit<LockdownFacts, 'name' | 'digest'>

interface Identity extends ResolvedUser {
  readonly groups: ReadonlySet<number>
}

/** Reads what an image declares, and what its layers prove about that. Each layer is read once, as a stream. */
export async function imageFacts(
  image: Image,
  { signal }: { readonly signal: AbortSignal },
): Promise<Proved> {
  const contract = runContract(image.config.config ?? {})
  const tree = await readImageTree(image, { keep: rulesRead, signal })
  const user = identityOf(contract, tree)
  const folders = new Map<string, WritableFolder>()
  const writable: WritableFolder[] = []
  const privileged: string[] = []
  const named = new Set([...contract.volumes, ...(contract.writable ?? [])])
  for (const node of tree.nodes()) {
    if (raisesPrivileges(node)) privileged.push(`/${node.path}`)
    if (node.type !== 'directory' || /^(?:dev|proc|sys)(?:\/|$)/.test(node.path)) continue
    const open = user !== undefined && user.uid !== 0 && mayWrite(node, user)
    if (!open && !named.has(`/${node.path}`)) continue
    const { uid, gid, mode } = node
    const folder = {
      path: `/${node.path}`,
      holds: tree.list(node.path).length,
      uid,
      gid,
      mode: mode & 0o7777,
    }
    if (open) writable.push(folder)
    folders.set(folder.path, folder)
  }
  return {
    contract,
    writable,
    folders,
    privileged,
    user: user === undefined ? undefined : { uid: user.uid, gid: user.gid },
  }
}

function raisesPrivileges({ type, mode, xattrs }: TreeNode): boolean {
  return type === 'file' && ((mode & 0o6000) !== 0 || xattrs?.['security.capability'] !== undefined)
}

/** By the permission bits alone (POSIX.1-2024, section 4.7). */
function mayWrite({ uid, gid, mode }: TreeNode, user: Identity): boolean {
  if (uid === user.uid) return (mode & 0o300) === 0o300
  if (user.gid === gid || user.groups.has(gid)) return (mode & 0o030) === 0o030
  return (mode & 0o003) === 0o003
}

/** Undefined when the image names somebody whom it lacks. */
function identityOf({ user }: RunContract, tree: FileTree): Identity | undefined {
  const content = (path: string) => tree.resolve(path)?.content ?? new Uint8Array()
  const [passwd, group] = [content('etc/passwd'), content('etc/group')]
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  try {
    const resolved = resolveUser(user, { passwd: text(passwd), group: text(group) })
    const groups = namesGroup(user) ? new Set<number>() : supplementaryGroups(resolved.uid, { passwd, group })
    return { ...resolved, groups }
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-image') return undefined
    throw error
  }
}
