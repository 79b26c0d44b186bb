import type { ApkRecord } from '../../../formats/apk/record.ts'
import { parseRelations } from '../../../formats/apk/relation.ts'
import type { IndexedPackage, PackageIndex } from '../../../model/package/package.ts'
import { type IndexOrigin, indexedPackage } from './package.ts'

/** What an index file lists, and where its packages are. */
export interface LoadedIndex {
  readonly origin: IndexOrigin
  readonly records: readonly ApkRecord[]
}

/** An index that is looked up by name; relations are parsed on request, not for everything. */
export class ApkPackageIndex implements PackageIndex {
  readonly #byName = new Map<string, Listed[]>()
  readonly #byProvided = new Map<string, Listed[]>()
  readonly #conditional: Listed[] = []
  readonly #records = new Map<IndexedPackage, ApkRecord>()

  /** Errors: `bad-index` for a list of provided names that cannot be read. */
  constructor(parts: readonly LoadedIndex[]) {
    for (const { origin, records } of parts) {
      for (const record of records) {
        const listed = new Listed(record, origin, this.#records)
        append(this.#byName, record.name, listed)
        if (record.installIf !== '') this.#conditional.push(listed)
        const provided = parseRelations(record.provides, `${record.name} in ${origin.folder}`)
        for (const name of new Set(provided.map((each) => each.name)))
          if (name !== record.name) append(this.#byProvided, name, listed)
      }
    }
  }

  versions(name: string): readonly IndexedPackage[] {
    return this.#byName.get(name)?.map((listed) => listed.package) ?? []
  }

  providers(name: string): readonly IndexedPackage[] {
    return this.#byProvided.get(name)?.map((listed) => listed.package) ?? []
  }

  names(): Iterable<string> {
    return [...this.#byName.keys()].sort()
  }

  conditional(): readonly IndexedPackage[] {
    return this.#conditional.map((listed) => listed.package)
  }

  /** The record of a package from this index. */
  recordOf(indexed: IndexedPackage): ApkRecord | undefined {
    return this.#records.get(indexed)
  }
}

class Listed {
  readonly #record: ApkRecord
  readonly #origin: IndexOrigin
  readonly #records: Map<IndexedPackage, ApkRecord>
  #package: IndexedPackage | undefined

  constructor(record: ApkRecord, origin: IndexOrigin, records: Map<IndexedPackage, ApkRecord>) {
    this.#record = record
    this.#origin = origin
    this.#records = records
  }

  get package(): IndexedPackage {
    if (this.#package === undefined) {
      this.#package = indexedPackage(this.#record, this.#origin)
      this.#records.set(this.#package, this.#record)
    }
    return this.#package
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
