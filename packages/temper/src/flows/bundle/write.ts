import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { bytesOf } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, temporaryPath } from '../../base/file.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { type Blob, type Manifest, mediaTypes } from '../../model/image.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { openStore } from '../../oci/open-store.ts'
import { loadPolicy } from '../../policy/file/extend.ts'
import { packagedPolicies, packagedPolicy } from '../../policy/packaged/packaged.ts'
import { knownRules } from '../assess/policy.ts'
import type { Context } from '../context.ts'
import { exportFeeds } from '../feeds/export.ts'
import { digestOfFile } from '../feeds/import.ts'
import { publish } from '../image/publish.ts'
import { openImage } from '../image/source.ts'
import { readTrustText } from '../trust/policy.ts'
import { attachedDigest } from './attached.ts'
import {
  type BundledImage,
  type BundleList,
  bundleName,
  bundleType,
  isPartName,
  partCount,
  partLimit,
  partNames,
  partTypes,
} from './content.ts'
import { nameIn } from './name.ts'

export interface BundleRequest {
  /** At least one; each once. */
  readonly images: readonly Reference[]
  /** The file that is written. */
  readonly output: string
  /** Advisories: a store of feeds or an exported file; `false`: none. Default: those in the cache. */
  readonly feeds?: string | false
  /** A trust file, with the keys and the trusted root that it names. */
  readonly trust?: string
  /** Which services to trust about identities and times, for people who do not have a trust file. */
  readonly trustedRoot?: string
  /** Name of a packaged policy, or path of a policy file. */
  readonly policy?: string
}

export interface BundleResult {
  /** Absolute. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /**
   * Covers everything in it: whoever gets this digest through another channel may rely on what the bundle says about
   * trust.
   */
  readonly digest: Digest
  readonly images: readonly BundledImage[]
  /** Names of what is in it beside images. */
  readonly parts: readonly string[]
}

/** A part beside images. */
interface Part {
  readonly name: string
  readonly blob: Blob
}

/**
 * Writes images with everything attached to them, advisories, whom to trust and a policy into one file, which
 * is also an archive of an image layout. The same content gives the same bytes, and the file appears only when
 * it is complete. Errors: those
 * of reading images, `bad-trust`, `bad-policy`, `not-found`, `limit-exceeded`.
 */
