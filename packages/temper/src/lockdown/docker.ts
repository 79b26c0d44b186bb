import { shellWord } from '../base/shell-word.ts'
import type { DeclaredPort } from '../model/assess/run-contract.ts'
import { type Lockdown, type Mount, mountNames } from './plan.ts'

/** The words of `docker run` (podman takes the same): one locked-down container. */
export function dockerWords(plan: Lockdown): readonly string[] {
  const { user, resources } = plan
  const volumes = volumeNames(plan)
  return [
    ...['docker', 'run', '--detach', '--name', plan.name],
    ...(user === undefined ? [] : ['--user', `${user.uid}:${user.gid}`]),
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--pids-limit', String(resources.processes), '--memory', `${resources.memoryMiB}m`],
    ...Object.entries(plan.sysctls).flatMap(([name, value]) => ['--sysctl', `${name}=${value}`]),
    ...plan.mounts.flatMap((mount, at) =>
      mount.kind === 'data'
        ? ['--mount', `type=volume,source=${volumes[at]},target=${mount.path}`]
        : ['--tmpfs', `${mount.path}:${tmpfsOptions(mount, plan).join(',')}`],
    ),
    ...publishedPorts(plan).flatMap((port) => ['--publish', port]),
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

/** Of each mount, for those that outlive the container: "web-data". */
export function volumeNames({ name, mounts }: Lockdown): readonly string[] {
  return mountNames(mounts).map((each) => `${name}-${each}`)
}

export function portText({ port, protocol }: DeclaredPort): string {
  return protocol === 'tcp' ? String(port) : `${port}/${protocol}`
}

/**
 * Where each port can be reached on the host: "127.0.0.1:8080:80". Ports below 1024 are often taken there, or not for
 * everyone, and get the next free one above 8000. Docker publishes no SCTP on all hosts, so it is left out.
 */
export function publishedPorts({ ports }: Lockdown): readonly string[] {
  const published = ports.filter(({ protocol }) => protocol !== 'sctp')
  const key = ({ port, protocol }: DeclaredPort) => `${port}/${protocol}`
  const taken = new Set(published.filter(({ port }) => port >= 1024).map(key))
  return published.map((each) => {
    let { port } = each
    if (port < 1024) for (port += 8000; taken.has(key({ ...each, port })); ) port++
    taken.add(key({ ...each, port }))
    return `127.0.0.1:${port}:${portText(each)}`
  })
}
