import type { LayerListing } from '../formats/layer/listing.ts'
import type { Component, ComponentType, Distribution, InventoryNote, Location } from '../model/inventory.ts'

/** What is known about a regular file before it is read. */
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

/** A selected file with its whole content. */
export interface FileContent extends FileHead {
  readonly bytes: Uint8Array
}

/** What a cataloguer derived from one file that is in the finished tree. */
export interface FoundFact<Fact> {
  readonly location: Location
  readonly fact: Fact
  /**
   * What it derived from files at the same path in lower layers, lowest first, which shows since when a database
   * lists something. Absent when there were none.
   */
  readonly earlier?: readonly FoundFact<Fact>[]
}

/** What a reader derived from one file of one layer, whether or not a later layer hides that file. */
export interface ObservedFact<Fact> extends FoundFact<Fact> {
  /** True when the file is not in the finished tree because a later layer removed or replaced it. */
  readonly hidden: boolean
}

/** What cataloguers may know about the tree as a whole. */
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
  /** What projects ask for while nothing of the same kind says which packages they get. */
  readonly unlocked?: readonly UnlockedManifest[]
}

/** A file in which a project asks for packages, without a lock. */
export interface UnlockedManifest {
  /** What reads it, as people call it. */
  readonly tool: string
  readonly type: ComponentType
  /** As far as they are known. */
  readonly names: readonly string[]
  readonly location: Location
}

/** Derives facts from a file while its bytes go by, so that nothing has to be held in memory. */
export interface FileFollowing<Fact> {
  /** Takes the next bytes of the file. The chunk is not kept. */
  write(chunk: Uint8Array): void
  /** After the last byte. */
  finish(): Fact | undefined
}

/**
 * Derives facts from files. Layers are streamed: each selected file is passed once, as a whole, and the result of
 * `read` has to be small plain JSON, since it is kept (also on disk, per layer) until all layers are known.
 */
export interface FileReader<Fact> {
  /** "dpkg", "npm-lock". Facts kept on disk are found by id and version. */
  readonly id: string
  /** Raised whenever the results of `select` or `read` change. */
  readonly version: number | string
  /** Limit on the bytes of a file that is read; larger ones are noted. Default 256 MiB. */
  readonly sizeLimit?: number
  /** Whether the file's content is needed. It is called for every file and has to be cheap. */
  select(head: FileHead): boolean
  /**
   * The facts in a file; undefined when there are none. A TemperError becomes a note, so that one bad file affects
   * nothing else.
   */
  read(file: FileContent): Fact | undefined | Promise<Fact | undefined>
  /** Used instead of `read` for a selected file that need not be held as a whole; undefined when it has to be. */
  follow?(head: FileHead): FileFollowing<Fact> | undefined
}

/**
 * Recognises one kind of package database, manifest or binary. Whiteouts decide which files remain; `combine` gets
 * only facts of those.
 */
export interface Cataloguer<Fact> extends FileReader<Fact> {
  /** "dpkg", "npm-lock". Becomes `Component.foundBy`. */
  readonly id: string
  /** The type of its components. */
  readonly type: ComponentType
  /** Makes components from facts, which are in the order of paths. */
  combine(facts: readonly FoundFact<Fact>[], scope: CatalogueScope): Catalogue
}

/**
 * Sees files in the same pass over the layers, including those that a later layer hides, such as for finding secrets.
 * Its results do not become components.
 */
export interface FileObserver<Fact> extends FileReader<Fact> {
  /** Whether `finish` also needs owners, permissions and times of entries. */
  readonly attributes?: true
  /**
   * Called once, with the facts of all layers: lowest layer first, then in the order of paths; and with what the
   * layers list, lowest first (one for a folder).
   */
  finish(facts: readonly ObservedFact<Fact>[], layers: readonly LayerListing[]): void
}
