import { bytesOf } from '../base/bytes.ts'
import { mapLimit } from '../base/concurrency.ts'
import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { type Progress, type ProgressTask, silentProgress } from '../base/progress.ts'
import type { Blob, Descriptor } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { childrenOf, parseManifest } from './image/manifest.ts'
import { manifestKind, manifestLimit } from './image/media-type.ts'
import { readBounded } from './image/read-manifest.ts'
import { badImage } from './json-value.ts'
import { isRefusal } from './store-error.ts'

/** A store that can take over a blob from another repository on the same server without transferring it. */
export interface MountingStore extends Store {
  /** True when the blob is there afterwards. */
  mount(descriptor: Descriptor, from: string): Promise<boolean>
}

export interface CopyOptions {
  /** Number of blobs transferred at the same time. Default 4. */
  readonly concurrency?: number
  /** Repositories on the target's server that may have the blobs. */
  readonly mountFrom?: readonly string[]
  /** Also copy what refers to the copied manifests (signatures, SBOMs…). Default "skip". */
  readonly referrers?: 'copy' | 'skip'
  /** Called with each referrer that the target permanently refuses; without it a refusal is an error. */
  readonly onRefused?: (referrer: Descriptor, error: TemperError) => void
  readonly progress?: Progress
}

/** Most manifests of one copy, and most bytes of them together: they are held until their children are there. */
const manifestCountLimit = 20_000
const manifestBytesLimit = 64 << 20

/** Nested deeper than this is no index that anyone writes. */
const depthLimit = 16

/**
 * Copies a manifest or index with everything that it names: children before parents, equal blobs once, and nothing
 * that exists already. The tag is the caller's last step: `to.tag(root, name)`. Works for a single blob too. An
 * existing manifest counts as complete, since it was written after its children.
 */
export async function copy(
  from: Store,
  to: Store,
  root: Descriptor,
  options: CopyOptions = {},
): Promise<void> {
  const plan = new CopyPlan(from, to, options)
  await plan.add(root, { depth: 0, manifests: plan.manifests })
  await plan.run()
}

/** How deep a descriptor lies, and with which manifests its own is pushed. */
interface Place {
  readonly depth: number
  readonly manifests: Map<Digest, Blob>
}

class CopyPlan {
  readonly #from: Store
  readonly #to: Store
  readonly #options: CopyOptions
  readonly #blobs = new Map<Digest, Descriptor>()
  /** In the order of pushing: children first. */
  readonly manifests = new Map<Digest, Blob>()
  readonly #visited = new Set<Digest>()
  /** Referrers, which are pushed last. */
  readonly #referring = new Map<Digest, Blob>()
  #bytes = 0

  constructor(from: Store, to: Store, options: CopyOptions) {
    this.#from = from
    this.#to = to
    this.#options = options
  }

  async add(descriptor: Descriptor, place: Place): Promise<void> {
    const { depth } = place
    if (manifestKind(descriptor.mediaType) === undefined) {
      const known = this.#blobs.get(descriptor.digest)
      if (known !== undefined && known.size !== descriptor.size)
        throw badImage(`${descriptor.digest}: described with ${known.size} and with ${descriptor.size} bytes`)
      this.#blobs.set(descriptor.digest, descriptor)
      return
    }
    if (depth > depthLimit)
      throw new TemperError(
        'limit-exceeded',
        `${descriptor.digest}: indices nested deeper than ${depthLimit}`,
      )
    if (this.#visited.has(descriptor.digest)) return
    this.#visited.add(descriptor.digest)
    if (this.#visited.size > manifestCountLimit)
      throw new TemperError('limit-exceeded', `More than ${manifestCountLimit} manifests to copy`)
    if (!(await this.#to.has(descriptor)) || this.#options.referrers === 'copy')
      await this.#addManifest(descriptor, place)
    if (this.#options.referrers === 'copy')
      for await (const referrer of this.#from.referrers(descriptor.digest))
        await this.add(referrer, { depth: depth + 1, manifests: this.#referring })
  }

  async #addManifest(descriptor: Descriptor, { depth, manifests }: Place): Promise<void> {
    const bytes = await readBounded(this.#from, descriptor, manifestLimit)
    this.#bytes += bytes.length
    if (this.#bytes > manifestBytesLimit)
      throw new TemperError('limit-exceeded', `More than ${manifestBytesLimit} bytes of manifests to copy`)
    const parsed = parseManifest(bytes, descriptor.digest, descriptor.mediaType)
    for (const child of childrenOf(parsed)) await this.add(child, { depth: depth + 1, manifests })
    manifests.set(descriptor.digest, { descriptor, open: () => bytesOf(bytes) })
  }

  async run(): Promise<void> {
    const { progress = silentProgress, concurrency = 4 } = this.#options
    const blobs = [...this.#blobs.values()]
    const total = blobs.reduce((sum, blob) => sum + blob.size, 0)
    const task = progress.start('Copying', { total, unit: 'bytes' })
    try {
      // The largest first: the last one to finish should not be a large one.
      const order = blobs.toSorted((a, b) => b.size - a.size)
      await mapLimit(order, concurrency, (blob) => this.#copyBlob(blob, task))
      for (const manifest of this.manifests.values()) await this.#to.push(manifest)
      for (const manifest of this.#referring.values()) await this.#pushReferring(manifest)
    } finally {
      task.done()
    }
  }

  async #pushReferring(manifest: Blob): Promise<void> {
    try {
      await this.#to.push(manifest)
    } catch (error) {
      if (this.#options.onRefused === undefined || !isRefusal(error)) throw error
      this.#options.onRefused(manifest.descriptor, error)
    }
  }

  async #copyBlob(descriptor: Descriptor, task: ProgressTask): Promise<void> {
    if ((await this.#to.has(descriptor)) || (await this.#mount(descriptor))) {
      task.advance(descriptor.size)
      return
    }
    // A push may open the blob again after a broken connection: bytes count once.
    let furthest = 0
    const count = (position: number) => {
      if (position > furthest) task.advance(position - furthest)
      furthest = Math.max(furthest, position)
    }
    const open = () => counted(this.#from.fetch(descriptor), count)
    await this.#to.push({ descriptor, open })
  }

  async #mount(descriptor: Descriptor): Promise<boolean> {
    for (const repository of this.#options.mountFrom ?? [])
      if (canMount(this.#to) && (await this.#to.mount(descriptor, repository))) return true
    return false
  }
}

function canMount(store: Store): store is MountingStore {
  return 'mount' in store && typeof store.mount === 'function'
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: (position: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let position = 0
  for await (const chunk of source) {
    position += chunk.length
    count(position)
    yield chunk
  }
}
