import type { DaemonReference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import type { OpenDaemonOptions } from './daemon-options.ts'

/**
 * The image that a daemon of this machine keeps under a name, as a store that can only be read. Docker and podman
 * export an archive, which is kept in a temporary folder until `close`; containerd provides single blobs. Throws
 * `not-found` when there is no such image, `tool-missing` when no daemon answers, `file-system` when its socket may
 * not be used.
 */
export async function openDaemon(reference: DaemonReference, options: OpenDaemonOptions): Promise<Store> {
  if (reference.kind === 'containerd') {
    const { openContainerd } = await import('./containerd.ts')
    return await openContainerd(reference.name, options)
  }
  const { openEngine } = await import('./engine.ts')
  return await openEngine({ daemon: reference.kind, name: reference.name }, options)
}
