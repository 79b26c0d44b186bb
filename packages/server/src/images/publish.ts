import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FactoryWorld } from '../factory/world.ts'
import { attest, copyImage, parseReference, type Reference, signAll } from '../temper.ts'
import { type Release, releaseType } from './release.ts'
import { channels, tagIn } from './tags.ts'

type World = Pick<FactoryWorld, 'registry' | 'signing'>

/** An image that lies in a layout and is about to be published. */
export interface Unpublished {
  readonly name: string
  readonly digest: string
  /** Its digest in the layout. */
  readonly reference: Reference
  /** Tags of the recipe. */
  readonly tags: readonly string[]
}

/** Signs an image with all that is attached to it, under its future names. Returns the signer. */
export async function signImage({ registry, signing }: World, image: Unpublished): Promise<string> {
  const { reference } = image
  const { signer } = await signAll(
    { reference, names: namesOf(registry.knownAs(), image), ...signing },
    registry.context(),
  )
  return signer
}

function namesOf(host: string, { name, tags }: Pick<Unpublished, 'name' | 'tags'>): readonly string[] {
  return channels.flatMap((channel) => tags.map((tag) => `${host}/${name}:${tagIn(channel, tag)}`))
}

/**
 * Attaches the service's statements to the image, and pushes it: first the image by its digest, then its tags,
 * candidate tags first. `folder` is for a short-lived file.
 */
export async function pushImage(
  { registry, signing }: World,
  image: Unpublished,
  { release, folder }: { readonly release: Release; readonly folder: string },
): Promise<void> {
  const { name, digest, reference } = image
  const context = registry.context()
  const predicate = join(folder, 'release.json')
  await writeFile(predicate, JSON.stringify(release))
  await attest({ reference, type: releaseType, predicate, scheme: 'referrers', ...signing }, context)
  const repository = `${registry.prefix()}/${name}`
  const push = (to: string) =>
    copyImage({ from: reference, to: parseReference(to), evidence: 'require' }, context)
  await push(`${repository}@${digest}`)
  for (const { tag } of release.tags) await push(`${repository}:${tag}`)
}
