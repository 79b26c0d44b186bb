import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../model/advisory/finding.ts'
import { type ExpectedRow, expectedRows, goldenImages, goldenRecords } from './fixtures/golden.ts'
import { findingsIn, sampleIndex } from './fixtures/sample.ts'

const images = goldenImages()
const index = sampleIndex({ osv: goldenRecords() })

function row(image: string, { id, component, fixedVersions, reason }: Finding): ExpectedRow {
  return { image, id, package: component.name, fixed: fixedVersions, reason }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

describe('findings of real images', () => {
  const rows = expectedRows()

  it.each([...images.keys()])('%s has the findings of the fixture, for the same reasons', (image) => {
    const inventory = images.get(image)
    const findings = inventory === undefined ? [] : findingsIn(inventory, index)
    const order = (a: ExpectedRow, b: ExpectedRow) => byText(a.id, b.id) || byText(a.package, b.package)
    expect(findings.map((finding) => row(image, finding)).toSorted(order)).toEqual(
      rows.filter((expected) => expected.image === image).toSorted(order),
    )
  })

  it('has a reason for every row', () => {
    expect(
      rows.filter(({ reason }) => !/ is (?:below|affected|listed|not above) /.test(` ${reason} `)),
    ).toEqual([])
    expect(new Set(rows.map(({ image }) => image)).size).toBe(images.size)
  })
})

interface FixtureRecord {
  readonly id: string
  readonly affected: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string }
    readonly ranges: readonly { readonly events: readonly { readonly fixed?: string }[] }[]
  }[]
}

const hasDpkg = spawnSync('dpkg', ['--version']).status === 0

describe.skipIf(!hasDpkg)('a checker that knows nothing but dpkg', () => {
  it('finds the same on all Debian rows', () => {
    const pairs: { readonly key: string; readonly installed: string; readonly fixed: string }[] = []
    for (const [image, { distribution, components }] of images) {
      if (distribution?.id !== 'debian') continue
      for (const { name, version, source } of components)
        for (const { id, affected } of goldenRecords() as readonly FixtureRecord[])
          for (const { package: about, ranges } of affected) {
            const fixed = ranges[0]?.events.find((event) => event.fixed !== undefined)?.fixed
            if (
              about.ecosystem !== 'Debian:12' ||
              about.name !== (source?.name ?? name) ||
              fixed === undefined
            )
              continue
            const installed = source?.version || version
            pairs.push({ key: `${image} ${id.replace('DEBIAN-', '')} ${name}`, installed, fixed })
          }
    }
    const below = versionsBelow(pairs.map(({ installed, fixed }) => `${installed} ${fixed}`))
    const expected = pairs
      .filter(({ installed, fixed }) => below.has(`${installed} ${fixed}`))
      .map(({ key }) => key)
    const ours = expectedRows()
      .filter(({ image }) => images.get(image)?.distribution?.id === 'debian')
      .map((each) => `${each.image} ${each.id} ${each.package}`)
    expect(expected.length).toBeGreaterThan(50)
    expect([...ours].sort()).toEqual([...new Set(expected)].sort())
  })
})

/** Of pairs "installed fixed", those of which dpkg says that the first is lower. */
function versionsBelow(pairs: readonly string[]): ReadonlySet<string> {
  const script = 'while read -r a b; do dpkg --compare-versions "$a" lt "$b" && echo "$a $b"; done; true'
  const input = [...new Set(pairs)].join('\n')
  return new Set(
    execFileSync('sh', ['-c', script], { input: `${input}\n`, encoding: 'utf8' })
      .trim()
      .split('\n'),
  )
}
