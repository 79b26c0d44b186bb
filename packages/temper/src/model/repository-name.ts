import { posix } from 'node:path'

/** Names of Docker Hub, whose images everybody calls "docker.io/…". */
const dockerHub: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'hub.docker.com',
])

/**
 * The one form of "HOST/REPOSITORY", with or without tag, or "oci:PATH" by which rules and signers' names are compared:
 * hosts in lower case without the port that https has anyway and without a dot at the end, one name for Docker Hub, paths
 * without detours. Also for patterns of rules. Relative paths start from `folder`.
 */
export function normalName(name: string, folder = '/'): string {
  const [, kind, path] = /^(oci|oci-archive|docker-archive):(.*)$/s.exec(name) ?? []
  if (kind !== undefined && path !== undefined) return `${kind}:${normalPath(path, folder)}`
  const slash = name.indexOf('/')
  if (slash < 0) return name
  const host = normalHost(name.slice(0, slash))
  const rest = name.slice(slash + 1)
  const isOfficial = host === 'docker.io' && !rest.includes('/') && !/[*?]/.test(rest)
  return `${host}/${isOfficial ? 'library/' : ''}${rest}`
}

/** A pattern that begins with "**" is of any folder. */
function normalPath(path: string, folder: string): string {
  return path.startsWith('**') ? path : posix.resolve(folder, path)
}

function normalHost(host: string): string {
  const plain = host.toLowerCase()
  if (/[*?{}[\]]/.test(plain) && !/^\[[0-9a-f:.]+\](?::\d+)?$/.test(plain)) return plain
  const [, before = plain, port = ''] = /^(.*?)\.?(:\d+)?$/s.exec(plain) ?? []
  const known = URL.parse(`https://${before}${port}`)?.host ?? `${before}${port}`
  return dockerHub.has(known) ? 'docker.io' : known
}
