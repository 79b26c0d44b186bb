import { sha256 } from '../../../base/digest.ts'
import { mediaTypes } from '../../../model/image.ts'
import { bodyOf, type Exchange, fail, type Repository, send, sendPage } from './exchange.ts'

interface StoredManifest {
  readonly artifactType?: string
  readonly annotations?: object
  readonly subject?: { readonly digest: string }
  readonly config?: { readonly digest: string; readonly mediaType: string }
  readonly layers?: readonly { readonly digest: string }[]
  readonly manifests?: readonly { readonly digest: string }[]
}

const manifestLimit = 4 << 20

export async function answerManifest(exchange: Exchange): Promise<void> {
  const { request, response, repository, rest, behaviour } = exchange
  if (request.method === 'PUT') return putManifest(exchange)
  if (request.method === 'HEAD' && behaviour.headManifest !== undefined)
    return fail(response, behaviour.headManifest, 'UNSUPPORTED')
  const digest = rest.startsWith('sha256:') ? rest : digestOfTag(exchange)
  const held = digest === undefined ? undefined : repository.manifests.get(digest)
  const hidden = behaviour.untagged === 'hidden' && !reachable(repository).has(digest ?? '')
  if (held === undefined || hidden) return fail(response, 404, 'MANIFEST_UNKNOWN')
  const { bytes } = held
  if (behaviour.manifestHeaders) {
    response.setHeader('content-type', behaviour.manifestType ?? held.type)
    response.setHeader('content-length', bytes.length)
    response.setHeader('docker-content-digest', digest ?? '')
  }
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : bytes)
}

function digestOfTag({ repository, rest, behaviour }: Exchange): string | undefined {
  const tagged = repository.tags.get(rest)
  const named = rest.replace(/^sha256-/, 'sha256:')
  return tagged ?? (behaviour.digestTags && repository.manifests.has(named) ? named : undefined)
}

/** Manifests that have a tag, and what these name. */
function reachable(repository: Repository): ReadonlySet<string> {
  const seen = new Set<string>()
  const visit = (digest: string) => {
    const bytes = repository.manifests.get(digest)?.bytes
    if (bytes === undefined || seen.has(digest)) return
    seen.add(digest)
    for (const child of (JSON.parse(bytes.toString()) as StoredManifest).manifests ?? []) visit(child.digest)
  }
  for (const digest of repository.tags.values()) visit(digest)
  return seen
}

async function putManifest(exchange: Exchange): Promise<void> {
  const { request, response, repository, rest, behaviour } = exchange
  const bytes = await bodyOf(request)
  const own = sha256(bytes)
  if (bytes.length > manifestLimit) return fail(response, 413, 'SIZE_INVALID')
  if (rest.startsWith('sha256:') && rest !== own) return fail(response, 400, 'DIGEST_INVALID')
  const manifest = JSON.parse(bytes.toString()) as StoredManifest
  if (!isComplete(manifest, repository)) return fail(response, 400, 'MANIFEST_BLOB_UNKNOWN')
  if (behaviour.artifacts === 'refused' && isArtifact(manifest))
    return fail(response, 400, 'MANIFEST_INVALID')
  repository.manifests.set(own, { type: request.headers['content-type'] ?? '', bytes })
  if (!rest.startsWith('sha256:')) repository.tags.set(rest, own)
  response.setHeader('docker-content-digest', own)
  const subject = manifest.subject?.digest
  if (behaviour.ociSubject && subject !== undefined) response.setHeader('oci-subject', subject)
  response.writeHead(behaviour.tagged).end()
}

function isArtifact({ artifactType, config }: StoredManifest): boolean {
  const image = [mediaTypes.ociConfig, mediaTypes.dockerConfig] as readonly string[]
  return artifactType !== undefined || (config !== undefined && !image.includes(config.mediaType))
}

function isComplete(manifest: StoredManifest, repository: Repository): boolean {
  const { config, layers = [], manifests = [] } = manifest
  const blobs = config === undefined ? layers : [config, ...layers]
  return (
    blobs.every(({ digest }) => repository.blobs.has(digest)) &&
    manifests.every(({ digest }) => repository.manifests.has(digest))
  )
}

export function answerTags(exchange: Exchange): undefined {
  const names = [...exchange.repository.tags.keys()].sort()
  if (names.length === 0) return send(exchange.response, exchange.behaviour.noTags)
  sendPage(exchange, names, (tags) => ({ name: exchange.name, tags }))
}

export function answerReferrers(exchange: Exchange): undefined {
  const { behaviour, response, repository, rest } = exchange
  if (behaviour.referrers !== undefined) return send(response, behaviour.referrers)
  const listed = [...repository.manifests].flatMap(([digest, { type, bytes }]) => {
    const { subject, artifactType, annotations, config } = JSON.parse(bytes.toString()) as StoredManifest
    if (subject?.digest !== rest) return []
    const described = { mediaType: type, digest, size: bytes.length }
    if (!behaviour.referrerTypes) return [{ ...described, artifactType: config?.mediaType }]
    return [{ ...described, annotations, artifactType: artifactType ?? config?.mediaType }]
  })
  response.setHeader('content-type', mediaTypes.ociIndex)
  sendPage(exchange, listed, (manifests) => ({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests,
  }))
}

/** Answers a blob, or half of it when `cut`. */
export function answerBlob(
  { request, response, repository, rest, behaviour }: Exchange,
  cut: boolean,
): undefined {
  const bytes = repository.blobs.get(rest)
  if (request.method === 'HEAD' && behaviour.headBlob !== undefined)
    return fail(response, behaviour.headBlob, 'UNSUPPORTED')
  if (bytes === undefined) return fail(response, 404, 'BLOB_UNKNOWN')
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const ranged = from !== undefined && behaviour.ranges === 'heeded'
  const start = ranged ? Number(from) : 0
  if (ranged && start >= bytes.length) return fail(response, 416, 'RANGE_INVALID')
  const end = ranged && to ? Math.min(Number(to) + 1, bytes.length) : bytes.length
  const part = bytes.subarray(start, end)
  const headers = { 'content-length': part.length, 'docker-content-digest': rest }
  const range = ranged ? { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` } : {}
  response.writeHead(ranged ? 206 : 200, { ...headers, ...range })
  if (request.method === 'HEAD') return void response.end()
  if (!cut) return void response.end(part)
  response.write(part.subarray(0, part.length >> 1), () => request.socket.destroy())
}
