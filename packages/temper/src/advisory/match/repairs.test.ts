import { expect, it } from 'vitest'
import { component, inventory, record, sampleIndex } from './fixtures/sample.ts'
import { repairsIn } from './repairs.ts'

const alpine = { id: 'alpine', version: '3.23.0' }
const about = { in: 'Alpine:v3.23', name: 'tool' }
const fixed = (version: string) => ({ ...about, events: [{ introduced: '0' }, { fixed: version }] })
const repairs = [
  record('CVE-2026-0001', fixed('1.2-r3')),
  record('CVE-2026-0002', fixed('1.3-r0')),
  record('CVE-2026-0003', fixed('1.2-r4')),
  record('NOT-A-CVE', fixed('1.0-r0')),
  record('CVE-2026-0004', { ...fixed('1.0-r0'), name: 'other' }),
]
const tools = inventory(
  [component('apk', 'tool-libs', { version: '1.2-r4', source: { name: 'tool', version: '1.2-r4' } })],
  alpine,
)

it('tells what a list of repairs says of the version that is there, or a later one', () => {
  const offered = repairsIn(tools, sampleIndex({ secdb: repairs }))
  expect(offered.map(({ id, version, component: { name }, feed }) => [id, version, name, feed])).toEqual([
    ['CVE-2026-0001', '1.2-r3', 'tool-libs', 'secdb'],
    ['CVE-2026-0003', '1.2-r4', 'tool-libs', 'secdb'],
  ])
})

it('tells of the lowest version that is reached, and of no flaw that came back or never was there', () => {
  const about = (id: string, ...stretches: readonly object[][]) => ({
    id,
    affected: [
      {
        package: { ecosystem: 'Alpine:v3.23', name: 'tool' },
        ranges: stretches.map((events) => ({ type: 'ECOSYSTEM', events })),
      },
    ],
  })
  const until = (version: string) => [{ introduced: '0' }, { fixed: version }]
  const since = (version: string, fixedAt: string) => [{ introduced: version }, { fixed: fixedAt }]
  const offered = repairsIn(
    tools,
    sampleIndex({
      secdb: [
        about('CVE-2026-0001', since('1.3-r0', '1.3-r1'), until('1.2-r3')),
        about('CVE-2026-0002', until('1.0-r0'), since('1.2-r0', '1.2-r9')),
        about('CVE-2026-0003', [{ introduced: '0' }, { fixed: '0' }]),
      ],
    }),
  )
  expect(offered.map(({ id, version }) => [id, version])).toEqual([['CVE-2026-0001', '1.2-r3']])
})

it('believes no other feed, and says nothing of another release or of no distribution', () => {
  expect(repairsIn(tools, sampleIndex({ osv: repairs }))).toEqual([])
  const index = sampleIndex({ secdb: repairs })
  expect(repairsIn({ ...tools, distribution: { id: 'alpine', version: '3.22' } }, index)).toEqual([])
  const { distribution: _, ...bare } = tools
  expect(repairsIn(bare, index)).toEqual([])
})
