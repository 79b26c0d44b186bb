import { join } from 'node:path'
import type { DaemonSockets } from '../oci/open-store.ts'
import { home } from './directories.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where the daemons of this machine may listen. A variable that names a socket, as the daemon's own client reads it
 * (DOCKER_HOST, CONTAINER_HOST, CONTAINERD_ADDRESS), leaves no other; else first that of this user, then root's.
 */
export function daemonSockets(env: Environment): DaemonSockets {
  const runtime = env['XDG_RUNTIME_DIR']
  const own = (path: string) => (runtime ? [join(runtime, path)] : [])
  const user = home(env)
  return {
    docker: named(env['DOCKER_HOST']) ?? [
      ...own('docker.sock'),
      '/var/run/docker.sock',
      join(user, '.docker/run/docker.sock'),
      join(user, '.docker/desktop/docker.sock'),
      join(user, '.colima/default/docker.sock'),
    ],
    podman: named(env['CONTAINER_HOST']) ?? [...own('podman/podman.sock'), '/run/podman/podman.sock'],
    containerd: named(env['CONTAINERD_ADDRESS']) ?? [
      '/run/containerd/containerd.sock',
      '/run/k3s/containerd/containerd.sock',
      '/var/snap/microk8s/common/run/containerd.sock',
    ],
  }
}

/** "unix:///run/x.sock" and a bare path name a socket, "tcp://host:2375" an address; ssh is not spoken. */
function named(text: string | undefined): readonly string[] | undefined {
  if (!text) return undefined
  const path = text.replace(/^unix:(?:\/\/)?/, '')
  if (path.startsWith('/')) return [path]
  return /^tcp:\/\/[\w.[\]:-]+$/.test(text) ? [text.replace(/^tcp:/, 'http:')] : []
}
