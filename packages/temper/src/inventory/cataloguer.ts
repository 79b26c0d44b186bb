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

/**
 * Knows one kind of package database, manifest or binary. Layers are streamed: each selected file is shown once,
 * whole, and what `read` makes of it has to be small plain JSON, since it is kept (also on disk, per layer) until
 * whiteouts have decided which files are left. `combine` then sees only facts of files that are.
 */
export interface Cataloguer<Fact> {
  /** "dpkg", "npm-lock". Becomes `Component.foundBy`. */
  readonly id: string
  /** What its components are; facts kept on disk are found by id and version. */
  readonly type: ComponentType
  /** Raised whenever `select` or `read` change what they give. */
  readonly version: number
  /** Whether the file's content is needed. Called for every file: has to be cheap. */
  select(head: FileHead): boolean
  /** Undefined: the file says nothing. A TemperError becomes a note: one bad file spoils nothing else. */
  read(file: FileContent): Fact | undefined | Promise<Fact | undefined>
  /** Facts in the order of paths. */
  combine(facts: readonly FoundFact<Fact>[], scope: CatalogueScope): Catalogue
}
