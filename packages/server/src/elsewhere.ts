import { Identities } from './auth/oidc/identities.ts'
import { Replicator, type ReplicatorOptions } from './registry/replication/replicator.ts'
import { UpstreamProxy } from './registry/upstream/proxy.ts'
import type { Settings } from './settings.ts'
import { type Context, silentProgress, TemperError } from './temper.ts'

/* Whom a service speaks to because its settings say so. */

/** Registries that get what is pushed here. */
export async function replicatorsOf(
  { replicas, data }: Settings,
  context: Context | undefined,
  options: Pick<ReplicatorOptions, 'log' | 'now' | 'own'>,
): Promise<readonly Replicator[]> {
  if (replicas.length === 0) return []
  if (context === undefined)
    throw new TemperError('bad-configuration', 'Copying to other registries needs a context', {
      hint: 'Give the service a context.',
    })
  const quiet = { ...context, progress: silentProgress }
  return Promise.all(
    replicas.map((each) => Replicator.open({ ...options, settings: each, data, context: quiet })),
  )
}

/** Providers whose tokens are taken. */
export function identitiesOf({ identities }: Settings, context: Context | undefined): Identities | undefined {
  if (identities.length === 0) return undefined
  if (context === undefined)
    throw new TemperError('bad-configuration', 'Fetching the keys of identity providers needs a context', {
      hint: 'Give the service a context.',
    })
  return new Identities(identities, context.fetch)
}

/** Projects that show what other registries have. */
export async function proxiesOf(
  { proxies }: Settings,
  context: Context | undefined,
): Promise<readonly UpstreamProxy[]> {
  if (proxies.length === 0) return []
  if (context === undefined)
    throw new TemperError('bad-configuration', 'Asking other registries needs a context', {
      hint: 'Give the service a context.',
    })
  return Promise.all(
    proxies.map((each) => UpstreamProxy.open(each, { ...context, progress: silentProgress })),
  )
}
