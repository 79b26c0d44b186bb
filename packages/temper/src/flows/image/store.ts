import { resolve } from 'node:path'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { openStore } from '../../oci/open-store.ts'
import type { Context } from '../context.ts'

/** Opens what a reference names, with the person's registry settings. */
export async function openStoreFor(reference: Reference, context: Context): Promise<Store> {
  // Relative paths start from the person's folder, which need not be this process's.
  const place =
    'path' in reference ? { ...reference, path: resolve(context.workingDir, reference.path) } : reference
  return await openStore(place, {
    ...(context.offline ? {} : { fetch: context.fetch }),
    signal: context.signal,
    temporaryDir: context.temporaryDir,
    ...(context.daemons === undefined ? {} : { daemons: context.daemons }),
    insecureRegistries: context.insecureRegistries,
    ...(context.credentials === undefined ? {} : { credentials: context.credentials }),
  })
}
