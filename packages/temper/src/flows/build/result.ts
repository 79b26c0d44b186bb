import type { Digest } from '../../base/digest.ts'
import type { PrunedPackage } from '../../model/lock.ts'
import type { UnmodelledEffect } from '../../model/package/unmodelled-effect.ts'
import type { Relaxation } from '../../model/recipe.ts'
import type { VerdictJson } from '../../report/json/verdict.ts'
import type { ScanSummary } from '../../report/summary.ts'
import type { GateJson } from '../assess/gate-json.ts'
import type { RefusedEvidence } from '../image/publish.ts'
import type { OtherRevision } from '../lock/revision.ts'

/** What was built for one platform; JSON has the same form. */
export interface PlatformResult {
  /** "linux/amd64". */
  readonly platform: string
  readonly digest: Digest
  /** Bytes of all layers as they are transferred. */
  readonly size: number
  /** Bytes of all files. */
  readonly unpackedSize: number
  readonly layers: number
  readonly packages: number
  /** Everything in the tree that is not a folder. */
  readonly files: number
  /** As the image's configuration names it. */
  readonly user: string
  readonly pruned: readonly PrunedPackage[]
  /** Number of package entries that were left out, by reason. */
  readonly stripped: Readonly<Record<string, number>>
  readonly unmodelledEffects: readonly UnmodelledEffect[]
  readonly relaxations: readonly Relaxation[]
}

/** What a scan of one platform's image found. */
export interface BuildScan extends ScanSummary {
  /** "linux/amd64". */
  readonly platform: string
  /** The newest date of the advisories, RFC 3339. */
  readonly asOf?: string
  /** What the gate said; absent without rules. */
  readonly verdict?: VerdictJson
}

export interface BuildResult {
  /** Where the image is, as every command takes it. */
  readonly reference: string
  /** Of the manifest, or of the index when there are several platforms. */
  readonly digest: Digest
  readonly platforms: readonly PlatformResult[]
  /** True when nothing had to be made, since the same image existed already. */
  readonly cached: boolean
  /** Further references that were written or pushed. */
  readonly published: readonly string[]
  /** What is attached to the image but was refused there; absent when nothing was. */
  readonly refused?: readonly (RefusedEvidence & { readonly reference: string })[]
  /** Id of the key, or the identity, that signed the image and what is attached to it; absent when nothing was signed. */
  readonly signer?: string
  /** Known vulnerabilities of the image, for each platform; absent when there were no advisories. */
  readonly scans?: readonly BuildScan[]
  /** The policy's decision; absent without a policy. */
  readonly gate?: GateJson
  /** The lock that was used; absent when the build resolved afresh. */
  readonly lock?: string
  /** Set when the lock was made with other effects and rules, so that the digest differs from the one that its maker got. */
  readonly otherRevision?: OtherRevision
}
