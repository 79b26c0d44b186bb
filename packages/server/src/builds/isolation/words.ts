/** Programs of the host that make a sandbox, as absolute paths. */
export interface SandboxTools {
  readonly unshare: string
  readonly setpriv: string
  readonly bwrap: string
}

/** A folder or file outside, and its path in the sandbox. */
export interface Seen {
  readonly from: string
  readonly to: string
}

export interface SandboxView {
  /** What the sandbox shows read-only. */
  readonly readable: readonly Seen[]
  /** Links in the root folder, such as /bin to usr/bin. */
  readonly links: readonly Seen[]
  /** Folders that are shown empty wherever they lie below something readable. */
  readonly hidden: readonly string[]
  /** Writable folders, at their own paths. */
  readonly writable: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

/** The user that programs run as inside. */
export interface SandboxUser {
  readonly uid: number
  readonly gid: number
  /** Whether the sandbox is started by root, who becomes that user on the way in. */
  readonly fromRoot: boolean
}

/**
 * The words before a command that put it into a sandbox (unshare(1), bwrap(1), setpriv(1)): it has its own namespaces
 * of users, processes, mounts, network, IPC and host name, and ends with the process that started it. The /proc of the new
 * namespace is mounted whole, since sandboxes inside can mount theirs only then; root outside must therefore not be
 * root inside, where /proc/sys would be open.
 */
export function sandboxWords(
  { unshare, setpriv, bwrap }: SandboxTools,
  { uid, gid, fromRoot }: SandboxUser,
  view: SandboxView,
): readonly string[] {
  const [user, group] = [String(uid), String(gid)]
  const processes = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--']
  const around = [setpriv, '--pdeathsig', 'KILL', '--', unshare]
  if (!fromRoot)
    return [
      ...[...around, '--user', '--map-current-user', ...processes],
      ...[bwrap, '--unshare-user', '--uid', user, '--gid', group, ...viewWords(view), '--'],
    ]
  return [
    ...[...around, ...processes, bwrap, '--cap-add', 'ALL', ...viewWords(view), '--'],
    ...[setpriv, '--reuid', user, '--regid', group, '--clear-groups', '--inh-caps=-all'],
    ...['--bounding-set=-all', '--no-new-privs', '--', unshare, '--user', '--map-current-user', '--'],
  ]
}

/**
 * The same words for a command that starts containers as root: it sees no more, and has the privileges that runc
 * needs. The container confines what it starts.
 */
export function containerWords(
  { unshare, setpriv, bwrap }: SandboxTools,
  view: SandboxView,
): readonly string[] {
  return [
    ...[setpriv, '--pdeathsig', 'KILL', '--', unshare],
    ...['--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--'],
    ...[bwrap, '--cap-add', 'ALL', ...viewWords(view), '--bind', '/sys', '/sys', '--'],
  ]
}

function viewWords({ readable, links, hidden, writable, folder, environment }: SandboxView): string[] {
  const made = new Set<string>()
  // Folders on the way are bwrap's own, and closed to others, unless they are asked for.
  const way = (path: string) =>
    ancestorsOf(path).flatMap((each) => {
      if (made.has(each)) return []
      made.add(each)
      return ['--perms', '0755', '--dir', each]
    })
  const covered = (path: string) => hidden.some((each) => isWithin(path, each))
  const bind = ({ from, to }: Seen) => [...way(to), '--ro-bind', from, to]
  const outer = [...readable].sort((a, b) => a.to.length - b.to.length)
  const variables = Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value])
  return [
    ...['--unshare-ipc', '--unshare-uts', '--unshare-net', '--hostname', 'build', '--die-with-parent'],
    ...['--dev', '/dev', '--bind', '/proc', '/proc', '--perms', '1777', '--tmpfs', '/tmp'],
    ...links.flatMap(({ from, to }) => ['--symlink', from, to]),
    ...outer.filter(({ to }) => !covered(to)).flatMap(bind),
    ...hidden.flatMap((each) => [...way(each), '--perms', '0755', '--tmpfs', each]),
    ...outer.filter(({ to }) => covered(to)).flatMap(bind),
    ...writable.flatMap((each) => [...way(each), '--bind', each, each]),
    ...['--chdir', folder, '--clearenv', ...variables],
  ]
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

/** Folders above a path, the outermost first; the root is there. */
function ancestorsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)
}
