import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import type { VexDocument } from '../../model/advisory/vex.ts'
import type { Lock, LockedPlatform } from '../../model/lock.ts'
import { parsePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import { formatReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import type { TargetInventory } from '../inventory/inventory.ts'
import type { Scanning, ScanRules } from '../scan/result.ts'
import type { BuildScan, PlatformResult } from './result.ts'

/** A build that is to be scanned. */
export interface ScannableBuild {
  /** Of the image in its layout. */
  readonly reference: Reference
  readonly lock: Lock
  readonly locked: readonly LockedPlatform[]
  readonly platforms: readonly PlatformResult[]
  /** Whether the recipe brings files of its own, so that the layers are read, since no lock says what is in them. */
  readonly ownFiles: boolean
  /** Statements about vulnerabilities that lie beside the recipe. */
  readonly statements: VexDocument | undefined
}

/**
 * Scans a build; undefined when there are no advisories, unless a scan was requested. Throws `gate-refused` when a
 * rule is broken; without rules no failure stops a build.
 */
export async function scanBuild(
  rules: ScanRules,
  build: ScannableBuild,
  context: Context,
): Promise<readonly BuildScan[] | undefined> {
  const asked = rules.failOn !== undefined || rules.feeds !== undefined
  // Where feeds.ts keeps them, which is not loaded to learn that there are none.
  if (!asked && !(await isThere(join(context.cacheDir, 'feeds')))) return undefined
  try {
    return await scanPlatforms(rules, build, context)
  } catch (error) {
    if (asked || context.signal.aborted || !(error instanceof TemperError)) throw error
    // An empty store is as good as none.
    if (error.code !== 'not-found') context.progress.warn(`the image was not scanned: ${error.message}`)
    return undefined
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function scanPlatforms(
  rules: ScanRules,
  build: ScannableBuild,
  context: Context,
): Promise<readonly BuildScan[]> {
  const { openScanning } = await import('../scan/result.ts')
  const scanning = await openScanning(rules, context)
  try {
    const scans: BuildScan[] = []
    for (const platform of build.platforms) scans.push(await scanPlatform(platform, build, scanning))
    refuse(scans)
    return scans
  } finally {
    scanning.index.close()
  }
}

async function scanPlatform(
  built: PlatformResult,
  build: ScannableBuild,
  scanning: Scanning,
): Promise<BuildScan> {
  const [{ resultFor }, { summarise }, { verdictJson }] = await Promise.all([
    import('../scan/result.ts'),
    import('../../report/summary.ts'),
    import('../../report/json/verdict.ts'),
  ])
  const { digest, platform } = built
  const statements = {
    documents: build.statements === undefined ? [] : [build.statements],
    names: [formatReference(build.reference), digest],
    notes: [],
  }
  const result = await resultFor(await inventoryFor(built, build, scanning), scanning, { statements })
  const verdict = scanning.gate(result)
  return {
    platform,
    ...summarise(result),
    ...(result.asOf === undefined ? {} : { asOf: result.asOf }),
    ...(verdict === undefined ? {} : { verdict: verdictJson(verdict) }),
  }
}

/** The lock has all packages; files of the recipe may bring more. */
async function inventoryFor(
  { digest, platform }: PlatformResult,
  build: ScannableBuild,
  { context }: Scanning,
): Promise<TargetInventory> {
  const locked = build.locked.find((each) => each.platform === platform)
  if (build.ownFiles || locked === undefined) {
    const { inventoryOf } = await import('../inventory/inventory.ts')
    return await inventoryOf(
      { kind: 'image', reference: build.reference },
      { platform: parsePlatform(platform), source: 'layers' },
      context,
    )
  }
  const { lockedInventory } = await import('../inventory/lock.ts')
  return {
    ...lockedInventory(build.lock, locked, context),
    kind: 'image',
    name: formatReference(build.reference),
    digest,
  }
}

function refuse(scans: readonly BuildScan[]): void {
  const violations = scans.flatMap(({ verdict }) => verdict?.violations ?? [])
  if (violations.length === 0) return
  const lines = [
    ...new Set(
      violations.map(({ rule, id, subject, remedy }) => `  ${rule}: ${id} in ${subject}; ${remedy}`),
    ),
  ]
  const shown = lines.slice(0, 20)
  if (lines.length > shown.length) shown.push(`  and ${lines.length - shown.length} more`)
  throw new TemperError(
    'gate-refused',
    `The gate refuses the image: it was built, but is not signed and not published:\n${shown.join('\n')}`,
    { details: { violations } },
  )
}
