import type { Digest } from '../../../base/digest.ts'
import type { ComponentType, Distribution } from '../../../model/inventory.ts'

/** A package by name and version. */
export interface SourceClaim {
  readonly name: string
  readonly version?: string
}

/** What a document says of one piece of software, before it is known what that is. */
export interface Claim {
  /** How the document names it inside itself; what others depend on it by. */
  readonly ref?: string
  readonly name?: string
  /** CycloneDX `group`: npm's scope, Maven's group. */
  readonly group?: string
  readonly version?: string
  /** All that it is said to be known by; the first is the document's first choice. */
  readonly purls: readonly string[]
  /** CPE 2.2 and 2.3. */
  readonly cpes?: readonly string[]
  /** What it is, where something else than the purl says so. */
  readonly type?: ComponentType
  readonly architecture?: string
  readonly source?: SourceClaim
  readonly distribution?: Distribution
  readonly licence?: string
  readonly supplier?: string
  /** Of the package as it is downloaded. */
  readonly digest?: Digest
  /** What its name was guessed from, where Temper wrote the document. */
  readonly guessedFrom?: string
  /** How a workflow writes what it runs ("actions/cache@v4"), where the document quotes it. */
  readonly statement?: string
  /** Hex, of the archive that it is. */
  readonly sha1?: string
  /** As the document has them, with or without a slash in front. */
  readonly paths: readonly string[]
}
