import type { Digest } from '../../base/digest.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import type { Relaxation } from '../../model/recipe.ts'
import type { Reference } from '../../model/reference.ts'
import type { LayoutPlace } from '../build/output.ts'

/** A part of hardening: newer packages, or the changes that rules ask for. */
export type HardenPart = 'updates' | 'rules'

export interface HardenRequest {
  readonly image: Reference
  /** Which image of several. */
  readonly platform?: ImagePlatform
  /** Where the hardened image goes. */
  readonly layout: LayoutPlace
  /** Further places for the hardened image; tags there are set last. */
  readonly copies?: readonly Reference[]
  /** Only one part: newer packages, or the rules. Absent: both. */
  readonly only?: HardenPart
  /** A file with the packages that were chosen before; written if it does not exist. */
  readonly lock?: string
  /** One layer instead of all: the image no longer contains anything that was removed. */
  readonly squash?: true
  /** Rules that this image may break, each with the reason. */
  readonly allow: readonly Relaxation[]
  /**
   * The user that the image runs as: a name or number, with a group after a colon. Absent: determined from the image.
   */
  readonly user?: string
  /** Absolute paths that the runtime user owns. */
  readonly writable: readonly string[]
}

/** A file or folder that was removed, with everything below it. */
export interface RemovedPath {
  /** Absolute. */
  readonly path: string
  /** Id of the rule. */
  readonly rule: string
}

/** A change that the policy asks for and that was not made, because nothing shows that it is safe. */
export interface LeftOver {
  /** A path, package or rule. */
  readonly what: string
  readonly why: string
}

export interface UpdatedPackage {
  readonly package: string
  /** Empty for a package that came along because a new version needs it. */
  readonly from: string
  readonly to: string
}

export interface HardenResult {
  /** The image that was hardened, by the digest of its manifest. */
  readonly from: string
  /** Of the hardened image. */
  readonly digest: Digest
  /** Reference of the hardened image, as every command takes it. */
  readonly reference: string
  readonly updated: readonly UpdatedPackage[]
  readonly removed: readonly RemovedPath[]
  readonly left: readonly LeftOver[]
  /** The user that it runs as; empty for root where the image says nothing. */
  readonly user: string
  /** Bytes of all layers, packed: before, and after. */
  readonly size: { readonly before: number; readonly after: number }
  readonly published: readonly string[]
}
