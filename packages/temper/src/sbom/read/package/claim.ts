import type { Digest } from '../../../base/digest.ts'
import type { ComponentType, Distribution } from '../../../model/inventory.ts'

/** A package by name and version. */
export interface SourceClaim {
  readonly name: string
  readonly version?: string
}

/** What a document says about one piece of software, before it is identified. */
export interface Claim {
  /** The document's internal reference to it, by which others depend on it. */
  readonly ref?: string
  readonly name?: string
  /** CycloneDX `group`: npm's scope, Maven's group. */
  readonly group?: string
  readonly version?: string
  /** All package URLs that the document gives, its first choice first. */
  readonly purls: readonly string[]
  /** CPE 2.2 and 2.3. */
  readonly cpes?: readonly string[]
  /** Its type, where something other than the purl states it. */
  readonly type?: ComponentType
  readonly architecture?: string
  readonly source?: SourceClaim
  readonly distribution?: Distribution
  readonly licence?: string
  readonly supplier?: string
  /** Digest of the package as it is downloaded. */
  readonly digest?: Digest
  /** What its name was guessed from, where Temper wrote the document. */
  readonly guessedFrom?: string
  /** How a workflow writes what it runs ("actions/cache@v4"), where the document quotes it. */
  readonly statement?: string
  /** SHA-1 of the archive, in hex. */
  readonly sha1?: string
  /** As the document writes them, with or without a leading slash. */
  readonly paths: readonly string[]
}
