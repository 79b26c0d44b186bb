import type { ScanResult } from '../../model/advisory/finding.ts'
import type { Component } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { openScanning, resultFor, type ScanRules } from './result.ts'

/**
 * Findings for the components of any number of images at once, for those who keep inventories: each component
 * is looked up once, however many images have it. Each has to state its distribution. Errors: those of `scan`.
 */
export async function scanComponents(
  components: readonly Component[],
  rules: Omit<ScanRules, 'failOn'>,
  context: Context,
): Promise<Pick<ScanResult, 'findings' | 'suppressed' | 'feeds' | 'notes'>> {
  const scanning = await openScanning(rules, context)
  try {
    const inventory = { components, layers: [], notes: [] }
    const { findings, suppressed, feeds, notes } = await resultFor(
      { inventory, kind: 'sbom', name: 'components', from: 'components' },
      scanning,
    )
    return { findings, suppressed, feeds, notes }
  } finally {
    scanning.index.close()
  }
}
