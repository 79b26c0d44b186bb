import type { Digest } from '../../base/digest.ts'
import type { FileObserver } from '../../inventory/cataloguer.ts'
import type { ImageConfig } from '../../model/image.ts'
import type { Distribution, Inventory } from '../../model/inventory.ts'
import type { ImagePlatform } from '../../model/platform.ts'

/** The source of an image's inventory: a trusted bill of materials that is attached to it, or its layers. */
export type InventorySource = 'auto' | 'attached' | 'layers'

export interface InventoryOfOptions {
  /** Selects one image of several, or the packages of a lock. */
  readonly platform?: ImagePlatform
  /**
   * For images. "auto", the default: from a trusted attached document when there is one, else from the layers.
   * "attached": from nothing else. "layers": without looking for a document.
   */
  readonly source?: InventorySource
  /** Whether files get a SHA-1 too, as SPDX 2.3 demands. Default false. */
  readonly sha1?: boolean
  /** Observers that see the files when an image's layers or a folder are read. */
  readonly observers?: readonly FileObserver<unknown>[]
  /** Places that are left out, as patterns (see `excludedPlaces`). */
  readonly exclude?: readonly string[]
  /** The distribution of packages that do not say theirs. */
  readonly distribution?: Distribution
}

/** The content of a target, and what is known about the target itself. */
export interface TargetInventory {
  readonly inventory: Inventory
  readonly kind: 'image' | 'directory' | 'sbom' | 'lock'
  /** The name from `targetName`: "oci:out/nginx", "dir:/srv/root", "sbom:a.json", "lock:nginx.lock.json". */
  readonly name: string
  /** Digest of the image of one platform; for documents, of the image that they say they describe. */
  readonly digest?: Digest
  /** "linux/amd64". */
  readonly platform?: string
  /** The image's own time, or the document's; RFC 3339, as it is written there. */
  readonly created?: string
  /** The name of what is described, if a document, a lock or an image states it. */
  readonly title?: string
  /** Package URL of what a document describes, as it says it. */
  readonly purl?: string
  /** Of an image. */
  readonly config?: ImageConfig
  /** "layers", "attached SBOM sha256:…", "SPDX 2.3", "lock", "files". */
  readonly from: string
}
