import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ScanResult } from '../../model/advisory/finding.ts'
import { parseIgnoreFile } from '../../policy/ignore/ignore-file.ts'
import type { Context } from '../context.ts'
import { feedsContext, ndjson } from '../feeds/fixtures/sample.ts'
import { importFeeds } from '../feeds/import.ts'
import type { TargetInventory } from '../inventory/inventory.ts'
import { openScanning, resultFor, type ScanRules } from './result.ts'

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-scan-result-'))
  context = feedsContext(folder)
  await writeFile(join(folder, 'feed.ndjson'), ndjson(3))
  await importFeeds({ paths: ['feed.ndjson'] }, context)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const openssl = {
  type: 'deb',
  name: 'openssl',
  version: '1.0-1',
  purl: 'pkg:deb/debian/openssl@1.0-1?distro=debian-12',
  source: { name: 'openssl', version: '1.0-1' },
  locations: [],
  foundBy: 'test',
} as const
const target = (components: TargetInventory['inventory']['components'] = [openssl]): TargetInventory => ({
  inventory: {
    distribution: { id: 'debian', version: '12' },
    components,
    layers: [],
    notes: [],
  },
  kind: 'directory',
  name: 'dir:root',
  from: 'files',
})

async function result(rules: ScanRules = {}, world = context, inventoried = target()): Promise<ScanResult> {
  const scanning = await openScanning(rules, world)
  try {
    return await resultFor(inventoried, scanning)
  } finally {
    scanning.index.close()
  }
}

const codes = ({ notes }: ScanResult) => notes.map(({ code }) => code)
const ignored = (expires: string) =>
  parseIgnoreFile(
    Buffer.from(`ignore:\n  - {package: openssl, reason: not reachable, expires: ${expires}}\n`),
    'rules',
  )

describe('the result for a target', () => {
  it('has what advisories say, and what to upgrade', async () => {
    const { findings, upgrades, packages, target: described } = await result()
    // The first record is fixed in 1.0-1, which is there.
    expect(findings.map(({ id }) => id).sort()).toEqual(['CVE-2024-1001', 'CVE-2024-1002'])
    expect(upgrades).toHaveLength(1)
    expect(packages).toBe(1)
    expect(described).toEqual({
      name: 'dir:root',
      kind: 'directory',
      distribution: { id: 'debian', version: '12' },
      inventoryFrom: 'files',
    })
  })

  it('says that nothing in nothing is no good news', async () => {
    expect(codes(await result({}, context, target([])))).toContain('no-packages')
    expect(codes(await result())).not.toContain('no-packages')
  })

  it('leaves out what the rules of the context ignore, or in their place those that are given', async () => {
    const world = { ...context, ignoreRules: async () => ignored('2026-05-01') }
    const spared = await result({}, world)
    expect([spared.findings.length, spared.suppressed.length]).toEqual([0, 2])
    expect((await result({ ignore: [] }, world)).findings).toHaveLength(2)
    const given = await result({ ignore: ignored('2026-05-02') })
    expect([given.findings.length, given.suppressed.length]).toEqual([0, 2])
    const ended = await result({ ignore: ignored('2026-04-30') })
    expect(ended.findings).toHaveLength(2)
    expect(codes(ended)).toContain('ignore-rule-expired')
  })

  it('heeds the documents that are given, the first of two above the second', async () => {
    const vex = (name: string, status: string) => ({
      name,
      bytes: Buffer.from(
        JSON.stringify({
          '@context': 'https://openvex.dev/ns/v0.2.0',
          '@id': `https://example.org/${name}`,
          author: 'us',
          timestamp: '2026-04-30T00:00:00Z',
          version: 1,
          statements: [
            {
              vulnerability: { name: 'CVE-2024-1001' },
              products: [{ '@id': 'pkg:deb/debian/openssl' }],
              status,
              ...(status === 'not_affected' ? { justification: 'vulnerable_code_not_present' } : {}),
            },
          ],
        }),
      ),
    })
    const [spares, finds] = [vex('a', 'not_affected'), vex('b', 'under_investigation')]
    expect((await result({ vex: [spares, finds] })).suppressed.map(({ id }) => id)).toEqual(['CVE-2024-1001'])
    expect((await result({ vex: [finds, spares] })).suppressed).toEqual([])
    await expect(result({ vex: [{ name: 'broken', bytes: Buffer.from('{') }] })).rejects.toMatchObject({
      message: expect.stringContaining('broken'),
    })
  })
})

describe('the day of a scan', () => {
  it.each([
    ['2026-05-01', undefined],
    // Where the sun rises first it is a day later.
    ['2026-05-02', undefined],
    ['2026-05-03', 'bad-usage'],
    ['2026-02-30', 'bad-usage'],
    ['2026-5-1', 'bad-usage'],
    ['yesterday', 'bad-usage'],
  ])('%s: %s', async (asOf, code) => {
    const opened = openScanning({ asOf }, context)
    if (code !== undefined) return await expect(opened).rejects.toMatchObject({ code })
    const { index, now } = await opened
    index.close()
    expect(now.toISOString()).toBe(`${asOf}T23:59:59.000Z`)
  })

  it('makes no advisories newer than they are', async () => {
    const { asOf: known = '' } = await result()
    expect(known < '2026-05-01').toBe(true)
    // They were imported on that day, and are of earlier ones.
    expect((await result({ asOf: '2026-05-01' })).asOf).toBe(known)
    const before = '2020-01-01'
    expect((await result({ asOf: before })).asOf).toBe(`${before}T23:59:59Z`)
  })

  it('is now when none is named', async () => {
    const { index, now } = await openScanning({}, context)
    index.close()
    expect(now).toEqual(context.now())
  })
})

describe('the gate', () => {
  it('says nothing without rules, and is read before anything is opened', async () => {
    const { index, gate } = await openScanning({}, context)
    index.close()
    expect(gate(await result())).toBeUndefined()
    const nowhere = { ...context, cacheDir: join(folder, 'none') }
    await expect(openScanning({ failOn: 'hihg' }, nowhere)).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it.each([
    ['fixable', false],
    ['critical', true],
  ])('with %s passes: %s', async (failOn, passed) => {
    const { index, gate } = await openScanning({ failOn }, context)
    index.close()
    expect(gate(await result())?.passed).toBe(passed)
  })
})
