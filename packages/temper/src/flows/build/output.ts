import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, join, resolve as resolvePath } from 'node:path'
import { jsonBlobs } from '../../assemble/layers/image.ts'
import { mapLimit } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { Blob, Descriptor, Image } from '../../model/image.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import type { Artifact } from '../../oci/image/artifact.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { keepOnly } from '../../oci/layout/sweep.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { isBuildEvidence } from '../evidence/evidence-type.ts'
import type { EvidencePolicy } from '../image/evidence-policy.ts'
import { nameOf, repositoryOf } from '../image/name.ts'
import type { RefusedEvidence } from '../image/publish.ts'

/** The folder of an OCI layout, and the name of the image in it; default: the name of the first further tag. */
export interface LayoutPlace {
  /** Relative paths start from the person's folder. */
  readonly path: string
  readonly tag?: string
}

export interface OutputRequest {
  /** Default: out/NAME, or out/NAME-VARIANT. */
  readonly layout?: LayoutPlace
  /** Where else the image goes: its tags there are set last. */
  readonly copies?: readonly Reference[]
  /** Whether to publish it also to the image that the recipe names, under the recipe's tags. */
  readonly toRecipeImage?: boolean
  /** How attachments of the image are handled where it is published. Default "require". */
  readonly evidence?: EvidencePolicy
}

/** The parts of a recipe that name its image. */
export type NamedRecipe = Pick<Recipe, 'name' | 'tags'> & Partial<Pick<Recipe, 'variant' | 'image'>>

/** Where a build is written: to a layout of its own, then to further references, tags last. */
export class BuildOutput {
  readonly #path: string
  readonly #name: string
  readonly #layout: Store
  readonly #targets: readonly Reference[]
  readonly #context: Context
  readonly #evidence: EvidencePolicy

