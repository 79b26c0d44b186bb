import { TemperError } from '../../base/error.ts'
import type { ScanResult, SecretFinding } from '../../model/advisory/finding.ts'
import type { Context } from '../context.ts'
import type { TargetInventory } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'
import { openScanning, resultFor, type ScanRules } from '../scan/result.ts'

export interface ScannedTarget {
  readonly target: ScanTarget
  readonly inventoried: TargetInventory
  readonly secrets: readonly SecretFinding[]
}

/** The findings of a target; undefined where there are no advisories. Throws the errors of reading feeds and rules. */
export async function scanOf(
  { target, inventoried, secrets }: ScannedTarget,
  rules: Omit<ScanRules, 'failOn'>,
  context: Context,
): Promise<ScanResult | undefined> {
  const scanning = await openScanning(rules, context).catch(unlessMissing(rules))
  if (scanning === undefined) return undefined
  try {
    // Nobody who is trusted has stated anything where nobody is trusted.
    const statements =
      context.trust === undefined && scanning.vex.documents.length === 0
        ? undefined
        : await (await import('../scan/vex.ts')).imageVex({ target, inventoried }, context)
    return await resultFor(inventoried, scanning, { statements, secrets })
  } finally {
    scanning.index.close()
  }
}

/** It is not a failure that there never were feeds, unless the person named them: what was not compared is told. */
function unlessMissing(rules: Pick<ScanRules, 'feeds'>): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof TemperError && error.code === 'not-found' && rules.feeds === undefined)
      return undefined
    throw error
  }
}
