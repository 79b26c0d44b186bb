import type { AdvisoryEntry } from '../../model/advisory/advisory.ts'
import type { Hit } from './evaluate.ts'
import { problemOfId, type Verdicts } from './statements.ts'

/** Everything that says that one component has one problem. */
export interface ComponentProblem {
  /** The CVE where there is one, else the id of a record. */
  readonly id: string
  /** Sorted. */
  readonly aliases: readonly string[]
  readonly hits: readonly Hit[]
}

export const cvePattern = /^CVE-\d{4}-\d{4,19}$/
/** OSV's records of malicious packages: each is a problem of its own. */
const malicious = /^MAL-\d{4}-\d{1,19}$/

export function isMalicious(id: string): boolean {
  return malicious.test(id)
}

/** Names of one record beyond this many are not another name of anything. */
const nameLimit = 100
/** A name that leads to more CVEs than this is a bad alias, or an advisory for several: it joins nothing. */
const joinLimit = 8
/** Names of a record that are looked up in records about other packages, at most. */
const factLimit = 5
/** Records without a CVE that are taken for one problem, at most. */
const groupLimit = 16

/** What is known besides the hits. */
interface World {
  /** CVEs that records about any package give as other names of an id. */
  cvesOf(id: string): readonly string[]
}

interface Named {
  readonly hit: Hit
  /** Its id and aliases, not what it covers. */
  readonly names: readonly string[]
  readonly problems: readonly string[]
}

/**
 * One problem for each CVE that the hits name. A record that names several is about each of them. Records without a
 * CVE are joined with the CVEs of records that name them, over one step; those that share names but have no CVE form
 * one problem. The result is unordered.
 */
export function problemsOf(verdicts: readonly Verdicts[], world: World): readonly ComponentProblem[] {
  const groups = new Map<string, Named[]>()
  const bare: Named[] = []
  const all = verdicts.flatMap(({ hits, isOverruled }) =>
    hits.map((hit) => ({ named: nameHit(hit), isOverruled })),
  )
  const leads = leadsTo(all.map(({ named }) => named))
  for (const { named, isOverruled } of all) {
    const problems = named.problems.length > 0 ? named.problems : joined(named, { leads, world })
    if (problems.length === 0) {
      if (!isOverruled(named.hit, problemOfId(named.hit.entry.id))) bare.push(named)
      continue
    }
    for (const problem of problems) {
      if (isOverruled(named.hit, problem)) continue
      const group = groups.get(problem)
      if (group === undefined) groups.set(problem, [named])
      else group.push(named)
    }
  }
  const named = [...groups].map(([id, group]) => problemOf(id, group))
  return [...named, ...[...bareGroups(bare)].map((group) => problemOf(bareId(group), group))]
}

/** CVEs that an entry is about; without any what it covers, or the malicious package that it tells of. */
export function problemNames({
  id,
  aliases,
  covers = [],
}: Pick<AdvisoryEntry, 'id' | 'aliases' | 'covers'>): readonly string[] {
  if (isMalicious(id)) return [id]
  const known = [id, ...aliases.slice(0, nameLimit), ...covers]
  const cves = known.filter((name) => cvePattern.test(name))
  if (cves.length === 0 && covers.length === 0) cves.push(...known.filter(isMalicious))
  return [...new Set(cves.length > 0 ? cves : covers)]
}

function nameHit(hit: Hit): Named {
  const names = [hit.entry.id, ...hit.entry.aliases.slice(0, nameLimit)]
  return { hit, names, problems: problemNames(hit.entry) }
}

/** CVEs by the other names of the records that have them. */
function leadsTo(all: readonly Named[]): ReadonlyMap<string, ReadonlySet<string>> {
  const leads = new Map<string, Set<string>>()
  for (const { names, problems } of all)
    for (const name of problems.length > 0 ? names : []) {
      const to = leads.get(name) ?? new Set()
      for (const problem of to.size > joinLimit ? [] : problems) to.add(problem)
      leads.set(name, to)
    }
  return leads
}

function joined(
  { names }: Named,
  { leads, world }: { readonly leads: ReadonlyMap<string, ReadonlySet<string>>; readonly world: World },
): readonly string[] {
  const near = new Set<string>()
  for (const name of names) {
    const to = leads.get(name)
    if (to !== undefined && to.size <= joinLimit) for (const problem of to) near.add(problem)
  }
  if (near.size > 0) return near.size <= joinLimit ? [...near] : []
  const elsewhere = new Set(names.slice(0, factLimit).flatMap((name) => world.cvesOf(name)))
  return elsewhere.size === 1 ? [...elsewhere] : []
}

/** Records that share names, directly or through each other, up to a limit. */
function bareGroups(bare: readonly Named[]): Iterable<readonly Named[]> {
  const groups = new Set<readonly Named[]>()
  const byName = new Map<string, readonly Named[]>()
  for (const named of bare) {
    const near = new Set(named.names.flatMap((name) => [byName.get(name) ?? []]))
    const members = [...near].flat()
    const joins = members.length < groupLimit
    const group = joins ? [...members, named] : [named]
    if (joins) for (const old of near) groups.delete(old)
    groups.add(group)
    for (const { names } of group)
      for (const name of names) if (joins || !byName.has(name)) byName.set(name, group)
  }
  return groups
}

/** GitHub's id is the one that most others know. */
function bareId(group: readonly Named[]): string {
  const names = group.flatMap(({ names }) => names)
  const known = names.filter((name) => name.startsWith('GHSA-')).sort()[0]
  return known ?? group.map(({ hit }) => hit.entry.id).sort()[0] ?? ''
}

function problemOf(id: string, group: readonly Named[]): ComponentProblem {
  const names = new Set(group.flatMap(({ names }) => names))
  names.delete(id)
  const aliases = [...names].filter((name) => !cvePattern.test(name))
  return { id, aliases: aliases.sort(), hits: group.map(({ hit }) => hit) }
}
