import type { VexStatement } from '../../../model/advisory/vex.ts'
import type { Repair } from '../../match/repairs.ts'
import { packageIdentifiers, packageProducts } from '../apply/products.ts'
import type { ImageEvidence } from './evidence.ts'
import { byVulnerability } from './from-changelogs.ts'

/** Most statements of one image. */
const statementLimit = 10_000

/**
 * States "fixed" for every vulnerability that the distribution's own list of fixes says is fixed in the version of a
 * package, with one statement for all packages of a source. Sorted by vulnerability.
 */
export function repairStatements(
  repairs: readonly Repair[],
  evidence: ImageEvidence,
): readonly VexStatement[] {
  const installed = new Map(evidence.packages.map((binary) => [binary.name, binary]))
  const groups = Map.groupBy(
    repairs,
    ({ id, component }) => `${id} ${component.source?.name ?? component.name}`,
  )
  const statements = [...groups.values()].flatMap((group): VexStatement[] => {
    const [first] = group
    const identifiers = group.flatMap(({ component }) => {
      const binary = installed.get(component.name)
      return binary === undefined ? [] : packageIdentifiers(binary, evidence)
    })
    if (first === undefined || identifiers.length === 0) return []
    const { id, component, version, feed } = first
    const source = component.source?.name ?? component.name
    return [
      {
        vulnerability: id,
        aliases: [],
        products: packageProducts(evidence, identifiers),
        status: 'fixed',
        statement: `Repaired in ${source} ${version} (${feed})`,
      },
    ]
  })
  return statements.sort(byVulnerability).slice(0, statementLimit)
}
