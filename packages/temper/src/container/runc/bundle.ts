import type { ResolvedUser } from '../../formats/image-user.ts'
import type { ContainerSpec } from '../../model/container.ts'
import type { Ownership } from '../confined-folder.ts'
import { sameAs, tmpfsOptions } from './tmpfs.ts'

/** What a bundle needs to know of the unpacked image. */
export interface BundleRoot {
  /** Absolute path of the unpacked tree. */
  readonly path: string
  readonly user: ResolvedUser
  /** File that stands for /etc/hosts: its content is `hostsFile`. */
  readonly hosts: string
  /** Folders outside that the container may write to. */
  readonly bindings: readonly Binding[]
  readonly hostName: string
  /** The folder that a path of the image leads to; undefined when there is none. */
  folder(path: string): Ownership | undefined
}

/** A folder outside, as the container sees it. Both are absolute. */
export interface Binding {
  readonly from: string
  readonly to: string
}

/** What docker, podman and Kubernetes give every container: its own names, which lead to loopback here (hosts(5)). */
export function hostsFile(hostName: string): string {
  return `127.0.0.1\tlocalhost ${hostName}\n::1\tlocalhost ip6-localhost ip6-loopback\n`
}

/**
 * The configuration of a locked-down container (OCI runtime-spec 1.0, config.md): read-only root, no
 * capabilities, no new privileges, its own network with nothing but loopback, no resource limits (they need
 * rights that not every machine gives).
 */
export function bundleConfig(spec: ContainerSpec, root: BundleRoot): object {
  return {
    ociVersion: '1.0.2',
    process: processConfig(spec, root.user),
    root: { path: root.path, readonly: true },
    hostname: root.hostName,
    mounts: [...systemMounts, hostsMount(root), ...ownMounts(spec, root)],
    linux: {
      namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })),
      maskedPaths: [
        '/proc/acpi',
        '/proc/kcore',
        '/proc/keys',
        '/proc/latency_stats',
        '/proc/timer_list',
        '/proc/timer_stats',
        '/proc/sched_debug',
        '/proc/scsi',
        '/sys/firmware',
      ],
      readonlyPaths: [
        '/proc/asound',
        '/proc/bus',
        '/proc/fs',
        '/proc/irq',
        '/proc/sys',
        '/proc/sysrq-trigger',
      ],
    },
  }
}

/** One process of a container: what config.md calls `process`, also used to run another one inside. */
export function processConfig(
  spec: Pick<ContainerSpec, 'args' | 'environment' | 'workDir'>,
  user: ResolvedUser,
): object {
  const none: string[] = []
  return {
    terminal: false,
    user,
    args: spec.args,
    env: spec.environment,
    cwd: spec.workDir === '' ? '/' : spec.workDir,
    capabilities: { bounding: none, effective: none, inheritable: none, permitted: none, ambient: none },
    noNewPrivileges: true,
  }
}

const systemMounts = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
]

function hostsMount({ hosts }: BundleRoot) {
  const options = ['bind', 'ro', 'nosuid', 'noexec', 'nodev']
  return { destination: '/etc/hosts', type: 'bind', source: hosts, options }
}

/** As docker does it: volumes start with the image's content, scratch folders empty. Outer folders come first. */
function ownMounts(spec: ContainerSpec, root: BundleRoot): object[] {
  const volumes = spec.volumes.map((path) => {
    const folder = root.folder(path) ?? { mode: 0o755, uid: 0, gid: 0 }
    return tmpfs(path, [...sameAs(folder), 'tmpcopyup'])
  })
  const scratch = spec.writable
    .filter((path) => !spec.volumes.includes(path))
    .map((path) => tmpfs(path, tmpfsOptions(root.folder(path), root.user)))
  return [...volumes, ...scratch, ...root.bindings.map(bindMount)].sort((a, b) =>
    a.destination < b.destination ? -1 : 1,
  )
}

function bindMount({ from, to }: Binding) {
  return { destination: to, type: 'bind', source: from, options: ['bind', 'rw', 'nosuid', 'nodev'] }
}

function tmpfs(destination: string, options: readonly string[]) {
  return { destination, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', ...options] }
}
