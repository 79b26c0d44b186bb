import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareVersions } from '../../formats/version/compare.ts'
import { changelogItems, type ToldVersion } from './changelogs.ts'

const about = {
  ecosystem: 'Debian:13',
  scheme: 'dpkg',
  prefix: 'DEBIAN-',
  page: 'https://x.example/',
  source: 'a',
} as const

function entry(version: string, ...cveIds: readonly string[]): ToldVersion {
  return { version, changes: cveIds.map((id) => `* Fix ${id}`).join('\n'), cveIds }
}

/** CVE id and the version that is told as repaired. */
function fixesTold(entries: readonly ToldVersion[]): readonly (readonly [string, string | undefined])[] {
  return [...changelogItems(about, entries)].flatMap((item) => {
    if (item.kind !== 'advisory') return []
    const [, fixed] = item.advisory.affected[0]?.ranges[0]?.events ?? []
    return [[item.advisory.aliases[0] ?? '', fixed && 'fixed' in fixed ? fixed.fixed : undefined] as const]
  })
}

it('the oldest entry that names a CVE repairs it', () => {
  const repair = { ...entry('2-1', 'CVE-2024-0001'), date: '2024-05-06T07:08:09.000Z' }
  const items = [...changelogItems(about, [entry('3-1', 'CVE-2024-0001'), repair])]
  expect(items).toMatchObject([
    {
      advisory: {
        id: 'DEBIAN-CVE-2024-0001',
        summary: '* Fix CVE-2024-0001',
        affected: [
          {
            name: 'a',
            ranges: [{ events: [{ introduced: '0' }, { fixed: '2-1' }] }],
            fixPublished: '2024-05-06T07:08:09Z',
          },
        ],
      },
    },
  ])
})

it('a newer entry with a lower version has the repair, too', () => {
  // As in stable updates of Debian, which start from a version of unstable.
  const entries = [
    entry('5:7.0.15-1~deb12u2', 'CVE-2024-0002'),
    entry('5:7.0.15-1~deb12u1'),
    entry('5:7.0.15-1', 'CVE-2024-0001'),
    entry('5:7.0.14-1', 'CVE-2023-0001'),
  ]
  expect(fixesTold(entries)).toEqual([
    ['CVE-2024-0002', '5:7.0.15-1~deb12u2'],
    ['CVE-2024-0001', '5:7.0.15-1~deb12u1'],
    ['CVE-2023-0001', '5:7.0.14-1'],
  ])
})

it('entries without a version are skipped', () => {
  const entries = [entry('unreleased', 'CVE-2024-0002'), entry('2-1', 'CVE-2024-0001')]
  expect(fixesTold(entries)).toEqual([['CVE-2024-0001', '2-1']])
})

it('no entry that has a repair is told to upgrade for it', () => {
  const ids = ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003'] as const
  const version = fc
    .tuple(
      fc.constantFrom('', '1:'),
      fc.constantFrom('1', '2.0', '2.1', '10'),
      fc.constantFrom('', '-1', '-2', '-1+b1'),
      fc.constantFrom('', '~deb12u1', '+deb12u2', '~bpo12+1', '~~', '+really1.9'),
    )
    .map((parts) => parts.join(''))
  const changelog = fc.array(fc.tuple(version, fc.subarray([...ids])), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(changelog, (lines) => {
      const entries = lines.map(([number, named]) => entry(number, ...named))
      const told = new Map(fixesTold(entries))
      for (const id of ids) {
        const at = entries.findLastIndex(({ cveIds }) => cveIds.includes(id))
        const fixed = told.get(id)
        expect(fixed === undefined).toBe(at < 0)
        if (fixed === undefined) continue
        const having = entries.slice(0, at + 1).map((each) => each.version)
        expect(having).toContain(fixed)
        for (const each of having) expect(compareVersions('dpkg', fixed, each)).toBeLessThanOrEqual(0)
      }
    }),
  )
})
