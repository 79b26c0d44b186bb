import type {
  Advisory,
  AdvisoryEntry,
  AdvisoryIndex,
  AffectedPackage,
  AsOf,
  ExploitPrediction,
  FeedState,
  KnownArchive,
  KnownExploited,
} from '../../../model/advisory/advisory.ts'
import { canonicalEcosystem, canonicalName, parseEcosystem } from '../../ecosystem.ts'
import { archiveMark } from '../record/archive-row.ts'
import { decodeAffected } from '../record/entry-code.ts'
import { mergedFacts } from '../record/facts.ts'
import { feedOfKey, idPrefix, packagePrefix, partsOfKey } from '../record/keys.ts'
import { decodeRecord, type RecordContent } from '../record/record-code.ts'
import { exploitedMark, predictionMark } from '../record/threat-rows.ts'
import { badIndexFile } from './index-error.ts'
import type { IndexFile } from './open-file.ts'

const none: readonly never[] = []
const noContent: RecordContent = { aliases: none, severity: none }

export interface FileIndexOptions {
  readonly feeds: readonly FeedState[]
  readonly asOf?: AsOf
}

/** An AdvisoryIndex on an open index file. */
export class FileIndex implements AdvisoryIndex {
  readonly feeds: readonly FeedState[]
  readonly asOf?: AsOf
  readonly #file: IndexFile
  /** The latest time that records may have when the state of an earlier day is rebuilt. */
  readonly #until: string | undefined

  constructor(file: IndexFile, options: FileIndexOptions) {
    this.#file = file
    this.feeds = options.feeds
    if (options.asOf !== undefined) this.asOf = options.asOf
    this.#until = options.asOf?.exact === false ? `${options.asOf.day}T23:59:59.999Z` : undefined
  }

  lookup(ecosystem: string, name: string): readonly AdvisoryEntry[] {
    const entries: AdvisoryEntry[] = []
    const { family, scheme } = parseEcosystem(ecosystem)
    const about = { ecosystem: canonicalEcosystem(ecosystem), name: canonicalName(family, name) }
    this.#reading(() =>
      this.#file.tables.packages.each(packagePrefix(ecosystem, name), (rest, value) => {
        const { content, withdrawn } = decodeAffected(value, scheme)
        if (withdrawn && this.#until === undefined) return
        const [id = ''] = partsOfKey(rest)
        const position = feedOfKey(rest)
        const entry = new StoredEntry(this, { id, position, affected: { ...about, ...content } })
        if (this.#until === undefined || entry.wasKnown()) entries.push(entry)
      }),
    )
    return entries
  }

  releases(family: string): readonly string[] {
    const prefix = `${parseEcosystem(family).family}:`
    return this.#file.meta.ecosystems
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
  }

  exploited(id: string): KnownExploited | undefined {
    const entry = this.#threat<KnownExploited>(id, exploitedMark)
    return entry !== undefined && this.asOf !== undefined && entry.added > this.asOf.day ? undefined : entry
  }

  prediction(id: string): ExploitPrediction | undefined {
    // Scores change daily: those of a later day say nothing about this one.
    if (this.#until !== undefined) return undefined
    const row = this.#threat<readonly [number, number]>(id, predictionMark)
    return row === undefined ? undefined : { score: row[0], percentile: row[1] }
  }

  archive(sha1: string): KnownArchive | undefined {
    const row = this.#threat<readonly [string, string]>(sha1, archiveMark)
    return row === undefined ? undefined : { name: row[0], version: row[1] }
  }

  facts(id: string): Omit<Advisory, 'affected'> | undefined {
    const records: Omit<Advisory, 'affected'>[] = []
    const add = (recordId: string, position?: number) =>
      this.#file.tables.records.each(idPrefix(recordId), (rest, value) => {
        if (position !== undefined && position !== feedOfKey(rest)) return
        const record = { id: recordId, feed: this.feedId(feedOfKey(rest)), ...decodeRecord(value) }
        const known = knownAt(record, this.#until)
        if (known !== undefined && known.withdrawn === undefined) records.push(known)
      })
    this.#reading(() => {
      add(id)
      this.#file.tables.names.each(idPrefix(id), (rest) => {
        const [named] = partsOfKey(rest)
        if (named !== undefined && named !== id) add(named, feedOfKey(rest))
      })
    })
    return mergedFacts(id, records)
  }

  close(): void {
    this.#file.close()
  }

  feedId(position: number): string {
    const feed = this.feeds[position]
    if (feed === undefined) throw badIndexFile(this.#file.path, 'a row of an unknown feed')
    return feed.id
  }

  /** What a record says apart from packages; undefined when it was published after the requested day. */
  record(id: string, position: number): RecordContent | undefined {
    let content: RecordContent | undefined
    this.#reading(() =>
      this.#file.tables.records.each(idPrefix(id), (rest, value) => {
        if (content === undefined && feedOfKey(rest) === position) content = decodeRecord(value)
      }),
    )
    return knownAt(content ?? noContent, this.#until)
  }

  #threat<T>(id: string, mark: string): T | undefined {
    let threat: T | undefined
    this.#reading(() =>
      this.#file.tables.threats.each(idPrefix(id) + mark, (_rest, value) => {
        threat ??= JSON.parse(value.toString('utf8')) as T
      }),
    )
    return threat
  }

  /** Values that cannot be decoded are damage of the file, whatever JavaScript calls it. */
  #reading(read: () => void): void {
    try {
      read()
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError)
        throw badIndexFile(this.#file.path, error.message)
      throw error
    }
  }
}

/** The record as it was at a moment: undefined when it was published later; one withdrawn later still holds. */
function knownAt<R extends RecordContent>(record: R, until: string | undefined): R | undefined {
  if (until === undefined) return record
  const since = record.published ?? record.modified
  if (since !== undefined && since > until) return undefined
  if (record.withdrawn === undefined || record.withdrawn <= until) return record
  const { withdrawn: _later, ...before } = record
  return before as R
}

/** An entry that reads what is not needed for matching when it is asked for. */
class StoredEntry implements AdvisoryEntry {
  readonly id: string
  readonly affected: AffectedPackage
  readonly #index: FileIndex
  readonly #position: number
  #record: RecordContent | undefined

  constructor(
    index: FileIndex,
    entry: { readonly id: string; readonly position: number; readonly affected: AffectedPackage },
  ) {
    this.#index = index
    this.id = entry.id
    this.affected = entry.affected
    this.#position = entry.position
  }

  get feed(): string {
    return this.#index.feedId(this.#position)
  }

  get aliases(): readonly string[] {
    return this.#content().aliases
  }

  get severity(): Advisory['severity'] {
    return this.#content().severity
  }

  get covers(): readonly string[] | undefined {
    return this.#content().covers
  }

  get summary(): string | undefined {
    return this.#content().summary
  }

  get published(): string | undefined {
    return this.#content().published
  }

  get modified(): string | undefined {
    return this.#content().modified
  }

  get references(): readonly string[] | undefined {
    return this.#content().references
  }

  /** Whether the record existed at the requested time and was not withdrawn. */
  wasKnown(): boolean {
    this.#record = this.#index.record(this.id, this.#position)
    return this.#record !== undefined && this.#record.withdrawn === undefined
  }

  #content(): RecordContent {
    this.#record ??= this.#index.record(this.id, this.#position) ?? noContent
    return this.#record
  }
}
