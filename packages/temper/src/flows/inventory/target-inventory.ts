import type { Digest } from '../../base/digest.ts'
import type { FileObserver } from '../../inventory/cataloguer.ts'
import type { ImageConfig } from '../../model/image.ts'
import type { Distribution, Inventory } from '../../model/inventory.ts'
import type { ImagePlatform } from '../../model/platform.ts'

/** Where the inventory of an image is taken from: a trusted bill of materials that is attached to it, or its layers. */
export type InventorySource = 'auto' | 'attached' | 'layers'

export interface InventoryOfOptions {
  /** Which image of several; which packages of a lock. */
  readonly platform?: ImagePlatform
  /**
   * For images. "auto", the default: from a trusted attached document when there is one, else from the layers.
   * "attached": from nothing else. "layers": without looking for a document.
   */
  readonly source?: InventorySource
  /** Whether files get a SHA-1 too, as SPDX 2.3 demands. Default false. */
  readonly sha1?: boolean
  /** Who else sees the files, where an image's layers or a folder are read. */
  readonly observers?: readonly FileObserver<unknown>[]
  /** Places that are left out, as patterns (see `excludedPlaces`). */
  readonly exclude?: readonly string[]
  /** The distribution of packages that do not say theirs. */
  readonly distribution?: Distribution
}

/** What a target holds, and what is known of the target itself. */
export interface TargetInventory {
  readonly inventory: Inventory
  readonly kind: 'image' | 'directory' | 'sbom' | 'lock'
  /** As `targetName` has it: "oci:out/nginx", "dir:/srv/root", "sbom:a.json", "lock:nginx.lock.json". */
  readonly name: string
  /** Of the image of one platform; of documents, the one that they say they describe. */
  readonly digest?: Digest
  /** "linux/amd64". */
  readonly platform?: string
  /** The image's own time, or when the document says it was made; RFC 3339, as it is written there. */
  readonly created?: string
  /** The name of what is described, as far as a document, a lock or an image says it. */
  readonly title?: string
  /** Package URL of what a document describes, as it says it. */
  readonly purl?: string
  /** Of an image. */
  readonly config?: ImageConfig
  /** "layers", "attached SBOM sha256:…", "SPDX 2.3", "lock", "files". */
  readonly from: string
}
