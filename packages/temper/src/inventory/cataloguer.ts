import type { LayerListing } from '../formats/layer/listing.ts'
import type { Component, ComponentType, Distribution, InventoryNote, Location } from '../model/inventory.ts'

/** What is known of a regular file before it is read. */
export interface FileHead {
  /** Without leading slash. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Permission bits. */
  readonly mode: number
  /** The first bytes, up to 32; fewer in short files. */
  readonly start: Uint8Array
}

/** A file that was selected, whole. */
export interface FileContent extends FileHead {
  readonly bytes: Uint8Array
}

/** What a cataloguer made of one file that is in the finished tree. */
export interface FoundFact<Fact> {
  readonly location: Location
  readonly fact: Fact
  /**
   * What it made of files at the same path in lower layers, lowest first: tells since when a database lists
   * something. Absent when there were none.
   */
  readonly earlier?: readonly FoundFact<Fact>[]
}

/** What some reader made of one file of one layer, whether or not a later layer hides that file. */
export interface ObservedFact<Fact> extends FoundFact<Fact> {
  /** The file is not in the finished tree: a later layer removed or replaced it. */
  readonly hidden: boolean
}

/** What cataloguers may know of the tree as a whole. */
export interface CatalogueScope {
  readonly distribution?: Distribution
  /** By OCI (GOARCH) name. */
  readonly architecture?: string
  /** Whether the finished tree has a file. */
  has(path: string): boolean
}

export interface Catalogue {
  readonly components: readonly Component[]
  readonly notes: readonly InventoryNote[]
}

/** Learns of a file while its bytes go by, so that none of it has to be held. */
export interface FileFollowing<Fact> {
  /** Takes the next bytes of the file. The chunk is not kept. */
  write(chunk: Uint8Array): void
  /** After the last byte. */
  finish(): Fact | undefined
}

/**
 * Makes facts of files. Layers are streamed: each selected file is shown once, whole, and what `read` makes of it
 * has to be small plain JSON, since it is kept (also on disk, per layer) until all layers are known.
 */
export interface FileReader<Fact> {
  /** "dpkg", "npm-lock". Facts kept on disk are found by id and version. */
  readonly id: string
  /** Raised whenever `select` or `read` change what they give. */
  readonly version: number | string
  /** Most bytes of a file that is read; larger ones are noted. Default 256 MiB. */
  readonly sizeLimit?: number
  /** Whether the file's content is needed. Called for every file: has to be cheap. */
  select(head: FileHead): boolean
  /** Undefined: the file says nothing. A TemperError becomes a note: one bad file spoils nothing else. */
  read(file: FileContent): Fact | undefined | Promise<Fact | undefined>
  /** In place of `read`, for a selected file that need not be held whole; undefined: it has to be. */
  follow?(head: FileHead): FileFollowing<Fact> | undefined
}

/**
 * Knows one kind of package database, manifest or binary. Whiteouts decide which files are left; `combine` sees
 * only facts of those.
 */
export interface Cataloguer<Fact> extends FileReader<Fact> {
  /** "dpkg", "npm-lock". Becomes `Component.foundBy`. */
  readonly id: string
  /** What its components are. */
  readonly type: ComponentType
  /** Facts in the order of paths. */
  combine(facts: readonly FoundFact<Fact>[], scope: CatalogueScope): Catalogue
}

/**
 * Sees files in the same pass over the layers, also those that a later layer hides (a search for secrets). Nothing
 * that it finds becomes a component.
 */
export interface FileObserver<Fact> extends FileReader<Fact> {
  /** Whether `finish` has to be told owners, permissions and times of entries too. */
  readonly attributes?: true
  /**
   * Called once, with the facts of all layers: lowest layer first, then in the order of paths; and with what the
   * layers list, lowest first (one for a folder).
   */
  finish(facts: readonly ObservedFact<Fact>[], layers: readonly LayerListing[]): void
}
