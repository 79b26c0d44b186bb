import { tmpdir } from 'node:os'
import { basename, resolve } from 'node:path'
import { TemperError } from '../base/error.ts'
import type { CredentialSource } from '../model/credentials.ts'
import type { Descriptor } from '../model/image.ts'
import type { DaemonName, Reference, RegistryReference } from '../model/reference.ts'
import type { Store } from '../model/store.ts'
import { childrenOf } from './image/manifest.ts'
import { manifestKind } from './image/media-type.ts'
import { imageMembers } from './image/members.ts'
import { readManifest } from './image/read-manifest.ts'
import type { ListingStore } from './layout/reader.ts'
import { formatReference, isDaemon, normalizeDockerName } from './reference.ts'

export interface OpenStoreOptions {
  /** Fetch function for registries. Without it, as when offline, a reference to a registry is an error. */
  readonly fetch?: typeof globalThis.fetch
  /** Ends every request. */
  readonly signal?: AbortSignal
  /** Credentials for registries; absent: none. */
  readonly credentials?: CredentialSource
  readonly insecureRegistries?: readonly string[]
  /** Where relative paths start. Default: the working folder of the process. */
  readonly workingDir?: string
  /** Where daemons listen, the likeliest place first; absent: nowhere. */
  readonly daemons?: DaemonSockets
  /** Folder for what a daemon exports; default: the system's temporary folder. */
  readonly temporaryDir?: string
  /** Whether an existing archive keeps its images when it is written to. Default "keep". */
  readonly existing?: 'keep' | 'replace'
}

/** Paths of sockets, and for Docker's interface `http://HOST:PORT` too, by daemon. */
export type DaemonSockets = Readonly<Record<DaemonName, readonly string[]>>

/**
 * The store that a reference points into. The tag and digest in the reference are not looked at: see
 * `resolveReference` for reading and `targetName` for the name to `tag`. Close it when done, also after an
 * error: what was not tagged by then is not written to an archive.
 */
export async function openStore(reference: Reference, options: OpenStoreOptions = {}): Promise<Store> {
  // Each kind is loaded when it is needed: most commands need one, and start sooner without the others.
  if (reference.kind === 'registry') return await openRegistry(reference, options)
  if (isDaemon(reference))
    return await (await import('./daemon/daemon.ts')).openDaemon(reference, {
      sockets: options.daemons?.[reference.kind] ?? [],
      temporaryDir: options.temporaryDir ?? tmpdir(),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
  const path = options.workingDir === undefined ? reference.path : resolve(options.workingDir, reference.path)
  if (reference.kind === 'oci') return (await import('./layout/layout.ts')).openLayout(path)
  const { openArchive } = await import('./archive/archive.ts')
  return openArchive(path, {
    format: reference.kind === 'oci-archive' ? 'oci' : 'docker',
    existing: options.existing ?? 'keep',
  })
}

async function openRegistry(reference: RegistryReference, options: OpenStoreOptions): Promise<Store> {
  const { fetch, signal, credentials, insecureRegistries } = options
  if (fetch === undefined)
    throw new TemperError(
      'offline',
      `Cannot reach ${formatReference(reference)}: the network must not be used`,
      {
        hint: 'Use a layout or an archive, or allow the network.',
        next: { action: 'go-online' },
      },
    )
  const [{ openRemote }, { createHttp }] = await Promise.all([
    import('./registry/remote.ts'),
    import('../base/http/http.ts'),
  ])
  return openRemote(reference, {
    http: createHttp({ fetch, userAgent: 'temper', ...(signal === undefined ? {} : { signal }) }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(insecureRegistries === undefined ? {} : { insecureRegistries }),
  })
}

/**
 * The manifest or index that a reference names in its store. Without tag and digest: "latest" of a registry, the only
 * image of a layout or archive. With both, the digest decides, and the tag must agree with it.
 */
export async function resolveReference(store: Store, reference: Reference): Promise<Descriptor> {
  const named = await resolveName(store, reference)
  return reference.kind === 'registry' ? named : await presentImage(store, named)
}

/**
 * An index of which a single image is there, as Docker saves one that it pulled for its own platform, is that image:
 * docker load and skopeo take it so too.
 */
async function presentImage(store: Store, named: Descriptor): Promise<Descriptor> {
  if (manifestKind(named.mediaType) !== 'index') return named
  const images = await imageMembers(store, named)
  const present: Descriptor[] = []
  for (const image of images) {
    if (!(await store.has(image))) continue
    const children = childrenOf(await readManifest(store, image))
    const there = await Promise.all(children.map((child) => store.has(child)))
    if (there.every((each) => each)) present.push(image)
  }
  const [only] = present
  if (only === undefined || present.length === images.length || present.length > 1) return named
  return { mediaType: only.mediaType, digest: only.digest, size: only.size }
}

async function resolveName(store: Store, reference: Reference): Promise<Descriptor> {
  // What a daemon hands out is the image that was asked for, and nothing else.
  if (isDaemon(reference)) return onlyImage(store, reference)
  const name = reference.kind === 'docker-archive' ? reference.name : reference.tag
  if (reference.digest !== undefined) {
    const descriptor = await store.resolve(reference.digest)
    if (name === undefined || reference.kind === 'registry') return descriptor
    const tagged = await store.resolve(name)
    if (tagged.digest === reference.digest) return descriptor
    throw new TemperError('digest-mismatch', `${formatReference(reference)}: the tag is now ${tagged.digest}`)
  }
  if (name !== undefined) return store.resolve(name)
  if (reference.kind === 'registry') return store.resolve('latest')
  return onlyImage(store, reference)
}

async function onlyImage(store: Store, reference: Reference): Promise<Descriptor> {
  const images = isListing(store) ? await store.images() : []
  const [first, ...others] = images
  if (first === undefined) throw new TemperError('not-found', `No image in ${formatReference(reference)}`)
  if (others.length === 0) return first
  const names: string[] = []
  for await (const name of store.tags()) names.push(name)
  throw new TemperError('bad-reference', `${formatReference(reference)} holds ${images.length} images`, {
    hint:
      names.length === 0
        ? `Name one by its digest: ${formatReference(reference)}@${first.digest}`
        : `Name one: ${names
            .slice(0, 10)
            .map((name) => `${formatReference(reference)}:${name}`)
            .join(', ')}`,
  })
}

/** The name to give to what is written to a reference; "latest" when it names none. */
export function targetName(reference: Reference): string {
  if (isDaemon(reference) || reference.kind !== 'docker-archive') return reference.tag ?? 'latest'
  const stem = basename(reference.path).replace(/\.(tar|tgz)(\.gz)?$/, '')
  return reference.name ?? normalizeDockerName(stem.toLowerCase()) ?? 'image:latest'
}

function isListing(store: Store): store is ListingStore {
  return 'images' in store
}
