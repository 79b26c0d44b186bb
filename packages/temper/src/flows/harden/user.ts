import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import { resolveUser } from '../../formats/image-user.ts'
import { accountId } from '../../model/assess/account-id.ts'
import { findRelaxation } from '../../model/hardening/relaxation.ts'
import type { ImageConfig } from '../../model/image.ts'
import type { SystemPackage } from '../../model/package/installed.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../model/tree/memory-tree.ts'
import { pathIn } from '../../model/tree/path.ts'
import type { Owners } from './owners.ts'
import { putText, textOf } from './put-file.ts'
import type { HardenRequest, LeftOver } from './request.ts'
import type { Started } from './runtime.ts'

/** The account that images run as when they name none. */
const nonroot = { name: 'nonroot', id: 65_532, home: '/home/nonroot' } as const

export interface HardenedUser {
  /** The user as the configuration names it. */
  readonly text: string
  readonly uid: number
  readonly gid: number
  /** Absolute paths that it may own and write. */
  readonly declared: readonly string[]
  /** Why it is still root. */
  readonly left: readonly LeftOver[]
}

export interface HardenUserRequest {
  readonly request: Pick<HardenRequest, 'user' | 'writable' | 'allow' | 'only'>
  readonly config: ImageConfig
  readonly started: Started | undefined
  readonly owners: Owners
  readonly packages: readonly SystemPackage[]
  /** Of files that are made, in seconds since 1970. */
  readonly mtime: number
}

/**
 * Decides which user the image runs as, and gives that user what it has to own. Errors: `bad-usage` for a user that the
 * image does not know.
 */
export function setUser(root: MemoryTree<TreeNode>, about: HardenUserRequest): HardenedUser {
  const { request, config } = about
  const own = config.config?.User ?? ''
  const volumes = Object.keys(config.config?.Volumes ?? {})
  const present = identify(root, own)
  const why = request.user === undefined ? reasonToStay(root, present, about) : undefined
  const isSettled = request.user === undefined && (present === undefined || present.uid !== 0)
  if (isSettled || why !== undefined) {
    const declared = [...volumes, ...request.writable, ...homeOf(root, present?.uid ?? 0)]
    const user = { text: own, ...(present ?? { uid: 0, gid: 0 }) }
    const given = giveTo(root, user, request.writable, about.mtime)
    const left = why === undefined || why === '' ? [] : [{ what: 'root-user', why }]
    return { ...user, declared: [...declared, ...given], left }
  }
  const user = chosen(root, request.user ?? nonroot.name, about.mtime)
  const declared = [...volumes, ...request.writable, ...(user.home === undefined ? [] : [user.home])]
  const given = giveTo(root, user, [...volumes, ...request.writable], about.mtime)
  return { ...user, declared: [...declared, ...given], left: [] }
}

/** Undefined for a name that the image does not know. */
function identify(root: MemoryTree<TreeNode>, text: string) {
  try {
    return resolveUser(text, { passwd: textOf(root, 'etc/passwd'), group: textOf(root, 'etc/group') })
  } catch {
    return undefined
  }
}

/** Why the image does not show that it may run as somebody else; empty where that was not asked for. */
function reasonToStay(
  root: MemoryTree<TreeNode>,
  present: { readonly uid: number } | undefined,
  { request: { allow, only }, config: { config = {} }, started, owners, packages }: HardenUserRequest,
): string | undefined {
  if (present === undefined || present.uid !== 0) return undefined
  if (only === 'updates' || findRelaxation(allow, 'root-user') !== undefined) return ''
  const [port] = Object.keys(config.ExposedPorts ?? {})
  if (port !== undefined)
    return `it listens on ${printableLine(port, { most: 40 })}: it is not known whether its program writes files as root; name the user and the paths that it writes to`
  const [volume] = Object.keys(config.Volumes ?? {})
  if (volume !== undefined)
    return `it keeps data in ${printableLine(volume, { most: 200 })}: it is not known who owns the files in existing volumes; name the user`
  if (config.Healthcheck?.Test?.length)
    return 'it is a server with a health check: name the user and the paths that it writes to'
  const services = servicesOf(packages)
  for (const { node, by } of started?.files.values() ?? [])
    if (node.shebang !== undefined)
      return `${by} starts the script /${node.path}, which may do things that only root can: name the user`
    else if (services.has(owners.of(node.path)?.package.source.name ?? ''))
      return `/${node.path} belongs to a service: it is not known whether it writes files as root; name the user and the paths that it writes to`
    else if ((node.mode & 0o005) !== 0o005) return `only its owner may start /${node.path}`
  if (root.get('etc/passwd')?.type === 'symlink') return 'its list of accounts is a link'
  const account = identify(root, nonroot.name)
  if (account?.uid === 0) return `its account ${nonroot.name} is root's: name the user`
  return account === undefined && isTaken(root) ? `${taken}: name the user` : undefined
}

