import type { Digest } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import type {
  Component,
  Distribution,
  Inventory,
  InventoryFile,
  InventoryNote,
} from '../../../model/inventory.ts'
import { Notes } from '../notes.ts'
import { inventoryPath } from '../path.ts'
import type { Claim, SourceClaim } from './claim.ts'
import { ociArchitecture, ownDistribution, sameDistribution, saysRelease } from './distribution.ts'
import { type Identified, identify } from './identify.ts'
import { taggedRelease } from './release-tag.ts'

/** Limit on the components of a document: four times the largest Debian installation. */
export const componentLimit = 250_000
/** Limit on statements such as "a needs b" or "a owns b". */
export const relationLimit = 4_000_000

interface Draft {
  readonly identified: Identified
  readonly needs: Set<Draft>
  readonly files: Set<string>
}

export interface FileClaim {
  readonly ref?: string
  readonly path: string | undefined
  readonly digest: Digest | undefined
  readonly sha1?: string | undefined
  readonly size?: number | undefined
}

/**
 * Collects what a document says, in whatever order it says it, and makes an inventory from it. Components may be
 * claimed before the distribution is known: they are identified at the end.
 */
export class Gatherer {
  /** "spdx", "cyclonedx", "syft". */
  readonly #format: string
  /** The document, for errors. */
  readonly #what: string
  readonly #notes = new Notes()
  readonly #claims: Claim[] = []
  readonly #files = new Map<string, InventoryFile>()
  readonly #filePaths = new Map<string, string>()
  readonly #needs: [string, string][] = []
  readonly #owns: [string, string][] = []
  readonly #sources = new Map<string, SourceClaim>()
  readonly #places: [string, string][] = []
  readonly #roots = new Set<string>()
  #saysFiles = false
  distribution: Distribution | undefined
  architecture: string | undefined

  constructor(format: string, what: string) {
    this.#format = format
    this.#what = what
  }

  /** Adds a note that the document itself contains. */
  told(note: InventoryNote | undefined): void {
    if (note !== undefined) this.note(note.code, note.message)
  }

  note(code: string, message: string): void {
    this.#notes.add({ code, message })
  }

