import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { goldenImages, goldenRecords } from '../../src/advisory/match/fixtures/golden.ts'
import { sampleIndex } from '../../src/advisory/match/fixtures/sample.ts'
import { matchInventory } from '../../src/advisory/match/match.ts'
import type { Inventory } from '../../src/model/inventory.ts'
import { compareFindings, peerDocument } from '../support/peer-findings.ts'
import { fileOf, PeerScanners } from '../support/scanners.ts'

/* Grype and Trivy, given the same advisories and documents, find what Temper finds. */

/**
 * What Trivy alone does not report, and why: docs/reference/matching-differences.md, 2. Problems of Wolfi that nobody has
 * repaired yet.
 */
const unfixed = new Set(['busybox CVE-2024-58251', 'busybox CVE-2025-46394'])

/** The databases of the others are written with numbered releases only (matching-differences.md, 1). */
const rollingAlpine = '9.9'

const folder = await mkdtemp(join(tmpdir(), 'temper-scanners-'))
const numbered = JSON.stringify(goldenRecords()).replaceAll('"Alpine:edge"', `"Alpine:v${rollingAlpine}"`)
const scanners = await PeerScanners.open(folder, JSON.parse(numbered))
afterAll(() => rm(folder, { recursive: true }))

function withNumber(image: string, inventory: Inventory): Inventory {
  const { distribution } = inventory
  if (image !== 'alpine-edge' || distribution === undefined) return inventory
  return { ...inventory, distribution: { ...distribution, version: `${rollingAlpine}.0` } }
}

describe.skipIf(scanners === undefined)('Grype and Trivy on real images', () => {
  const index = sampleIndex({ osv: goldenRecords() })

  it.each([...goldenImages()])('agree with Temper on %s', async (image, inventory) => {
    const { findings: ours } = matchInventory(inventory, index)
    expect(ours.length).toBeGreaterThan(0)
    const path = await fileOf(folder, `${image}.cdx.json`, peerDocument(withNumber(image, inventory)))
    const grype = compareFindings(ours, (await scanners?.grype(`sbom:${path}`)) ?? [])
    expect({ onlyOurs: grype.onlyOurs, onlyGrype: grype.onlyPeer }).toEqual({ onlyOurs: [], onlyGrype: [] })
    const trivy = compareFindings(ours, (await scanners?.trivySbom(path)) ?? [])
    const unexplained = trivy.onlyOurs.filter(({ id, component }) => !unfixed.has(`${component.name} ${id}`))
    expect({ onlyOurs: unexplained, onlyTrivy: trivy.onlyPeer }).toEqual({ onlyOurs: [], onlyTrivy: [] })
  })
})
