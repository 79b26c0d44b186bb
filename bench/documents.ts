import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Component } from '../packages/temper/src/model/inventory.ts'
import type { OsvRecord } from '../packages/temper/test/support/osv-entry.ts'
import { peerDocument } from '../packages/temper/test/support/peer-findings.ts'

interface DocumentPart {
  readonly type: string
  readonly components?: readonly DocumentPart[]
  readonly purl?: string
}

/** A CycloneDX document without files and texts of licences: as scanners write them, packages only. */
export function packagesOnly(text: string): string {
  const document = JSON.parse(text) as { readonly components: readonly DocumentPart[] }
  const components = document.components
    .filter(({ type }) => type !== 'file')
    .map((part) => ({ ...part, components: undefined, evidence: undefined }))
  return JSON.stringify({ ...document, components, dependencies: [] })
}

/** Source packages that a CycloneDX document names. */
export function namesIn(text: string): readonly string[] {
  const names = [...text.matchAll(/"pkg:deb\/debian\/([a-z0-9][a-z0-9+.-]*)(?:@[^"]*)?\?arch=source/g)]
  return [...new Set(names.map(([, name = '']) => name))].sort()
}

/** Writes documents of 300 packages each that Trivy reads, too: names of Debian 12 in `records`, and others that it has not. */
export async function writeDocuments(
  place: string,
  { count, records }: { readonly count: number; readonly records: readonly OsvRecord[] },
): Promise<readonly string[]> {
  await mkdir(place, { recursive: true })
  const pool = [...latestFixes(records)]
  const next = numbers(1)
  const paths: string[] = []
  for (let i = 0; i < count; i++) {
    const chosen = new Map<string, Component>()
    while (chosen.size < 300) {
      const [name, version] = pool[next() % Math.max(1, pool.length)] ?? ['', '']
      // There are not so many names with advisories: the rest are others.
      const isKnown = name !== '' && next() % 3 === 0
      const component = componentOf(isKnown ? name : `package-${next() % 5000}`, isKnown ? version : '1.2-3')
      chosen.set(component.name, component)
    }
    const distribution = { id: 'debian', version: '12', codename: 'bookworm' }
    const inventory = { distribution, components: [...chosen.values()], layers: [], files: [], notes: [] }
    const path = join(place, `${i}.cdx.json`)
    await writeFile(path, peerDocument(inventory))
    paths.push(path)
  }
  return paths
}

/** The first fix that records of Debian 12 name for a package: many others came later. */
function latestFixes(records: readonly OsvRecord[]): ReadonlyMap<string, string> {
  const fixes = new Map<string, string>()
  for (const { affected = [] } of records)
    for (const { package: named, ranges = [] } of affected) {
      const fixed = ranges.flatMap(({ events }) => events.flatMap((event) => event.fixed ?? []))[0]
      // These have thousands each.
      const isUsual = named.ecosystem === 'Debian:12' && !['linux', 'chromium'].includes(named.name)
      if (isUsual && fixed !== undefined) fixes.set(named.name, fixed)
    }
  return fixes
}

function componentOf(name: string, version: string): Component {
  return {
    type: 'deb',
    name,
    version,
    purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=amd64&distro=debian-12`,
    source: { name, version },
    locations: [],
    foundBy: 'bench',
  }
}

/** The same numbers in each run (a linear congruential generator, the constants of Numerical Recipes). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 8
  }
}
