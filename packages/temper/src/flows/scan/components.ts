import type { ScanResult } from '../../model/advisory/finding.ts'
import type { Component } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { openScanning, resultFor, type ScanRules } from './result.ts'

/**
 * What is known against components of any number of images at once: whoever keeps inventories asks for each component once,
 * however many images have it. Each has to say of which distribution it is. Errors: as `scan` throws them.
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