const taken = `the image has another account or group with the number ${nonroot.id} or the name ${nonroot.name}`

/** Whether accounts or groups are in the way of adding the one that images run as. */
function isTaken(root: MemoryTree<TreeNode>): boolean {
  return ['etc/passwd', 'etc/group'].some((path) =>
    textOf(root, path)
      .split('\n')
      .map((line) => line.split(':'))
      .some(([name, , number]) => name === nonroot.name || accountId(number) === nonroot.id),
  )
}

/** Root's is no place to write to. */
function homeOf(root: MemoryTree<TreeNode>, uid: number): readonly string[] {
  const line = textOf(root, 'etc/passwd')
    .split('\n')
    .map((each) => each.split(':'))
    .find((fields) => fields[2] === String(uid))
  const home = line?.[5] ?? ''
  return uid !== 0 && /^\/./.test(home) ? [home] : []
}

/** Names of source packages that have something for a service manager to start. */
function servicesOf(packages: readonly SystemPackage[]): ReadonlySet<string> {
  const service = /^etc\/init\.d\/|^(?:usr\/)?lib\/systemd\/system\/[^/]+\.service$/
  return new Set(
    packages.flatMap(({ package: { source }, files }) =>
      files.some((path) => service.test(path)) ? [source.name] : [],
    ),
  )
}

interface Account {
  readonly text: string
  readonly uid: number
  readonly gid: number
  readonly home?: string
}

function chosen(root: MemoryTree<TreeNode>, text: string, mtime: number): Account {
  const [name = ''] = text.split(':')
  const passwd = textOf(root, 'etc/passwd')
  const line = passwd.split('\n').find((each) => each.startsWith(`${name}:`))
  if (text === nonroot.name && line === undefined) return addNonroot(root, passwd, mtime)
  const account = identify(root, text)
  if (account === undefined)
    throw new TemperError(
      'bad-usage',
      `The image has no user or group "${printableLine(text, { most: 80 })}"`,
      {
        hint: `Give its number, or "${nonroot.name}", which is added if it is missing.`,
      },
    )
  const home = line?.split(':')[5]
  // A number says the same to every runtime; an account's own group comes with it.
  const isKnown = passwd.split('\n').some((each) => each.split(':')[2] === String(account.uid))
  const numbers = text.includes(':') || !isKnown ? `${account.uid}:${account.gid}` : String(account.uid)
  return { text: numbers, ...account, ...(home?.startsWith('/home/') ? { home } : {}) }
}

function addNonroot(root: MemoryTree<TreeNode>, passwd: string, mtime: number): Account {
  const { name, id, home } = nonroot
  if (isTaken(root))
    throw new TemperError('bad-usage', `User ${name}: ${taken}`, { hint: 'Name that account, or a number.' })
  const append = (path: string, text: string, line: string) => {
    const end = text === '' || text.endsWith('\n') ? '' : '\n'
    putText(root, { path, mode: 0o644, mtime }, `${text}${end}${line}\n`)
  }
  append('etc/passwd', passwd, `${name}:x:${id}:${id}:${name}:${home}:/usr/sbin/nologin`)
  append('etc/group', textOf(root, 'etc/group'), `${name}:x:${id}:`)
  const shadow = textOf(root, 'etc/shadow')
  if (shadow !== '')
    putText(
      root,
      { path: 'etc/shadow', mode: 0o640, mtime },
      `${shadow.replace(/\n*$/, '\n')}${name}:*:::::::\n`,
    )
  giveTo(root, { uid: id, gid: id }, [home], mtime)
  return { text: String(id), uid: id, gid: id, home }
}

/**
 * Makes folders where nothing is, and gives them to the user with all that is in them; returns where they really are,
 * absolute.
 */
function giveTo(
  root: MemoryTree<TreeNode>,
  user: Pick<Account, 'uid' | 'gid'>,
  paths: readonly string[],
  mtime: number,
): readonly string[] {
  const given: string[] = []
  for (const path of paths) {
    const written = root.canonical(path.replace(/^\/+|\/+$/g, ''))
    const at = root.resolve(written)?.path ?? written
    if (at === '') continue
    if (root.get(at) === undefined)
      root.put({ path: at, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime })
    give(root, at, user)
    given.push(`/${at}`)
  }
  return given
}

function give(root: MemoryTree<TreeNode>, path: string, { uid, gid }: Pick<Account, 'uid' | 'gid'>): void {
  const node = root.get(path)
  if (node === undefined || node.type === 'symlink') return
  if (node.uid !== uid || node.gid !== gid) root.put({ ...node, uid, gid })
  if (node.type === 'directory')
    for (const name of root.list(path)) give(root, pathIn(path, name), { uid, gid })
}
