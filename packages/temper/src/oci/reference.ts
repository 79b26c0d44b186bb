import { type Digest, isDigest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { redactReference, redactText } from '../base/http/redact.ts'
import {
  type DaemonName,
  type DaemonReference,
  daemonNames,
  type Reference,
  type RegistryReference,
} from '../model/reference.ts'
import { isLayoutName, isRegistryHost, isRepository, isTag, looksLikeHost } from './name.ts'

const digestSuffix = /@([a-z0-9]+(?:[.+_-][a-z0-9]+)*:[^@/]*)$/
const transport = /^([a-z][a-z-]*):/
const pathKinds = ['oci', 'oci-archive', 'docker-archive'] as const
type PathKind = (typeof pathKinds)[number]

/** Longest reference that is read: a path and a name. */
const referenceLimit = 5000

const examples =
  'Write for example oci:out/nginx:1.26, oci-archive:nginx.tar, docker-archive:nginx.tar:nginx:1.26, ' +
  'or registry.example/team/nginx:1.26'

/**
 * Reads an image reference (see `Reference`). As with skopeo, the first colon ends the path of a layout or archive,
 * so such paths cannot contain one; every kind may end with `@sha256:…`. A reference without a transport is a
 * registry reference and names its host. `docker://nginx` means docker.io/library/nginx. Hosts are compared without
 * regard to case. Throws `bad-reference`.
 */
export function parseReference(text: string): Reference {
  if (text.length > referenceLimit) throw bad(text, `longer than ${referenceLimit} characters`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x1f\x7f]/.test(text)) throw bad(text, 'a control character in it')
  if (text.startsWith('docker://')) return parseRegistry(text, text.slice('docker://'.length), 'docker')
  const kind = pathKinds.find((each) => text.startsWith(`${each}:`))
  if (kind !== undefined) return parsePath(text, kind)
  const daemon = daemonNames.find((each) => text.startsWith(`${each}:`) && isDaemonForm(text, each))
  if (daemon !== undefined) return parseDaemon(text, daemon)
  const unknown = transport.exec(text)?.[1]
  if (unknown !== undefined && /:\/\//.test(text))
    throw bad(text, `the transport "${unknown}", which Temper does not know`)
  return parseRegistry(text, text, 'bare')
}

/** Writes a reference so that `parseReference` reads the same one back. */
export function formatReference(reference: Reference): string {
  if (isDaemon(reference)) return `${reference.kind}:${reference.name}`
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`
  if (reference.kind === 'registry') {
    const tag = reference.tag === undefined ? '' : `:${reference.tag}`
    return `${reference.registry}/${reference.repository}${tag}${digest}`
  }
  const name = reference.kind === 'docker-archive' ? reference.name : reference.tag
  return `${reference.kind}:${reference.path}${name === undefined ? '' : `:${name}`}${digest}`
}

/** Whether a name names no registry, as "nginx:1.27" and "team/web" do: Docker takes it for one of Docker Hub. */
export function isHostless(text: string): boolean {
  const slash = text.indexOf('/')
  return !/^[a-z][a-z-]*:\/\//.test(text) && (slash < 0 || !looksLikeHost(text.slice(0, slash)))
}

/** Whether a reference is to an image that a daemon of this machine keeps. */
export function isDaemon(reference: Reference): reference is DaemonReference {
  return daemonNames.some((name) => name === reference.kind)
}

/** "docker:5000/nginx" is a registry on a machine that is called docker. */
function isDaemonForm(text: string, daemon: DaemonName): boolean {
  return !/^\d{1,5}\//.test(text.slice(daemon.length + 1))
}

/** A name as registries have it, with or without a tag or digest, or the id of an image. */
function parseDaemon(text: string, kind: DaemonName): DaemonReference {
  const name = text.slice(kind.length + 1)
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(name)) return { kind, name }
  const [rest, digest] = splitDigest(text, name)
  if (normalizeDockerName(rest) === undefined)
    throw bad(text, `"${name}" after "${kind}:", which is not the name of an image`)
  const tag = /:([^/:]+)$/.exec(rest)?.[1]
  return { kind, name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

function parsePath(text: string, kind: PathKind): Reference {
  const [rest, digest] = splitDigest(text, text.slice(kind.length + 1))
  const colon = rest.indexOf(':')
  const path = colon < 0 ? rest : rest.slice(0, colon)
  const name = colon < 0 ? undefined : rest.slice(colon + 1)
  if (path === '') throw bad(text, `no path after "${kind}:"`)
  const pinned = digest === undefined ? {} : { digest }
  if (kind === 'docker-archive') {
    if (name === undefined) return { kind, path, ...pinned }
    return { kind, path, name: dockerName(text, name), ...pinned }
  }
  if (name === undefined) return { kind, path, ...pinned }
  if (!isLayoutName(name)) throw bad(text, `"${name}" after the path, which is not a tag`)
  return { kind, path, tag: name, ...pinned }
}

/**
 * A name as Docker's archives write it: `nginx` → `nginx:latest`, `docker.io/library/nginx:1` → `nginx:1`,
 * `team/web:1` as it is. Undefined when it is not one.
 */
export function normalizeDockerName(text: string): string | undefined {
  const name = text.replace(/^docker\.io\/(library\/)?/, '')
  const colon = name.lastIndexOf(':')
  const hasTag = colon > name.lastIndexOf('/')
  const tag = hasTag ? name.slice(colon + 1) : 'latest'
  const path = hasTag ? name.slice(0, colon) : name
  const slash = path.indexOf('/')
  const first = slash < 0 ? '' : path.slice(0, slash)
  const host = looksLikeHost(first) && isRegistryHost(first)
  if (!isTag(tag) || !isRepository(host ? path.slice(slash + 1) : path)) return undefined
  return `${path}:${tag}`
}

function dockerName(text: string, name: string): string {
  const normalized = normalizeDockerName(name)
  if (normalized === undefined) throw bad(text, `"${name}" after the path, which is not of the form NAME:TAG`)
  return normalized
}

function parseRegistry(text: string, address: string, form: 'docker' | 'bare'): RegistryReference {
  const [rest, digest] = splitDigest(text, address)
  const slash = rest.indexOf('/')
  const first = slash < 0 ? '' : rest.slice(0, slash)
  const hasHost = looksLikeHost(first)
  if (!hasHost && form === 'bare') throw noRegistry(text, rest)
  if (hasHost && !isRegistryHost(first)) throw bad(text, `"${first}" as the registry, which is not a host`)
  const name = hasHost ? rest.slice(slash + 1) : rest
  const colon = name.lastIndexOf(':')
  const tag = colon < 0 ? undefined : name.slice(colon + 1)
  const path = colon < 0 ? name : name.slice(0, colon)
  if (tag !== undefined && !isTag(tag)) throw bad(text, `"${tag}" as the tag, which is not one`)
  const host = first.toLowerCase()
  const registry = !hasHost || dockerHub.has(host) ? 'docker.io' : host
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path
  if (!isRepository(repository))
    throw bad(
      text,
      `"${path}" as the repository; it may hold only lower-case letters, digits, ".", "_", "-" and "/"`,
    )
  return {
    kind: 'registry',
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** Other hosts of Docker Hub, by which references are written too. */
const dockerHub: ReadonlySet<string> = new Set(['index.docker.io', 'registry-1.docker.io'])

function splitDigest(text: string, rest: string): [string, Digest | undefined] {
  const match = digestSuffix.exec(rest)
  const digest = match?.[1]
  if (match === null || digest === undefined) return [rest, undefined]
  if (!isDigest(digest)) throw bad(text, `"${digest}" as the digest; expected "sha256:" and 64 hex digits`)
  return [rest.slice(0, match.index), digest]
}

function noRegistry(text: string, rest: string): TemperError {
  const guess = normalizeDockerName(rest)
  const repository = guess?.includes('/') ? guess : `library/${guess}`
  const hint =
    guess === undefined
      ? `${examples}.`
      : `Put the registry in front: docker.io/${repository} or registry.example/${guess}. For a folder write oci:${rest}.`
  return new TemperError('bad-reference', `Image reference "${shorten(text)}": it names no registry`, {
    hint,
  })
}

/** Where the reference names a user, what was found may be a piece of the password, which no longer looks like one. */
function bad(text: string, found: string): TemperError {
  const shown = hidden(text) === text ? redactText(found) : 'a user or password, which references do not have'
  return new TemperError('bad-reference', `Image reference "${shorten(text)}": found ${shown}`, {
    hint: `${examples}.`,
  })
}

function hidden(text: string): string {
  return pathKinds.some((kind) => text.startsWith(`${kind}:`)) ? redactText(text) : redactReference(text)
}

function shorten(text: string): string {
  const shown = hidden(text)
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown
}
