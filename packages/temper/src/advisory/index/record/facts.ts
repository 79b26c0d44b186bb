import type { Advisory, SeverityStatement } from '../../../model/advisory/advisory.ts'

type Facts = Omit<Advisory, 'affected'>

/**
 * What all records that have `id` as their id or another name say together: first the record with that id, then by id
 * and feed. CVSS vectors are taken from all, each kind from the first that has it; severity words only from the
 * record with that id, since they are meant for one distribution; what it covers too. Dates are the earliest publication and the latest
 * change.
 */
export function mergedFacts(id: string, records: readonly Facts[]): Facts | undefined {
  const ordered = [...records].sort((a, b) => rank(a, b, id))
  const [first] = ordered
  if (first === undefined) return undefined
  const severity = mergedSeverity(id, ordered)
  const own = ordered.find((record) => record.severity.some((each) => severity.includes(each))) ?? first
  const names = new Set(ordered.flatMap((record) => [record.id, ...record.aliases]))
  names.delete(id)
  const summary = ordered.find((record) => record.summary !== undefined)?.summary
  const published = dates(ordered, 'published')[0]
  const modified = dates(ordered, 'modified').at(-1)
  const covers = ordered.flatMap((record) => (record.id === id ? (record.covers ?? []) : []))
  const references = [...new Set(ordered.flatMap((record) => record.references ?? []))]
  return {
    id,
    aliases: [...names].sort(),
    feed: own.feed,
    severity,
    ...(covers.length === 0 ? {} : { covers: [...new Set(covers)].sort() }),
    ...(summary === undefined ? {} : { summary }),
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    ...(references.length === 0 ? {} : { references }),
  }
}

function rank(a: Facts, b: Facts, id: string): number {
  if ((a.id === id) !== (b.id === id)) return a.id === id ? -1 : 1
  if (a.id !== b.id) return a.id < b.id ? -1 : 1
  return a.feed < b.feed ? -1 : a.feed > b.feed ? 1 : 0
}

function mergedSeverity(id: string, records: readonly Facts[]): readonly SeverityStatement[] {
  const kinds = new Set<string>()
  const severity: SeverityStatement[] = []
  for (const record of records) {
    const own = record.severity.filter(({ kind }) => (kind === 'word' ? record.id === id : !kinds.has(kind)))
    for (const each of own) kinds.add(each.kind)
    severity.push(...own)
  }
  return severity
}

/** Dates that say something, earliest first: feeds write the start of Unix time, or of our era, where they know none. */
function dates(records: readonly Facts[], member: 'published' | 'modified'): readonly string[] {
  return records.flatMap((record) => record[member] ?? []).sort()
}
