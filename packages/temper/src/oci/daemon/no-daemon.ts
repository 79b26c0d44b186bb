import { TemperError } from '../../base/error.ts'
import type { DaemonName } from '../../model/reference.ts'

const starting: Readonly<Record<DaemonName, string>> = {
  docker: 'Start Docker, or name its socket in DOCKER_HOST. Without it: docker save NAME > image.tar',
  podman:
    'Start the socket of podman (systemctl --user start podman.socket), or without it: podman save NAME > image.tar',
  containerd: 'Start containerd, or name its socket in CONTAINERD_ADDRESS.',
}

/** The error when no socket answered: none exists, nothing listens on it, or this user may not use it. */
export function noDaemon(
  daemon: DaemonName,
  tried: readonly { socket: string; error: unknown }[],
): TemperError {
  const closed = tried.find(({ error }) => codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM')
  const hint = starting[daemon]
  if (closed !== undefined)
    return new TemperError(
      'file-system',
      `This user is not allowed to use the socket of ${daemon}, ${closed.socket}`,
      {
        hint: `Join the group that is (often "${daemon}"), or run your own daemon.`,
        cause: closed.error,
      },
    )
  const where = tried.map(({ socket }) => socket).join(', ')
  return new TemperError(
    'tool-missing',
    `${daemon} does not answer${where === '' ? '' : `: nothing listens at ${where}`}`,
    { hint, ...(tried[0] === undefined ? {} : { cause: tried[0].error }) },
  )
}

export function noSuchImage(daemon: DaemonName, name: string, said = ''): TemperError {
  return new TemperError('not-found', `${daemon} has no image "${name}"${said === '' ? '' : `: ${said}`}`, {
    hint: `List its images with: ${listing[daemon]}`,
  })
}

const listing: Readonly<Record<DaemonName, string>> = {
  docker: 'docker images',
  podman: 'podman images',
  containerd: 'ctr -n default images ls',
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}

/** Whether a socket does not exist, has no listener or is closed to this user, so that the next one is worth trying. */
export function isUnreachable(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'EACCES', 'EPERM', 'ENOTSOCK', 'ENOTDIR'].includes(codeOf(error) ?? '')
}
