import type { ContainerSpec } from '../../model/container.ts'
import type { Ownership } from '../confined-folder.ts'
import { type ContainerUser, tmpfsOptions } from '../runc/tmpfs.ts'

export interface EngineCommand {
  readonly kind: 'podman' | 'docker'
  /** Name of the container. */
  readonly id: string
  readonly reference: string
  readonly spec: ContainerSpec
  /** Folders of the image, links in their names followed. */
  readonly folders: ReadonlyMap<string, Ownership>
}

/**
 * The command line that runs a locked-down container in the foreground: read-only root, no capabilities, no
 * new privileges, no network. Volumes need no option: engines make them writable, with the image's content.
 */
export function runCommand(command: EngineCommand): readonly string[] {
  const { kind, id, reference, spec } = command
  const [program = '', ...args] = spec.args
  return [
    ...['run', '--rm', '--name', id, '--pull=never', '--read-only', '--cap-drop=ALL'],
    ...['--security-opt=no-new-privileges', '--log-driver=none', ...limits],
    ...(kind === 'podman' ? podmanDefaults : []),
    ...network(command),
    ...(spec.stdin === undefined ? [] : ['--interactive']),
    ...['--user', spec.user === '' ? '0' : spec.user, '--workdir', spec.workDir === '' ? '/' : spec.workDir],
    ...spec.environment.flatMap((variable) => ['--env', variable]),
    ...scratch(command),
    ...['--entrypoint', entrypoint(kind, program), reference, ...args],
  ]
}

/**
 * Engines raise these limits by default, which needs rights that not every machine gives (CAP_SYS_RESOURCE);
 * lowering them is always allowed.
 */
const limits = ['--ulimit=nofile=4096:4096', '--ulimit=nproc=4096:4096']

/** What podman would do on its own: writable /run, /tmp and /var/tmp, and the host's proxy settings. */
const podmanDefaults = ['--read-only-tmpfs=false', '--http-proxy=false']

/**
 * None, so that only loopback is there. Docker's containers can live in a virtual machine, whose networks we
 * cannot enter: there, ports that a test asks for are published on loopback instead.
 */
function network({ kind, spec }: EngineCommand): readonly string[] {
  if (kind === 'podman' || spec.ports.length === 0) return ['--network=none']
  return spec.ports.map((port) => `--publish=127.0.0.1::${port}/tcp`)
}

function scratch({ kind, spec, folders }: EngineCommand): readonly string[] {
  const [uid, gid] = spec.user.split(':').map((part) => (/^\d+$/.test(part) ? Number(part) : undefined))
  return spec.writable
    .filter((path) => !spec.volumes.includes(path))
    .flatMap((path) => {
      const folder = folders.get(path)
      if (kind === 'podman') return ['--mount', podmanMount(path, folder, { uid, gid })]
      return [
        '--tmpfs',
        `${path}:${['rw', 'nosuid', 'nodev', ...tmpfsOptions(folder, { uid, gid })].join(',')}`,
      ]
    })
}

/**
 * Podman cannot name an owner, it can give the folder to the user of the container. Without `notmpcopyup` it
 * would copy the image's content, which docker and Kubernetes do not.
 */
function podmanMount(path: string, folder: Ownership | undefined, user: ContainerUser): string {
  const own = folder !== undefined && folder.uid === user.uid
  const [mode = 'mode=1777'] = own || (folder?.mode ?? 0) & 0o002 ? tmpfsOptions(folder, user) : []
  const destination = `destination=${path}`
  return [
    'type=tmpfs',
    /[",]/.test(destination) ? `"${destination.replaceAll('"', '""')}"` : destination,
    `tmpfs-${mode}`,
    'notmpcopyup',
    ...(own ? ['chown=true'] : []),
  ].join(',')
}

/** Podman reads JSON there, and anything else as one program. */
function entrypoint(kind: 'podman' | 'docker', program: string): string {
  return kind === 'podman' ? JSON.stringify([program]) : program
}
