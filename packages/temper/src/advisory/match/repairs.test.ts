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

it('believes no other feed, and says nothing of another release or of no distribution', () => {
  expect(repairsIn(tools, sampleIndex({ osv: repairs }))).toEqual([])
  const index = sampleIndex({ secdb: repairs })
  expect(repairsIn({ ...tools, distribution: { id: 'alpine', version: '3.22' } }, index)).toEqual([])
  const { distribution: _, ...bare } = tools
  expect(repairsIn(bare, index)).toEqual([])
})