export async function writeBundle(request: BundleRequest, context: Context): Promise<BundleResult> {
  const path = resolve(context.workingDir, request.output)
  const folder = await mkdtemp(join(context.temporaryDir, 'temper-bundle-')).catch((error) => {
    throw fileError('write', context.temporaryDir, error)
  })
  try {
    const { parts, policy } = await partsOf(request, folder, context)
    if (parts.length > partCount)
      throw new TemperError('limit-exceeded', `A bundle has at most ${partCount} files besides images`)
    const temporary = temporaryPath(path)
    const store = await openStore({ kind: 'oci-archive', path: temporary }, { existing: 'replace' })
    try {
      const images: BundledImage[] = []
      for (const [name, reference] of byName(request.images))
        images.push(await addImage(name, { reference, to: store }, context))
      const attached = await attachedDigest(
        store,
        images.map(({ digest }) => digest),
      )
      const list: BundleList = { version: 1, images, attached, ...(policy === undefined ? {} : { policy }) }
      const manifest = manifestOf(list, parts)
      for (const blob of [...manifest.blobs, ...parts.map((part) => part.blob), manifest.blob])
        await store.push(blob)
      await store.tag(manifest.blob.descriptor, bundleName)
      await store.close()
      const { size } = await stat(temporary)
      await rename(temporary, path)
      const { digest } = manifest.blob.descriptor
      return { path, size, digest, images, parts: parts.map(({ name }) => name) }
    } catch (error) {
      await store.close().catch(() => {})
      await rm(temporary, { force: true })
      throw error
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** In the order of their names, so that it does not matter in which they are asked for. */
function byName(images: readonly Reference[]): readonly (readonly [name: string, reference: Reference])[] {
  const named = new Map<string, Reference>()
  for (const reference of images) {
    const name = nameIn(reference)
    if (named.has(name))
      throw new TemperError('bad-usage', `Two images would be called ${name} in the bundle`, {
        hint: 'Name each once; folders and archives are known by the last part of their path and their tag.',
      })
    named.set(name, reference)
  }
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1))
}

async function addImage(
  name: string,
  { reference, to }: { readonly reference: Reference; readonly to: Store },
  context: Context,
): Promise<BundledImage> {
  const source = await openImage(reference, context)
  try {
    await publish({
      from: source.store,
      to,
      root: source.root,
      name,
      evidence: 'require',
      progress: context.progress,
    })
    return { name, digest: source.root.digest }
  } finally {
    await source.store.close()
  }
}

async function partsOf(
  request: BundleRequest,
  folder: string,
  context: Context,
): Promise<{ readonly parts: readonly Part[]; readonly policy?: string }> {
  const parts: Part[] = []
  if (request.feeds !== false) parts.push(await feedsPart(request.feeds, folder, context))
  if (request.trust !== undefined) parts.push(...(await trustParts(request.trust, context)))
  if (request.trustedRoot !== undefined)
    parts.push(await rootPart(partNames.trustedRoot, resolve(context.workingDir, request.trustedRoot)))
  if (request.policy === undefined) return { parts }
  if (packagedPolicies.some((name) => name === request.policy)) return { parts, policy: request.policy }
  const { main, files } = await policyParts(request.policy, context)
  return { parts: [...parts, ...files], policy: main }
}

async function feedsPart(feeds: string | undefined, folder: string, context: Context): Promise<Part> {
  const own = feeds === undefined ? undefined : resolve(context.workingDir, feeds)
  const isFile = own !== undefined && (await stat(own).catch(() => undefined))?.isFile() === true
  const path = isFile
    ? own
    : (
        await exportFeeds(
          { file: join(folder, partNames.feeds), ...(feeds === undefined ? {} : { feeds }) },
          context,
        )
      ).path
  const { size } = await stat(path)
  const digest = await digestOfFile(path)
  const descriptor = { mediaType: partTypes.feeds, digest, size }
  return { name: partNames.feeds, blob: { descriptor, open: () => createReadStream(path) } }
}

/** A trusted root that can be used: what is wrong with it is told here, not at a site without a network. */
async function rootPart(name: string, path: string): Promise<Part> {
  const bytes = await readPart(path)
  const { readTrustedServices } = await import('../../attest/sigstore/trusted-services.ts')
  await readTrustedServices(bytes, path)
  return part(name, bytes)
}

/** The trust file and what it names beside itself. */
async function trustParts(trust: string, context: Context): Promise<readonly Part[]> {
  const { trustPolicyOf } = await import('../trust/policy.ts')
  const path = resolve(context.workingDir, trust)
  const text = await readTrustText(path)
  const { rules } = await trustPolicyOf(path)
  const named = [rules.trustedRoot, ...rules.keys.values()].filter(
    (name): name is string => name !== undefined && !name.includes('-----BEGIN '),
  )
  const parts = [part(partNames.trust, Buffer.from(text))]
  for (const name of new Set(named)) {
    const inside = `trust/${name.replace(/^\.\//, '')}`
    if (!isPartName(inside) || inside === partNames.trust)
      throw new TemperError('bad-trust', `${trust}: ${name} is not beside the trust file`, {
        hint: 'A bundle includes the files in the folder of the trust file, under plain names.',
      })
    const readFrom = name === rules.trustedRoot ? rootPart : filePart
    parts.push(await readFrom(inside, join(dirname(path), name)))
  }
  return parts
}

/** A policy file with those that it extends, which have to lie beside it. */
async function policyParts(
  policy: string,
  context: Context,
): Promise<{ readonly main: string; readonly files: readonly Part[] }> {
  const files = new Map<string, Part>()
  const folder = dirname(resolve(context.workingDir, policy))
  await loadPolicy(policy, {
    rules: knownRules(),
    load: async (name, from) => {
      const packaged = await packagedPolicy(name)
      if (packaged !== undefined) return packaged
      const path = resolve(from === undefined ? context.workingDir : folder, name)
      const inside = `policy/${basename(path)}`
      if (dirname(path) !== folder || !isPartName(inside))
        throw new TemperError('bad-policy', `${policy}: extends ${name}, which is not beside it`)
      const read = await filePart(inside, path)
      files.set(inside, read)
      return { name, bytes: await readFile(path) }
    },
  })
  return { main: `policy/${basename(policy)}`, files: [...files.values()] }
}

async function filePart(name: string, path: string): Promise<Part> {
  return part(name, await readPart(path))
}

async function readPart(path: string): Promise<Buffer> {
  return await readFile(path).catch((error) => {
    throw fileError('read', path, error)
  })
}

function part(name: string, bytes: Uint8Array): Part {
  if (bytes.length > partLimit)
    throw new TemperError('limit-exceeded', `${name}: ${bytes.length} bytes, more than ${partLimit}`)
  const descriptor = { mediaType: partTypes.file, digest: sha256(bytes), size: bytes.length }
  return { name, blob: { descriptor, open: () => bytesOf(bytes) } }
}

/** image-spec manifest.md, "Guidelines for Artifact Usage". */
function manifestOf(
  list: BundleList,
  parts: readonly Part[],
): { readonly blob: Blob; readonly blobs: readonly Blob[] } {
  const empty = blobOf(Buffer.from('{}'), mediaTypes.ociEmpty)
  const own = blobOf(Buffer.from(canonicalJson(list)), partTypes.list)
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: bundleType,
    config: empty.descriptor,
    layers: [
      own.descriptor,
      ...parts.map(({ name, blob: { descriptor } }) => ({
        ...descriptor,
        annotations: { 'org.opencontainers.image.title': name },
      })),
    ],
  }
  return { blob: blobOf(Buffer.from(JSON.stringify(manifest)), mediaTypes.ociManifest), blobs: [empty, own] }
}

function blobOf(bytes: Uint8Array, mediaType: string): Blob {
  return { descriptor: { mediaType, digest: sha256(bytes), size: bytes.length }, open: () => bytesOf(bytes) }
}
