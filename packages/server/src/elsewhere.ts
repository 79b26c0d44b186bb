import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Identities } from './auth/oidc/identities.ts'
import type { SignIn } from './auth/oidc/sign-in.ts'
import { Replicator, type ReplicatorOptions } from './registry/replication/replicator.ts'
import { UpstreamProxy } from './registry/upstream/proxy.ts'
import type { Settings } from './settings.ts'
import { type Context, silentProgress, TemperError } from './temper.ts'

/* Whom a service speaks to because its settings say so. */

/** Registries that receive copies of what is pushed here. */
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

/** Identity providers whose tokens are accepted. */
export function identitiesOf({ identities }: Settings, context: Context | undefined): Identities | undefined {
  if (identities.length === 0) return undefined
  if (context === undefined)
    throw new TemperError('bad-configuration', 'Fetching the keys of identity providers needs a context', {
      hint: 'Give the service a context.',
    })
  return new Identities(identities, context.fetch)
}

/** Identity providers on whose pages people sign in. The code for it is loaded only where there is one. */
export async function signInOf(
  { identities, data, sessionKeyFile }: Settings,
  context: Context | undefined,
  now: () => Date,
): Promise<SignIn | undefined> {
  const wanted = identities.filter(({ signIn }) => signIn !== undefined)
  if (wanted.length === 0 || context === undefined) return undefined
  const { SignIn } = await import('./auth/oidc/sign-in.ts')
  const { Sessions } = await import('./auth/oidc/session.ts')
  const providers = wanted.map(async (settings) => {
    const file = settings.signIn?.clientSecretFile
    return { settings, secret: file === undefined ? undefined : (await readFile(file, 'utf8')).trim() }
  })
  const sessions =
    sessionKeyFile === undefined
      ? await Sessions.open(join(data, 'keys', 'sessions.key'), now)
      : await Sessions.given(resolve(sessionKeyFile), now)
  return new SignIn(await Promise.all(providers), { sessions, fetch: context.fetch })
}

/** Projects that mirror other registries. */
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
