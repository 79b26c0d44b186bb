import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type {
  Component,
  Inventory,
  InventoryFile,
  InventoryLayer,
  InventoryNote,
} from '../../model/inventory.ts'
import type { Cataloguer, FileObserver, FoundFact } from '../cataloguer.ts'
import { distributionOf, distributionReader } from '../distribution.ts'
import { unnamedArchive, versionUnknown } from '../language/fact.ts'
import type { LayerReading } from '../reading/layer-reading.ts'
import type { InventoryLimits } from '../reading/limits.ts'
import { combineFacts, finishObservers, ownersOf } from './combine.ts'
import { FactBook } from './fact-book.ts'
import { FinishedTree, type TreeFile } from './finished-tree.ts'

export interface SummariseOptions {
  readonly cataloguers: readonly Cataloguer<unknown>[]
  readonly observers: readonly FileObserver<unknown>[]
  readonly limits: InventoryLimits
  /** Empty: what was read is a folder, and locations have no layer. */
  readonly layers: readonly InventoryLayer[]
  readonly architecture?: string
}

/** Whether locations say in which layer: not those in a folder. */
interface Layered {
  readonly layered: boolean
}

/** Lays the layers over each other and makes an inventory of what their readers found. */
export function summarise(readings: readonly LayerReading[], options: SummariseOptions): Inventory {
  const layered = options.layers.length > 0
  const tree = new FinishedTree(readings, { entries: options.limits.entries })
  const book = new FactBook(readings, tree, { layered })
  const distribution = distributionOf(book.present(distributionReader.id).map(asText))
  const identity = {
    ...(distribution === undefined ? {} : { distribution }),
    ...(options.architecture === undefined ? {} : { architecture: options.architecture }),
  }
  const scope = { ...identity, tree, has: (path: string) => tree.has(path) }
  const { components, notes } = combineFacts(book, options.cataloguers, scope)
  const owners = ownersOf(components)
  finishObservers(book, readings, options.observers)
  const all = [...layerNotes(readings, { layered }), ...notes.filter((note) => !isSpokenFor(note, owners))]
  return {
    ...identity,
    components,
    files: tree.files.map((file) => ({
      ...describeFile(file, { layered }),
      ...ownerOf(owners.get(file.path)),
    })),
    layers: options.layers,
    notes: bounded(all, options.limits.notes),
  }
}

const spokenFor: ReadonlySet<string> = new Set([unnamedArchive, versionUnknown])

/** Whether what does not say what it is, or what it needs, was brought by a package that speaks for it. */
function isSpokenFor({ code, location }: InventoryNote, owners: ReadonlyMap<string, Component>): boolean {
  const file = location?.path.split('!/', 1)[0]
  return spokenFor.has(code) && file !== undefined && owners.has(file)
}

function asText({ fact, ...placed }: FoundFact<unknown>): FoundFact<string> {
  if (typeof fact !== 'string') throw new TemperError('internal', 'A release file was not kept as text')
  return { location: placed.location, fact }
}

function ownerOf(component: Component | undefined): Pick<InventoryFile, 'owner'> {
  return component === undefined ? {} : { owner: component.purl }
}

function describeFile({ path, layer, content }: TreeFile, { layered }: Layered): InventoryFile {
  return {
    path,
    size: content.size ?? 0,
    digest: `sha256:${content.sha256 ?? ''}` as Digest,
    ...(content.sha1 === undefined ? {} : { sha1: content.sha1 }),
    ...(layered ? { layer } : {}),
  }
}

function layerNotes(readings: readonly LayerReading[], { layered }: Layered): InventoryNote[] {
  return readings.flatMap(({ notes }, layer) =>
    notes.map(({ code, message, path }) => {
      const location = path === undefined ? undefined : layered ? { path, layer } : { path }
      return { code, message, ...(location === undefined ? {} : { location }) }
    }),
  )
}

function bounded(notes: readonly InventoryNote[], limit: number): InventoryNote[] {
  if (notes.length <= limit) return [...notes]
  const more = notes.length - limit
  return [...notes.slice(0, limit), { code: 'limit-exceeded', message: `${more} more notes were left out` }]
}
