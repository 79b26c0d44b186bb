import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import { tryJson } from '../../base/json/parse.ts'
import type { CredentialSource, Credentials } from '../../model/credentials.ts'
import { askHelper, type HelperOptions } from './credential-helper.ts'

const configLimit = 4 << 20

/**
 * Credentials as Docker and podman keep them (config.json, auth.json): `auths`, `credHelpers`, `credsStore`. The file
 * is read when credentials are first asked for; no file means no credentials. A helper for the host comes first, then
 * the file's own entries (the most exact one: podman allows paths in keys), then the general store.
 */
export function dockerCredentials(configPath: string, options: HelperOptions): CredentialSource {
  let config: Promise<DockerConfig | undefined> | undefined
  return async (registry, repository) => {
    config ??= readConfig(configPath)
    const dockerConfig = await config
    return dockerConfig === undefined ? undefined : find(dockerConfig, { registry, repository, options })
  }
}

export interface DockerConfig {
  readonly path: string
  /** The whole file, including unknown members. */
  readonly root: Readonly<Record<string, unknown>>
  readonly auths: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  readonly helpers: ReadonlyMap<string, string>
  readonly store: string | undefined
}

export async function readConfig(path: string): Promise<DockerConfig | undefined> {
  const bytes = await readFileIfExists(path)
  if (bytes === undefined || bytes.length === 0) return undefined
  const bad = (what: string) =>
    new TemperError('bad-configuration', `${path}: ${what}`, {
      hint: 'Repair the file, or log in again with docker login.',
    })
  if (bytes.length > configLimit) throw bad(`larger than ${configLimit} bytes`)
  // What the parser says would quote the file.
  const json = tryJson(bytes)
  if (json === undefined) throw bad('it is not JSON')
  const root = members(json)
  if (root === undefined) throw bad('expected an object')
  const store = root['credsStore']
  const auths = Object.entries(members(root['auths']) ?? {}).flatMap(([key, value]) => {
    const entry = members(value)
    return entry === undefined ? [] : [[normalizeKey(key), entry] as const]
  })
  const helpers = Object.entries(members(root['credHelpers']) ?? {}).flatMap(([key, value]) =>
    typeof value === 'string' ? [[normalizeKey(key), value] as const] : [],
  )
  return {
    path,
    root,
    auths: new Map(auths),
    helpers: new Map(helpers),
    store: typeof store === 'string' && store !== '' ? store : undefined,
  }
}

async function find(
  config: DockerConfig,
  wanted: { registry: string; repository: string; options: HelperOptions },
): Promise<Credentials | undefined> {
  const host = normalizeKey(wanted.registry)
  const server = serverOf(host)
  const helper = config.helpers.get(host)
  if (helper !== undefined) {
    const answer = fromHelper(await askHelper(helper, server, wanted.options), helper)
    if (answer !== undefined) return answer
  }
  for (const key of keysOf(host, wanted.repository)) {
    const entry = config.auths.get(key)
    const credentials = entry === undefined ? undefined : fromEntry(entry, `${config.path}, ${key}`)
    if (credentials !== undefined) return credentials
  }
  if (config.store === undefined || config.store === helper) return undefined
  return fromHelper(await askHelper(config.store, server, wanted.options), config.store)
}

/** The name that docker and its helpers use for a registry. */
export function serverOf(host: string): string {
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host
}

/** "https://index.docker.io/v1/" → "docker.io": keys have been written in several forms. */
export function normalizeKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, '').replace(/\/(v1|v2)?\/?$/, '')
  return bare === 'index.docker.io' || bare === 'registry-1.docker.io' ? 'docker.io' : bare
}

/** The most exact key first: host/a/b, host/a, host. */
function keysOf(host: string, repository: string): string[] {
  const parts = repository.split('/')
  return [...parts.map((_, i) => [host, ...parts.slice(0, parts.length - i)].join('/')), host]
}

function fromEntry(entry: Readonly<Record<string, unknown>>, where: string): Credentials | undefined {
  const { auth, username, password, identitytoken, registrytoken } = entry
  if (isText(registrytoken)) return { kind: 'bearer', token: registrytoken }
  if (isText(identitytoken)) return { kind: 'identity', token: identitytoken }
  if (isText(username) && isText(password)) return { kind: 'password', username, password }
  if (!isText(auth)) return undefined
  const decoded = Buffer.from(auth, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 1)
    throw new TemperError('bad-configuration', `${where}: "auth" is not the base64 of USER:PASSWORD`)
  return {
    kind: 'password',
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1).replace(/\0+$/, ''),
  }
}

function fromHelper(answer: unknown, helper: string): Credentials | undefined {
  if (answer === undefined) return undefined
  const { Username: username, Secret: secret } = members(answer) ?? {}
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw new TemperError(
      'tool-failed',
      `docker-credential-${helper}: expected Username and Secret, found something else`,
    )
  if (secret === '') return undefined
  // How helpers say that the secret is an identity token.
  if (username === '<token>') return { kind: 'identity', token: secret }
  return { kind: 'password', username, password: secret }
}

function members(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
