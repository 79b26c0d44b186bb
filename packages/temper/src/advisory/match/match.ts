import { isVersion } from '../../formats/version/compare.ts'
import type { AdvisoryEntry, AdvisoryIndex } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type {
  Component,
  ComponentType,
  Distribution,
  Inventory,
  InventoryNote,
} from '../../model/inventory.ts'
import type { VersionScheme } from '../../model/version-scheme.ts'
import { parseEcosystem } from '../ecosystem.ts'
import { MatchCache, type Matched } from './cache.ts'
import { findingTemplate } from './finding.ts'
import { settleLists } from './lists.ts'
import { problemsOf } from './problems.ts'
import { verdictsOf } from './statements.ts'
import { type DistributionEcosystems, ecosystemsOf } from './targets/distribution-ecosystems.ts'
import { isLanguage } from './targets/language-targets.ts'
import { ownedComponents } from './targets/owned.ts'
import type { MatchTarget } from './targets/target.ts'
import { targetsOf } from './targets/targets.ts'
import { vendorNotes, vendorPackages } from './targets/vendor.ts'

export interface MatchOptions {
  /** Told of what could not be matched: a release without advisories, a version that is none. */
  readonly onNote?: (note: InventoryNote) => void
}

/** Notes about single components or records; more of them say nothing new. */
const noteLimit = 50

const caches = new WeakMap<AdvisoryIndex, MatchCache>()

/**
 * Which known problems the components of an inventory have, most urgent first. Pure and synchronous; what was read from
 * the index is kept with it, so that a second inventory is matched much faster. Rules: docs/reference/matching.md.
 */
export function matchInventory(
  inventory: Inventory,
  index: AdvisoryIndex,
  options: MatchOptions = {},
): readonly Finding[] {
  const cache = caches.get(index) ?? new MatchCache(index)
  caches.set(index, cache)
  const run = new MatchRun(inventory, { index, cache, options })
  return run.findings()
}

interface World {
  readonly index: AdvisoryIndex
  readonly cache: MatchCache
  readonly options: MatchOptions
}

class MatchRun {
  readonly #inventory: Inventory
  readonly #world: World
  readonly #distributions = new Map<string, DistributionEcosystems>()
  #notes = 0

  constructor(inventory: Inventory, world: World) {
    this.#inventory = inventory
    this.#world = world
  }

  findings(): readonly Finding[] {
    const vendors = vendorPackages(this.#inventory)
    for (const note of vendorNotes(vendors)) this.#note(note)
    const owned = ownedComponents(this.#inventory, {
      speaksFor: (component) => !vendors.has(component) && this.#ecosystems(component).ecosystems.length > 0,
    })
    const findings: Finding[] = []
    for (const component of this.#inventory.components) {
      if (owned.has(component) || vendors.has(component)) continue
      for (const template of this.#match(component)) findings.push({ ...template, component })
    }
    const pro = findings.filter(({ fixedVersions: [first] }) => first?.includes('esm') === true)
    const outside = pro.filter(({ component }) => !component.version.includes('esm')).length
    if (outside > 0)
      this.#note({
        code: 'ubuntu-pro-only',
        message: `${outside} ${outside === 1 ? 'problem is' : 'problems are'} repaired for customers of Ubuntu Pro only: the versions with "esm".`,
      })
    return findings.sort(byUrgency)
  }

  #match(component: Component): Matched['templates'] {
    const { ecosystems } = isLanguage(component.type) ? { ecosystems: [] } : this.#ecosystems(component)
    const targets = targetsOf(component, ecosystems)
    if (targets.length === 0) return []
    // Binaries of one source are looked up alike: what one has, all have.
    const { templates, unusable } = this.#world.cache.matched(JSON.stringify(targets), () =>
      matchTargets(targets, this.#world),
    )
    for (const text of unusable) this.#note({ code: 'not-matched', message: text })
    return templates
  }

  #ecosystems({ type, distribution = this.#inventory.distribution }: Component): DistributionEcosystems {
    if (type === 'generic') return { ecosystems: [] }
    const key = distribution === undefined ? type : `${type} ${distributionKey(distribution)}`
    const known = this.#distributions.get(key)
    if (known !== undefined) return known
    const found: DistributionEcosystems =
      distribution === undefined
        ? { ecosystems: [], problem: `nothing says which distribution the packages of type ${type} are of` }
        : ofType(type, ecosystemsOf(distribution, this.#world.index))
    this.#distributions.set(key, found)
    if (found.problem !== undefined)
      this.#note({ code: 'no-advisories', message: `Packages were not matched: ${found.problem}.` })
    return found
  }

  #note(note: InventoryNote): void {
    if (this.#notes++ < noteLimit) this.#world.options.onNote?.(note)
  }
}

const schemes: Partial<Readonly<Record<ComponentType, VersionScheme>>> = {
  deb: 'dpkg',
  apk: 'apk',
  rpm: 'rpm',
}

/** A Debian package in a document about Alpine is of Debian, of a release that nothing tells. */
function ofType(type: ComponentType, found: DistributionEcosystems): DistributionEcosystems {
  const scheme = schemes[type]
  const { family } = found
  if (family === undefined || scheme === undefined || parseEcosystem(family).scheme === scheme) return found
  return {
    ecosystems: [],
    problem: `packages of type ${type} are not of ${family}, and nothing says what they are of`,
  }
}

function matchTargets(targets: readonly MatchTarget[], { index, cache }: World): Matched {
  const unusable: string[] = []
  const lists = targets.flatMap((target) => {
    const entries = cache.entries(target.ecosystem, target.name)
    if (entries.length === 0) return []
    for (const { id, affected } of entries)
      if (isMute(affected)) unusable.push(`${id} says nothing of versions of ${target.name}.`)
    if (!isVersion(target.scheme, target.version))
      unusable.push(
        `${target.name} has ${entries.length} advisories, but its version "${target.version}" cannot be compared.`,
      )
    return [{ target, entries, verdicts: verdictsOf(entries, target, cache) }]
  })
  return {
    templates: problemsOf(settleLists(lists), cache).map((problem) => findingTemplate(problem, index)),
    unusable,
  }
}

/** True when nothing can be told from it: no list, and no range that ever begins. */
function isMute({ ranges, versions, notAffected }: AdvisoryEntry['affected']): boolean {
  if (notAffected === true || versions.length > 0) return false
  return !ranges.some(({ events }) => events.some((event) => 'introduced' in event))
}

function distributionKey({ id, version, codename }: Distribution): string {
  return JSON.stringify([id, version, codename])
}

function byUrgency(a: Finding, b: Finding): number {
  return (
    b.priority.value - a.priority.value ||
    byText(a.id, b.id) ||
    byText(a.component.purl, b.component.purl) ||
    byText(a.component.locations[0]?.path ?? '', b.component.locations[0]?.path ?? '')
  )
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
