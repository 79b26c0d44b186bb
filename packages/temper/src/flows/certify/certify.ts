import { resolve } from 'node:path'
import { type Digest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { type Blob, type Descriptor, mediaTypes } from '../../model/image.ts'
import type { Component } from '../../model/inventory.ts'
import { formatPlatform } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { imageMembers } from '../../oci/image/members.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { readBounded, readManifest } from '../../oci/image/read-manifest.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { keepOnly } from '../../oci/layout/sweep.ts'
import { lockedPlatform } from '../../recipe/lock/fit.ts'
import { sbomLimit } from '../../sbom/read/limits.ts'
import type { BuiltPlatform } from '../build/platform.ts'
import { provenanceOf } from '../build/provenance.ts'
import { keyOf } from '../build/record.ts'
import type { Context } from '../context.ts'
import { openVexType, sbomFormats } from '../evidence/evidence-type.ts'
import type { TargetRequest } from '../lock/named-recipe.ts'
import { findLock, loadTarget } from '../lock/recipe-target.ts'
import { statementsOf } from '../vex/file.ts'

export interface CertifyRequest extends TargetRequest {
  /** Folder of the layout that somebody else built into; it holds one image. */
  readonly layout: string
  readonly digest: Digest
  /** Path of the lock that it was built from. */
  readonly lock: string
  /** What was found in the layers of each platform. */
  readonly found: ReadonlyMap<string, readonly Component[]>
  /**
   * Whether only Temper itself ran, so that its statements about vulnerabilities are kept. Bills of materials are
   * always checked.
   */
  readonly ownBuild: boolean
}

export interface CertifiedBuild {
  /** What was removed from the image, by type. */
  readonly dropped: readonly string[]
}

/**
 * Replaces what a build says about itself with what the one who ordered it knows: provenance is rewritten from
 * the recipe, the lock and the digests; bills of materials stay if they leave out nothing that the layers hold;
 * everything else that is attached is removed. So a build step that broke out of its sandbox cannot claim
 * anything. Throws `not-verified` for a bill of materials that hides something, and `bad-lock`.
 */
export async function certify(request: CertifyRequest, context: Context): Promise<CertifiedBuild> {
  const target = await loadTarget(request, context)
  const located = await findLock(request.lock, target, context)
  if (located === undefined) throw new TemperError('not-found', `There is no lock ${request.lock}`)
  const { lock } = located
  const path = resolve(context.workingDir, request.layout)
  const layout = openLayout(path)
  try {
    const root = await layout.resolve(request.digest)
    const images = await imagesOf(layout, root)
    const platforms = images.map(({ platform }) => lockedOf(platform))
    const statements = await statementsOf(target, context)
    const key = keyOf({ target, statements, feeds: undefined, lock, platforms }, context)
    const built = images.map((image) => described(image, target.recipe.hardening.allow))
    const index = images.length > 1 || images[0]?.descriptor.digest !== root.digest ? blobOf(root) : undefined
    const fresh = provenanceOf({ target, lock, built, index, key, statements: statements?.bytes }, context)
    for (const { blobs, manifest } of fresh) for (const blob of [...blobs, manifest]) await layout.push(blob)
    const kept = new Set(fresh.map(({ manifest }) => manifest.descriptor.digest))
    const dropped: string[] = []
    for (const { descriptor, platform } of [...images, { descriptor: root, platform: undefined }])
      for await (const each of layout.referrers(descriptor.digest)) {
        if (kept.has(each.digest)) continue
        if (await mayStay(layout, each, { ...request, platform })) kept.add(each.digest)
        else dropped.push(each.artifactType ?? each.mediaType)
      }
    const name = await nameIn(layout)
    await keepOnly(path, { root, name }, { replaced: (each) => !kept.has(each.digest) })
    return { dropped: [...new Set(dropped)].sort() }
  } finally {
    await layout.close()
  }
  function lockedOf(platform: string) {
    const wanted = target.platforms.find((each) => formatPlatform(each) === platform)
    if (wanted !== undefined) return lockedPlatform(lock, wanted, { file: request.lock })
    throw new TemperError(
      'bad-image',
      `${request.layout}: it has an image for ${platform}, which was not asked for`,
    )
  }
}

interface BuiltImage {
  readonly descriptor: Descriptor
  readonly platform: string
  readonly image: Awaited<ReturnType<typeof readImage>>
}

async function imagesOf(layout: Store, root: Descriptor): Promise<readonly BuiltImage[]> {
  const images: BuiltImage[] = []
  const members = await imageMembers(layout, root)
  const parsed = await readManifest(layout, root)
  // Statements can be members of an index too, and would be taken for what its maker says.
  if (parsed.kind === 'index' && parsed.index.manifests.length !== members.length)
    throw new TemperError('bad-image', `The index ${root.digest} holds other things than images`)
  for (const descriptor of members) {
    const image = await readImage(layout, descriptor)
    images.push({ descriptor: image.descriptor, platform: formatPlatform(image.config), image })
  }
  return images
}

/** As much of a platform as provenance tells; what was left out of packages only the build could say. */
function described(
  { image, platform, descriptor }: BuiltImage,
  relaxations: BuiltPlatform['result']['relaxations'],
): BuiltPlatform {
  const result = { platform, digest: descriptor.digest, stripped: {}, relaxations }
  return { image, result } as unknown as BuiltPlatform
}

/** Provenance only looks at its descriptor. */
function blobOf(descriptor: Descriptor): Blob {
  return {
    descriptor,
    open: () => {
      throw new TemperError('internal', 'The index is not read')
    },
  }
}

async function nameIn(layout: ReturnType<typeof openLayout>): Promise<string> {
  for await (const tag of layout.tags()) return tag
  return 'latest'
}

const sbomTypes: readonly string[] = Object.values(sbomFormats)

async function mayStay(
  layout: Store,
  attached: Descriptor,
  {
    found,
    ownBuild,
    platform,
  }: Pick<CertifyRequest, 'found' | 'ownBuild'> & { readonly platform: string | undefined },
): Promise<boolean> {
  const type = attached.artifactType ?? ''
  if (type === openVexType) return ownBuild
  if (!sbomTypes.includes(type)) return false
  const parsed = await readManifest(layout, { ...attached, mediaType: mediaTypes.ociManifest })
  const [document] = parsed.kind === 'manifest' ? parsed.manifest.layers : []
  if (document === undefined) return false
  const bytes = await readBounded(layout, document, sbomLimit)
  const { readSbom } = await import('../../sbom/read/read.ts')
  const { inventory } = await readSbom(bytes, { what: `the bill of materials ${sha256(bytes)}` })
  const listed = new Set(inventory.components.map(nameOf))
  const inLayers = platform === undefined ? [...found.values()].flat() : (found.get(platform) ?? [])
  const hidden = inLayers.filter((each) => !listed.has(nameOf(each)))
  if (hidden.length === 0) return true
  const names = hidden.slice(0, 5).map(({ name, version }) => `${name} ${version}`)
  throw new TemperError('not-verified', `The build's bill of materials leaves out ${names.join(', ')}`, {
    hint: 'What the build says about itself differs from its layers. Look at the build steps of the recipe.',
  })
}

function nameOf({ type, name, version }: Component): string {
  return `${type} ${name} ${version}`
}
