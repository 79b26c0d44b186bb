/** What the databases of other scanners are made of: the parts of OSV records that they hold (OSV schema 1.6). */
export interface OsvRecord {
  readonly id: string
  readonly aliases?: readonly string[]
  readonly upstream?: readonly string[]
  readonly summary?: string
  readonly withdrawn?: string
  readonly severity?: readonly { readonly type: string; readonly score: string }[]
  readonly affected?: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string }
    readonly ranges?: readonly { readonly type: string; readonly events: readonly OsvEvent[] }[]
    readonly versions?: readonly string[]
  }[]
}

interface OsvEvent {
  readonly introduced?: string
  readonly fixed?: string
  readonly last_affected?: string
}

/** One package of one record, all its ranges together. */
export interface OsvEntry {
  readonly record: OsvRecord
  /** The CVE where a distribution's record names it, else the record's own id. */
  readonly id: string
  readonly ecosystem: string
  readonly name: string
  /** As ">=1.0,<1.5", any of which has to hold. */
  readonly constraints: readonly string[]
  readonly fixed: readonly string[]
}

/** Entries of all records that count, in order; packages without ranges are left out, as both databases do. */
export function osvEntries(records: readonly OsvRecord[]): readonly OsvEntry[] {
  return records.filter(({ withdrawn }) => withdrawn === undefined).flatMap(entriesOf)
}

function entriesOf(record: OsvRecord): readonly OsvEntry[] {
  const [upstream] = record.upstream ?? []
  const id = upstream?.startsWith('CVE-') ? upstream : record.id
  const entries = new Map<string, OsvEntry>()
  for (const { package: named, ranges = [] } of record.affected ?? []) {
    const key = `${named.ecosystem}\n${named.name}`
    const before = entries.get(key)
    const parts = ranges.filter(({ type }) => type !== 'GIT').map(({ events }) => constraintsOf(events))
    if (parts.length === 0) continue
    entries.set(key, {
      record,
      id,
      ...named,
      constraints: [...(before?.constraints ?? []), ...parts.flatMap(({ constraints }) => constraints)],
      fixed: [...(before?.fixed ?? []), ...parts.flatMap(({ fixed }) => fixed)],
    })
  }
  return [...entries.values()]
}

function constraintsOf(events: readonly OsvEvent[]) {
  const constraints: string[] = []
  const fixed: string[] = []
  let from: string | undefined
  const close = (end: string) => {
    constraints.push(from === undefined || from === '0' ? end : `>=${from},${end}`)
    from = undefined
  }
  for (const event of events) {
    if (event.introduced !== undefined) from = event.introduced
    else if (event.fixed !== undefined) {
      close(`<${event.fixed}`)
      fixed.push(event.fixed)
    } else if (event.last_affected !== undefined) close(`<=${event.last_affected}`)
  }
  // Without end: from a version on, or all versions, which both databases write as no constraint.
  if (from !== undefined) constraints.push(from === '0' ? '' : `>=${from}`)
  return { constraints, fixed }
}
