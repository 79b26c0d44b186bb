import type { ContainerSpec } from '../model/container.ts'

/**
 * The configuration of a locked-down container (OCI runtime-spec 1.0, config.md): read-only root, no
 * capabilities, no new privileges, its own network with nothing but loopback, no resource limits (they need
 * rights that not every machine gives).
 */
export function bundleConfig(spec: ContainerSpec, rootPath: string): object {
  return {
    ociVersion: '1.0.2',
    process: processConfig(spec, spec.args),
    root: { path: rootPath, readonly: true },
    hostname: 'temper-test',
    mounts: [...systemMounts, ...spec.writable.map((path) => writableMount(path, spec))],
    linux: {
      namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })),
      maskedPaths: [
        '/proc/acpi',
        '/proc/kcore',
        '/proc/keys',
        '/proc/latency_stats',
        '/proc/timer_list',
        '/proc/sched_debug',
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
export function processConfig(spec: ContainerSpec, args: readonly string[]): object {
  const none: string[] = []
  return {
    terminal: false,
    user: spec.user,
    args,
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

function writableMount(path: string, spec: ContainerSpec): object {
  const shared = path === '/tmp' || path === '/var/tmp'
  const owner = shared ? ['mode=1777'] : ['mode=0700', `uid=${spec.user.uid}`, `gid=${spec.user.gid}`]
  return { destination: path, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', ...owner] }
}
