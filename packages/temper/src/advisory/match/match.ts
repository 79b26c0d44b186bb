import type { AdvisoryIndex } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { LedgerEntry, LedgerOutcome } from '../../model/advisory/ledger.ts'
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
import { doubtOf } from './doubt.ts'
import { findingTemplate } from './finding.ts'
import { ledgerNotes } from './ledger-notes.ts'
import { settleLists } from './lists.ts'
import { problemsOf } from './problems.ts'
import { verdictsOf } from './statements.ts'
import { type DistributionEcosystems, ecosystemsOf } from './targets/distribution-ecosystems.ts'
import { isFips } from './targets/distribution-targets.ts'
import { isLanguage } from './targets/language-targets.ts'
import { ownedComponents, recognisedPrograms } from './targets/owned.ts'
import type { MatchTarget } from './targets/target.ts'
import { targetsOf } from './targets/targets.ts'
import { vendorPackages } from './targets/vendor.ts'

/** The result of comparing an inventory with advisories. */
export interface Comparing {
  /** Most urgent first. */
  readonly findings: readonly Finding[]
  /** One entry for each component, in their order. */
  readonly ledger: readonly LedgerEntry[]
  /** What else the reader should know. */
  readonly notes: readonly InventoryNote[]
}

const caches = new WeakMap<AdvisoryIndex, MatchCache>()

/**
 * Finds the known problems of the components of an inventory, most urgent first. Pure and synchronous; what was read
 * from the index is cached with it, so that a second inventory is matched much faster. Rules:
 * docs/reference/matching.md.
 */
export function matchInventory(inventory: Inventory, index: AdvisoryIndex): Comparing {
  const cache = caches.get(index) ?? new MatchCache(index)
  caches.set(index, cache)
  return new MatchRun(inventory, { index, cache }).compare()
}

interface World {
  readonly index: AdvisoryIndex
  readonly cache: MatchCache
}

class MatchRun {
  readonly #inventory: Inventory
  readonly #world: World
  readonly #distributions = new Map<string, DistributionEcosystems>()
  readonly #refusals = new Map<string, LedgerOutcome>()

  constructor(inventory: Inventory, world: World) {
    this.#inventory = inventory
    this.#world = world
  }

