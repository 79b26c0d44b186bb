import type { LayerListing, ListedEntry } from '../../formats/layer/listing.ts'

/** An entry of a layer, as far as an inventory needs it. */
export interface LayerEntry extends ListedEntry {
  /** Where it was asked for. */
  readonly sha1?: string
}

/** What a reader derived from a file. */
export interface LayerFact {
  /** Id of the reader. */
  readonly by: string
  readonly path: string
  readonly fact: unknown
}

export interface LayerNote {
  readonly code: string
  readonly message: string
  readonly path?: string
}

/** Everything that is known about one layer by itself, as plain JSON that is kept on disk. */
export interface LayerReading extends LayerListing {
  /** In the order of the archive. */
  readonly entries: readonly LayerEntry[]
  readonly facts: readonly LayerFact[]
  readonly notes: readonly LayerNote[]
}