  constructor(request: OutputRequest, recipe: NamedRecipe, context: Context) {
    this.#context = context
    this.#evidence = request.evidence ?? 'require'
    this.#targets = targetsOf(request, recipe)
    for (const target of this.#targets) refuseDigest(target)
    const { path, tag } = request.layout ?? { path: join('out', imageFolder(recipe)) }
    this.#path = resolvePath(context.workingDir, path)
    const first = this.#targets.find((target) => target.kind === 'registry' || target.kind === 'oci')
    this.#name = (first && 'tag' in first ? first.tag : undefined) ?? tag ?? tagsOf(recipe)[0] ?? 'latest'
    this.#layout = openLayout(this.#path)
  }

  /** The written image, for attaching more to it. */
  get layout(): Store {
    return this.#layout
  }

  /** Digest of the image in the layout. */
  get reference(): Reference {
    return { kind: 'oci', path: this.#path, tag: this.#name }
  }

  /** The names that the image will have in registries: its signatures state them. */
  get names(): readonly string[] {
    return this.#targets.flatMap((target) => nameOf(target) ?? [])
  }

  /** The repositories that it will be in. */
  get repositories(): readonly string[] {
    return [...new Set(this.#targets.map(repositoryOf))]
  }

  /** Fails when the layout could not be written, before minutes of work rather than after. */
  async check(): Promise<void> {
    for (let path = this.#path; ; path = dirname(path)) {
      try {
        await access(path, constants.W_OK)
        if (!(await stat(path)).isDirectory()) throw notAFolder(path)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || path === dirname(path))
          throw fileError('write', path, error)
      }
    }
    await this.#layout.has({ mediaType: '', digest: `sha256:${'0'.repeat(64)}`, size: 0 })
  }

  /** Whether the layout holds exactly this image, complete, under its name. */
  async holds(root: Descriptor, blobs: readonly Descriptor[]): Promise<boolean> {
    for await (const tag of this.#layout.tags()) if (tag !== this.#name) return false
    const named = await this.#layout.resolve(this.#name).catch((error) => {
      if (error instanceof TemperError && error.code === 'not-found') return undefined
      throw error
    })
    if (named?.digest !== root.digest) return false
    const present = await mapLimit([root, ...blobs], 16, (descriptor) => this.#layout.has(descriptor))
    return present.every((there) => there)
  }

  /**
   * Writes an image and, for several platforms, their index, with what is attached to them; the name comes last.
   * `evidence` replaces what an earlier build attached to the same image.
   */
  async write(
    images: readonly Image[],
    index: Blob | undefined,
    evidence: readonly Artifact[],
  ): Promise<Descriptor> {
    const layers = new Map(
      images.flatMap((image) => image.layers).map((layer) => [layer.descriptor.digest, layer]),
    )
    await mapLimit([...layers.values()], 3, (layer) => this.#layout.push(layer))
    for (const image of images) for (const blob of jsonBlobs(image)) await this.#layout.push(blob)
    if (index) await this.#layout.push(index)
    for (const { blobs, manifest } of evidence)
      for (const blob of [...blobs, manifest]) await this.#layout.push(blob)
    const root = index?.descriptor ?? images[0]?.descriptor
    if (!root) throw new TemperError('internal', 'A build without a platform')
    const written = new Set(evidence.map(({ manifest }) => manifest.descriptor.digest))
    await keepOnly(
      this.#path,
      { root, name: this.#name },
      { replaced: (artifact) => isBuildEvidence(artifact) && !written.has(artifact.digest) },
    )
    return root
  }

  /** Copies the image to the further references; each tag is set after everything else has arrived. */
  async publish(root: Descriptor): Promise<Published[]> {
    const published: Published[] = []
    if (this.#targets.length === 0) return published
    // Only now: most builds write a layout and need no registry client.
    const [{ openStoreFor }, { targetName }, { publish }] = await Promise.all([
      import('../image/store.ts'),
      import('../../oci/open-store.ts'),
      import('../image/publish.ts'),
    ])
    for (const target of this.#targets) {
      const store = await openStoreFor(target, this.#context)
      try {
        const refused = await publish({
          from: this.#layout,
          to: store,
          root,
          name: targetName(target),
          evidence: target.kind === 'docker-archive' ? 'none' : this.#evidence,
          progress: this.#context.progress,
        })
        published.push({ reference: formatReference(target), refused })
      } finally {
        // Finishes an archive that got its tag; drops what an error left incomplete.
        await store.close()
      }
    }
    return published
  }
}

/** Variants of one recipe lie beside each other; its version lines are tags of one image. */
function imageFolder({ name, variant }: NamedRecipe): string {
  return variant === undefined ? name : `${name}-${variant}`
}

function tagsOf({ tags, variant }: NamedRecipe): readonly string[] {
  if (tags.length > 0) return tags
  return [variant === undefined ? 'latest' : `latest-${variant}`]
}

/** The places that an image was written to, and the attachments that were refused there. */
export interface Published {
  readonly reference: string
  readonly refused: readonly RefusedEvidence[]
}

function targetsOf({ copies = [], toRecipeImage }: OutputRequest, recipe: NamedRecipe): readonly Reference[] {
  if (toRecipeImage !== true) return copies
  const { image } = recipe
  if (image !== undefined) {
    return [...copies, ...tagsOf(recipe).map((tag) => parseReference(`${image}:${tag}`))]
  }
  throw new TemperError('bad-usage', 'Nothing says where to publish the image', {
    next: { action: 'name-registry' },
  })
}

function refuseDigest(target: Reference): void {
  if (target.digest === undefined) return
  const text = formatReference(target)
  throw new TemperError('bad-usage', `${text}: a digest cannot be chosen: it follows from the image`, {
    hint: 'Write a tag, such as registry.example/team/nginx:1.26.',
  })
}

function notAFolder(path: string): TemperError {
  return new TemperError('file-system', `Cannot write ${path}: it is a file, not a folder`, {
    next: { action: 'choose-output' },
  })
}