  compare(): Comparing {
    const vendors = vendorPackages(this.#inventory)
    const isOwn = (component: Component) => !vendors.has(component)
    const owned = ownedComponents(this.#inventory, {
      speaksFor: (component) => isOwn(component) && speaks(this.#match(component).outcome),
      isListed: (component) => this.#world.cache.coverage.listed(this.#ecosystems(component).ecosystems),
    })
    const programs = recognisedPrograms(this.#inventory)
    const findings: Finding[] = []
    const ledger = this.#inventory.components.map((component): LedgerEntry => {
      const vendor = vendors.get(component)
      if (vendor !== undefined)
        return {
          component,
          ...this.#refused(`made by ${vendor}, whose packages no feed covers; its contents were compared`),
        }
      const owner = owned.get(component) ?? programs.get(component)
      if (owner !== undefined) return { component, ...this.#match(owner).outcome, as: owner.purl }
      const { templates, outcome } = this.#match(component)
      for (const template of templates) findings.push({ ...template, component })
      return { component, ...outcome }
    })
    findings.sort(byUrgency)
    return { findings, ledger, notes: [...ledgerNotes(ledger), ...proNotes(findings)] }
  }

  #match(component: Component): Matched {
    const resolved = isLanguage(component.type) ? { ecosystems: [] } : this.#ecosystems(component)
    const targets = targetsOf(component, resolved.ecosystems)
    if (targets.length === 0)
      return { templates: [], outcome: this.#refused(resolved.problem ?? unspoken(component)) }
    // Binaries of one source are looked up alike: what one has, all have.
    return this.#world.cache.matched(JSON.stringify(targets), () => matchTargets(targets, this.#world.cache))
  }

  #ecosystems({ type, distribution = this.#inventory.distribution }: Component): DistributionEcosystems {
    if (type === 'generic') return { ecosystems: [] }
    const key = distribution === undefined ? type : `${type} ${distributionKey(distribution)}`
    const known = this.#distributions.get(key)
    if (known !== undefined) return known
    const resolved: DistributionEcosystems =
      distribution === undefined
        ? {
            ecosystems: [],
            problem: `nothing says which distribution the packages of type ${type} belong to`,
          }
        : ofType(type, ecosystemsOf(distribution, this.#world.index))
    this.#distributions.set(key, resolved)
    return resolved
  }

  #refused(reason: string): LedgerOutcome {
    const known = this.#refusals.get(reason) ?? { compared: false, feeds: [], reason }
    this.#refusals.set(reason, known)
    return known
  }
}

/** Whether what a distribution's package was compared with can stand for what is inside it. */
function speaks({ feeds }: LedgerOutcome): boolean {
  return feeds.some(({ knows }) => knows !== 'records')
}

/** Things that no advisory database has an ecosystem for. */
function unspoken({ type, purl, name, source, version }: Component): string {
  if (type === 'deb' && isFips({ name: source?.name ?? name, version }))
    return "it is built for FIPS, and the feeds do not list Ubuntu's FIPS packages"
  const [, stated = type] = /^pkg:([a-z0-9.+-]{1,40})\//i.exec(purl) ?? []
  return stated === 'generic'
    ? 'nothing says what kind of package it is, so no advisory can name it'
    : `no feed covers packages of type ${stated}`
}

function proNotes(findings: readonly Finding[]): readonly InventoryNote[] {
  const pro = findings.filter(({ fixedVersions: [first] }) => first?.includes('esm') === true)
  const outside = pro.filter(({ component }) => !component.version.includes('esm')).length
  if (outside === 0) return []
  const problems = outside === 1 ? 'problem is' : 'problems are'
  return [
    {
      code: 'ubuntu-pro-only',
      message: `${outside} ${problems} repaired for customers of Ubuntu Pro only: the versions with "esm".`,
    },
  ]
}

const schemes: Partial<Readonly<Record<ComponentType, VersionScheme>>> = {
  deb: 'dpkg',
  apk: 'apk',
  rpm: 'rpm',
}

/** A Debian package in a document about Alpine is of Debian, of a release that nothing tells. */
function ofType(type: ComponentType, resolved: DistributionEcosystems): DistributionEcosystems {
  const scheme = schemes[type]
  const { family } = resolved
  if (family === undefined || scheme === undefined || parseEcosystem(family).scheme === scheme)
    return resolved
  return {
    ecosystems: [],
    problem: `packages of type ${type} are not from ${family}, and nothing says where this one is from`,
  }
}

function matchTargets(targets: readonly MatchTarget[], cache: MatchCache): Matched {
  const speaking = new Set<string>()
  let doubt: LedgerOutcome | undefined
  const lists = targets.flatMap((target) => {
    const entries = cache.entries(target.ecosystem, target.name)
    if (entries.length === 0) return []
    for (const { feed } of entries) speaking.add(feed)
    doubt ??= doubtOf(target, entries)
    return [{ target, entries, verdicts: verdictsOf(entries, target, cache) }]
  })
  return {
    templates: problemsOf(settleLists(lists), cache).map((problem) => findingTemplate(problem, cache)),
    outcome: doubt ?? cache.coverage.outcome(targets, speaking),
  }
}

function distributionKey({ id, version, codename }: Distribution): string {
  return JSON.stringify([id, version, codename])
}

function byUrgency(a: Finding, b: Finding): number {
  return (
    Number(b.malicious === true) - Number(a.malicious === true) ||
    b.priority.value - a.priority.value ||
    byText(a.id, b.id) ||
    byText(a.component.purl, b.component.purl) ||
    byText(a.component.locations[0]?.path ?? '', b.component.locations[0]?.path ?? '')
  )
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