  claim(claim: Claim): void {
    if (this.#claims.push(claim) > componentLimit) throw this.#tooMany(`${componentLimit} components`)
  }

  file({ ref, path: claimed, digest, sha1, size }: FileClaim): void {
    this.#saysFiles = true
    const path = inventoryPath(claimed)
    if (path === undefined) {
      this.note('file-without-path', 'A file has no name: it was left out.')
      return
    }
    if (ref !== undefined) this.#filePaths.set(ref, path)
    if (digest === undefined) {
      this.note('file-without-digest', `/${path} has no SHA-256: it is not in the list of files.`)
      return
    }
    this.#files.set(path, {
      path,
      ...(size === undefined ? {} : { size }),
      digest,
      ...(sha1 === undefined ? {} : { sha1 }),
    })
  }

  /** States what the document is about, by reference. */
  root(ref: string | undefined): void {
    if (ref !== undefined) this.#roots.add(ref)
  }

  /** States that `from` needs `to`, both by reference. */
  needs(from: string, to: string): void {
    if (this.#needs.push([from, to]) > relationLimit) throw this.#tooMany(`${relationLimit} dependencies`)
  }

  /** States what a component, given by reference, was built from, unless it says so itself. */
  builtFrom(component: string, source: SourceClaim): void {
    this.#sources.set(component, source)
  }

  /** States that a component, given by reference, is there because of a file at a path. */
  foundIn(component: string, path: string): void {
    if (this.#places.push([component, path]) > relationLimit)
      throw this.#tooMany(`${relationLimit} relations`)
  }

  /** States that a component brought a file, both given by reference. */
  owns(component: string, file: string): void {
    if (this.#owns.push([component, file]) > relationLimit) throw this.#tooMany(`${relationLimit} relations`)
  }

  finish(): Inventory {
    const drafts = new Map<string, Draft>()
    const byRef = new Map<string, Draft>()
    const options = { distribution: this.distribution, note: (note: InventoryNote) => this.#notes.add(note) }
    const places = this.#placesByRef()
    for (const each of this.#claims) {
      const source = each.source ?? this.#sources.get(each.ref ?? '')
      const claim = source === undefined ? each : { ...each, source }
      const identities = identify(withPaths(claim, places.get(claim.ref ?? '')), options)
      const [draft] = identities.map((identified) => this.#added(drafts, identified))
      if (claim.ref === undefined || draft === undefined) continue
      const holder = byRef.get(claim.ref)
      if (holder === undefined) byRef.set(claim.ref, draft)
      else if (holder !== draft)
        this.note('duplicate-reference', `More than one component is called "${claim.ref.slice(0, 200)}".`)
    }
    const wanted = this.#relate(byRef)
    const distribution = this.#settled([...drafts.values()])
    const components = [...drafts.values()].map((draft) =>
      finished(draft, { distribution, format: this.#format }),
    )
    const architecture = this.architecture ?? architectureOf(components)
    return {
      ...(distribution === undefined ? {} : { distribution }),
      ...(architecture === undefined ? {} : { architecture }),
      components: components.sort(compareComponents),
      ...(wanted === undefined ? {} : { wanted }),
      ...(this.#saysFiles ? { files: [...this.#files.values()].sort((a, b) => order(a.path, b.path)) } : {}),
      layers: [],
      notes: this.#notes.list(),
    }
  }

  #settled(drafts: readonly Draft[]): Distribution | undefined {
    const stated = settledDistribution(this.distribution, mostCommon(drafts))
    if (stated !== undefined && saysRelease(stated)) return stated
    const told = taggedRelease(
      drafts.map(({ identified }) => identified),
      stated,
    )
    if (told === undefined) return stated
    this.note(
      'release-told-by-versions',
      `Nothing says which release the packages of ${told.id} are from: their versions tell ${told.version}.`,
    )
    return { ...stated, ...told }
  }

  /** Lists a component once, however often a document lists it in the same place. */
  #added(drafts: Map<string, Draft>, identified: Identified): Draft {
    const key = [
      identified.purl,
      identified.name,
      identified.version,
      ...identified.locations.map(({ path }) => path),
    ].join('\0')
    const there = drafts.get(key)
    if (there !== undefined) {
      this.note(
        'duplicate-component',
        `"${identified.name.slice(0, 80)}" ${identified.version.slice(0, 80)} is listed more than once.`,
      )
      return there
    }
    const draft = { identified, needs: new Set<Draft>(), files: new Set<string>() }
    drafts.set(key, draft)
    return draft
  }

  #placesByRef(): ReadonlyMap<string, readonly string[]> {
    const places = new Map<string, string[]>()
    for (const [ref, path] of this.#places) {
      const there = places.get(ref)
      if (there === undefined) places.set(ref, [path])
      else there.push(path)
    }
    return places
  }

  /** Returns `Inventory.wanted`, which is known when the document says what the described thing as a whole needs. */
  #relate(byRef: ReadonlyMap<string, Draft>): readonly string[] | undefined {
    const wanted = new Set<string>()
    for (const ref of this.#roots) {
      const root = byRef.get(ref)
      if (root !== undefined) wanted.add(root.identified.purl)
    }
    for (const [ref] of this.#places) {
      const draft = byRef.get(ref)
      if (draft !== undefined) wanted.add(draft.identified.purl)
    }
    for (const [from, to] of this.#needs) {
      const needed = byRef.get(to)
      if (needed === undefined) continue
      const needing = byRef.get(from)
      if (needing === undefined) wanted.add(needed.identified.purl)
      else needing.needs.add(needed)
    }
    for (const [component, file] of this.#owns) {
      const path = this.#filePaths.get(file)
      if (path !== undefined) byRef.get(component)?.files.add(path)
      else if (!byRef.has(component)) {
        const part = byRef.get(file)
        if (part !== undefined) wanted.add(part.identified.purl)
      }
    }
    const isKnown = wanted.size > 0 && this.#needs.length > 0 && this.#saysNeedsOfRoot(byRef)
    return isKnown ? [...wanted].sort(order) : undefined
  }

  #saysNeedsOfRoot(byRef: ReadonlyMap<string, Draft>): boolean {
    return this.#needs.some(([from]) => this.#roots.has(from) || !byRef.has(from))
  }

  #tooMany(limit: string): TemperError {
    return new TemperError('limit-exceeded', `${this.#what}: more than the limit of ${limit}`)
  }
}

function withPaths(claim: Claim, places: readonly string[] = []): Claim {
  const paths = [...claim.paths, ...places]
  if (paths.length === 0) return claim
  return { ...claim, paths: [...new Set(paths.flatMap((path) => inventoryPath(path) ?? []))] }
}

function finished(
  { identified, needs, files }: Draft,
  context: { readonly distribution: Distribution | undefined; readonly format: string },
): Component {
  const { distribution: own, ...rest } = identified
  const distribution = ownDistribution(own, context.distribution)
  return {
    ...rest,
    ...(distribution === undefined || sameDistribution(distribution, context.distribution)
      ? {}
      : { distribution }),
    ...(files.size === 0 ? {} : { files: [...files].sort(order) }),
    ...(needs.size === 0
      ? {}
      : { dependsOn: [...new Set([...needs].map((draft) => draft.identified.purl))].sort(order) }),
    foundBy: context.format,
  }
}

/** What a document says of its distribution, with the release that its packages tell where it has none. */
function settledDistribution(
  stated: Distribution | undefined,
  common: Distribution | undefined,
): Distribution | undefined {
  if (stated === undefined || common === undefined || stated.id !== common.id || saysRelease(stated))
    return stated ?? common
  return { ...stated, ...common }
}

/** Where a document names no distribution, that of most of its packages is meant. */
function mostCommon(drafts: readonly Draft[]): Distribution | undefined {
  const counts = new Map<string, { readonly distribution: Distribution; count: number }>()
  for (const { identified } of drafts) {
    if (identified.distribution === undefined || !saysRelease(identified.distribution)) continue
    const key = `${identified.distribution.id}\0${identified.distribution.version}`
    const there = counts.get(key)
    if (there === undefined) counts.set(key, { distribution: identified.distribution, count: 1 })
    else there.count++
  }
  const [first] = [...counts].sort(([a, x], [b, y]) => y.count - x.count || order(a, b))
  return first?.[1].distribution
}

/** Of most packages that are for one. */
function architectureOf(components: readonly Component[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { architecture } of components) {
    const name = architecture === undefined ? undefined : ociArchitecture(architecture)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || order(a, b))[0]?.[0]
}

/** The order of `Inventory.components`. */
function compareComponents(a: Component, b: Component): number {
  return (
    order(a.type, b.type) ||
    order(a.name, b.name) ||
    order(a.version, b.version) ||
    order(a.locations[0]?.path ?? '', b.locations[0]?.path ?? '') ||
    order(a.purl, b.purl)
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
