import { mkdir, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '../../base/file.ts'
import type { Credentials } from '../../model/credentials.ts'
import { RegistryClient, type RegistryClientOptions } from './client.ts'
import { eraseInHelper, type HelperOptions, storeInHelper } from './credential-helper.ts'
import { type DockerConfig, normalizeKey, readConfig, serverOf } from './credentials.ts'
import { isSuccess, registryError } from './error.ts'

export type Password = Extract<Credentials, { readonly kind: 'password' }>

/** Authenticates to a registry; throws `unauthorized` when it refuses. */
export async function checkLogin(
  registry: string,
  credentials: Password,
  options: Omit<RegistryClientOptions, 'credentials'>,
): Promise<void> {
  const client = new RegistryClient(
    { registry, repository: '' },
    { ...options, credentials: async () => credentials },
  )
  const response = await client.request(new URL('/v2/', client.origin), { what: `the registry ${registry}` })
  if (!isSuccess(response.status))
    throw await registryError(response, { verb: 'log in to', what: registry, method: 'GET' })
  await response.close()
}

/** Stores credentials as docker and podman do: in the helper that the file names for the registry, else in the file. */
export async function storeCredentials(
  path: string,
  { registry, credentials }: { readonly registry: string; readonly credentials: Password },
  options: HelperOptions,
): Promise<void> {
  const config = await readConfig(path)
  const host = normalizeKey(registry)
  const { username, password } = credentials
  const helper = config?.helpers.get(host) ?? config?.store
  if (helper !== undefined)
    await storeInHelper(helper, { server: serverOf(host), username, secret: password }, options)
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  await writeAuths(path, config, {
    ...authsWithout(config, host),
    [serverOf(host)]: helper === undefined ? { auth } : {},
  })
}

/** Forgets the credentials of a registry; false when there were none in this file. */
export async function removeCredentials(
  path: string,
  registry: string,
  options: HelperOptions,
): Promise<boolean> {
  const config = await readConfig(path)
  const host = normalizeKey(registry)
  const helper = config?.helpers.get(host) ?? config?.store
  const known = config?.auths.has(host) === true
  if (helper !== undefined && (known || config?.helpers.has(host)))
    await eraseInHelper(helper, serverOf(host), options)
  if (known) await writeAuths(path, config, authsWithout(config, host))
  return known
}

function authsWithout(config: DockerConfig | undefined, host: string): Readonly<Record<string, unknown>> {
  const auths = config?.root['auths']
  if (auths === null || typeof auths !== 'object') return {}
  return Object.fromEntries(Object.entries(auths).filter(([key]) => normalizeKey(key) !== host))
}

async function writeAuths(
  path: string,
  config: DockerConfig | undefined,
  auths: Readonly<Record<string, unknown>>,
): Promise<void> {
  const text = `${JSON.stringify({ ...config?.root, auths }, undefined, '\t')}\n`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // A link stays one: what it leads to is replaced.
  const target = config === undefined ? path : await realpath(path)
  await writeFileAtomic(target, text, { mode: 0o600 })
}
