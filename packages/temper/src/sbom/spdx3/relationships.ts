import type { Sbom, SbomFile } from '../../model/sbom.ts'
import { licenceId } from './agents.ts'
import type { Spdx3Element, Spdx3Ids } from './ids.ts'

/**
 * The relationships of a document: what contains, needs, generates and is licensed under what (SPDX 3.0.1, Core,
 * RelationshipType).
 */
export function* spdx3Relationships(sbom: Sbom, ids: Spdx3Ids): Generator<Spdx3Element> {
  const owned = Map.groupBy(sbom.files, (file) => file.owner)
  const files = (owner: string | undefined) =>
    (owned.get(owner) ?? []).map((file: SbomFile) => ids.file(file))
  const related = new Relationships(ids)
  const packages = sbom.packages.map(({ id }) => ids.of('package', id))
  const system = sbom.distribution === undefined ? [] : [ids.of('system')]
  const completeness = sbom.complete === false ? 'incomplete' : 'complete'
  yield* related.from(ids.of('root'), 'contains', [...system, ...packages, ...files(undefined)], {
    completeness,
  })
  for (const { id, dependsOn, source, licence } of sbom.packages) {
    const own = ids.of('package', id)
    yield* related.from(own, 'contains', files(id))
    const needed = dependsOn.map((each) => ids.of('package', each))
    yield* related.from(own, 'dependsOn', needed)
    if (source !== undefined) yield* related.from(ids.source(source), 'generates', [own])
    if (licence !== undefined)
      yield* related.from(own, 'hasDeclaredLicense', [licenceId(licence.expression, ids)])
  }
}

class Relationships {
  readonly #ids: Spdx3Ids
  #count = 0

  constructor(ids: Spdx3Ids) {
    this.#ids = ids
  }

  *from(
    from: string,
    relationshipType: string,
    to: readonly string[],
    more: Spdx3Element = {},
  ): Generator<Spdx3Element> {
    if (to.length === 0) return
    const id = this.#ids.of('relationship', String(++this.#count))
    yield this.#ids.element('Relationship', id, { from, relationshipType, to, ...more })
  }
}
