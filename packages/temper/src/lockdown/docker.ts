import { shellWord } from '../base/shell-word.ts'
import type { DeclaredPort } from '../model/assess/run-contract.ts'
import type { Lockdown, Mount } from './plan.ts'

/** The words of `docker run` (podman takes the same): one locked-down container. */
export function dockerWords(plan: Lockdown): readonly string[] {
  const { user, resources } = plan
  return [
    ...['docker', 'run', '--detach', '--name', plan.name],
    ...(user === undefined ? [] : ['--user', `${user.uid}:${user.gid}`]),
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--pids-limit', String(resources.processes), '--memory', `${resources.memoryMiB}m`],
    ...Object.entries(plan.sysctls).flatMap(([name, value]) => ['--sysctl', `${name}=${value}`]),
    ...plan.mounts.flatMap((mount) =>
      mount.kind === 'data'
        ? ['--mount', `type=volume,source=${volumeName(plan, mount)},target=${mount.path}`]
        : ['--tmpfs', `${mount.path}:${tmpfsOptions(mount, plan).join(',')}`],
    ),
    ...plan.ports
      .filter(({ protocol }) => protocol !== 'sctp')
      .flatMap((port) => ['--publish', `127.0.0.1:${publishedPort(port)}:${portText(port)}`]),
    plan.image,
  ]
}

/** The same as one line that a POSIX shell takes. */
export function dockerLine(plan: Lockdown): string {
  return `${dockerWords(plan).map(shellWord).join(' ')}\n`
}

/** Options of a tmpfs that the container's user may write to (mount(8), "Mount options for tmpfs"). */
export function tmpfsOptions({ owner }: Mount, { user, resources }: Lockdown): readonly string[] {
  const own = user !== undefined && owner?.uid === user.uid
  const mode = (own ? owner.mode : 0o1777).toString(8).padStart(4, '0')
  return [
    ...['rw', 'nosuid', 'nodev', 'noexec', `size=${resources.scratchMiB}m`, `mode=${mode}`],
    ...(own ? [`uid=${owner.uid}`, `gid=${owner.gid}`] : []),
  ]
}

export function volumeName({ name }: Lockdown, { path }: Mount): string {
  return `${name}${path.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.replace(/-+$/, '')
}

export function portText({ port, protocol }: DeclaredPort): string {
  return protocol === 'tcp' ? String(port) : `${port}/${protocol}`
}

/** On the host, where ports below 1024 are often taken or not for everyone. */
export function publishedPort({ port }: DeclaredPort): number {
  return port < 1024 ? port + 8000 : port
}
