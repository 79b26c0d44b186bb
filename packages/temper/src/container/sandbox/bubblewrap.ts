import { nonrootUser } from '../../model/account.ts'
import type { SandboxJob } from '../../model/recipe-parts/sandbox.ts'
import { sandboxHost } from './host-name.ts'

/**
 * The words of a call of bwrap(1) that runs a job: namespaces of its own, of the network too, in which nothing but loopback
 * is; the root read-only; no capabilities. Ids inside are mapped, so that no rights are needed outside.
 */
export function bubblewrapArgs(
  job: SandboxJob,
  folders: { readonly root: string; readonly work: string },
): readonly string[] {
  const variables = job.environment.flatMap((each) => {
    const at = each.indexOf('=')
    return ['--setenv', each.slice(0, at), each.slice(at + 1)]
  })
  return [
    ...['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...['--uid', String(nonrootUser.uid), '--gid', String(nonrootUser.gid), '--hostname', sandboxHost],
    ...['--ro-bind', folders.root, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...['--bind', folders.work, job.folder, '--chdir', job.folder],
    ...['--clearenv', ...variables, '--', ...job.args],
  ]
}
