import { type PackageUrl, parsePurl } from '../../../formats/purl/purl.ts'
import type { Component, Inventory } from '../../../model/inventory.ts'
import { isSourceArchitecture, nameKey, type PurlSubject, purlNames, purlSubject } from './purl-match.ts'

interface Entry {
  readonly component: Component
  readonly subject: PurlSubject
}

/** The components of the target, looked up by the package URLs in statements. */
export class ComponentIndex {
  readonly #byName = new Map<string, Entry[]>()
  readonly #bySource = new Map<string, Entry[]>()
  readonly #purls = new Map<string, PackageUrl | undefined>()

  constructor({ components, distribution }: Pick<Inventory, 'components' | 'distribution'>) {
    for (const component of components) {
      const subject = purlSubject(component, distribution)
      if (subject === undefined) continue
      const { type, name } = subject.purl
      add(this.#byName, nameKey(subject.purl), { component, subject })
      add(this.#bySource, `${type}:${component.source?.name ?? name}`, { component, subject })
    }
  }

  /** Components that match a package URL in every part. */
  named(id: string): readonly Component[] {
    const wanted = this.purl(id)
    if (wanted === undefined) return []
    return this.#alike(wanted).flatMap(({ component, subject }) =>
      purlNames(wanted, subject) ? [component] : [],
    )
  }

  /** Components with the name in a package URL, whatever its version and qualifiers. */
  ofName(id: string): readonly Component[] {
    const wanted = this.purl(id)
    return wanted === undefined ? [] : this.#alike(wanted).map(({ component }) => component)
  }

  /** Parsed once, however often it is asked for. */
  purl(id: string): PackageUrl | undefined {
    if (!id.startsWith('pkg:')) return undefined
    if (!this.#purls.has(id)) this.#purls.set(id, parsePurl(id))
    return this.#purls.get(id)
  }

  #alike(wanted: PackageUrl): readonly Entry[] {
    if (!isSourceArchitecture(wanted.qualifiers?.['arch'])) return this.#byName.get(nameKey(wanted)) ?? []
    return this.#bySource.get(`${wanted.type}:${wanted.name}`) ?? []
  }
}

function add(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [entry])
  else known.push(entry)
}
