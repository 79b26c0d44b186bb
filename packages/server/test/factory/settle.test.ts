import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settle } from '../../src/clocks/clocks.ts'
import { usualSla } from '../../src/clocks/due.ts'
import { type Database, openDatabase } from '../../src/database/open.ts'
import type { FindingRow } from '../../src/database/schema.ts'
import { catalogue, countsBySeverity } from '../../src/images/catalogue.ts'
import { keepFindings } from '../../src/images/findings.ts'
import { keepPackages, packagesOf } from '../../src/images/packages.ts'
import type { Component } from '../../src/temper.ts'

/* Clocks after changes of a few findings, held against what images have then, all of it looked at. */

const images = Array.from({ length: 4 }, (_, index) => `image${index}`)
const packages = packagesOf({
  components: Array.from({ length: 10 }, (_, index) => component(`part${index >> 1}`, `1.${index & 1}`)),
  layers: [],
  notes: [],
})
const now = new Date('2026-12-01T00:00:00Z')

let folder: string
let database: Database

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-settle-'))
  database = await openDatabase({ folder: join(folder, 'database') })
  const { db } = database
  for (const [index, name] of images.entries()) {
    const digest = `sha256:${String(index).repeat(64)}`
    // Each has some of the packages, and the last one both versions of all.
    const held = packages.filter((_, at) => index === 3 || (at + index) % 3 !== 0)
    await keepPackages(db, digest, held)
    await sql`insert into images (name, digest, built, published, build, reason, grade, lock, signer, promoted)
      values (${name}, ${digest}, ${now}, ${now}, ${name}, 'made', 'hardened', '', 'factory', ${now})`.execute(
      db,
    )
    // One was never promoted.
    const channel = index === 2 ? 'candidate' : 'stable'
    await sql`insert into tags (name, tag, digest, channel, moved)
      values (${name}, '1', ${digest}, ${channel}, ${now})`.execute(db)
  }
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

describe('clocks that are set by what has changed', () => {
  it('are those of all findings, whatever changed in which order', async () => {
    const { db } = database
    const severity = fc.constantFrom('critical' as const, 'high' as const, 'low' as const)
    const findings = fc.dictionary(fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'), severity, { maxKeys: 3 })
    const change = fc.record({ at: fc.nat(packages.length - 1), findings })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        for (const { at, findings: wanted } of changes) {
          const { id } = packages[at] ?? { id: '' }
          const rows = Object.entries(wanted).map(([advisory, of]) => finding(id, advisory, of))
          await keepFindings(db, [id], rows)
        }
        await settle(db, { now, sla: usualSla })
        const held = await heldFindings()
        expect(await openClocks()).toEqual(held)
        for (const { name, tags, vulnerabilities } of await catalogue(db, { projects: ['*'], limit: 100 })) {
          const [{ digest, channel } = { digest: '', channel: '' }] = tags
          // A candidate is counted by what it holds, where two versions may be of different severity.
          const counts = channel === 'stable' ? countsIn(held, name) : await countsByPackages(digest)
          expect(vulnerabilities).toEqual(counts)
        }
      }),
      { numRuns: 60, seed: 20_261_201 },
    )
  })

  function countsIn(held: readonly string[], image: string): Record<string, number> {
    const words = held.map((line) => line.split(' ')).filter(([name]) => name === image)
    const distinct = new Set(words.map(([, advisory, , , severity]) => `${severity} ${advisory}`))
    const counts: Record<string, number> = {}
    for (const [severity = ''] of [...distinct].map((each) => each.split(' ')))
      counts[severity] = (counts[severity] ?? 0) + 1
    return counts
  }

  async function countsByPackages(digest: string) {
    return (await countsBySeverity(database.db, [digest])).get(digest) ?? {}
  }

  async function openClocks(): Promise<readonly string[]> {
    const rows = await database.db.selectFrom('clocks').selectAll().where('published', 'is', null).execute()
    return rows
      .map((row) => [row.image, row.advisory, row.package, row.version, row.severity].join(' '))
      .sort()
  }

  /** Of two versions of a package the later counts. */
  async function heldFindings(): Promise<readonly string[]> {
    const rows = await database.db
      .selectFrom('image_packages')
      .innerJoin('packages', 'packages.id', 'image_packages.package')
      .innerJoin('findings', 'findings.package', 'packages.number')
      .innerJoin('tags', 'tags.digest', 'image_packages.digest')
      .select(['tags.name as image', 'advisory', 'packages.name', 'packages.version', 'severity'])
      .orderBy('packages.version')
      .execute()
    const latest = new Map(
      rows.map((row) => [
        [row.image, row.advisory, row.name].join(' '),
        [row.image, row.advisory, row.name, row.version, row.severity].join(' '),
      ]),
    )
    return [...latest.values()].sort()
  }
})

function component(name: string, version: string): Component {
  return {
    type: 'deb',
    name,
    version,
    foundBy: 'dpkg',
    locations: [],
    purl: `pkg:deb/debian/${name}@${version}`,
  }
}

function finding(id: string, advisory: string, severity: FindingRow['severity']): FindingRow {
  return {
    package: id,
    advisory,
    severity,
    score: null,
    fixed: null,
    exploited: false,
    title: null,
    published: now,
    fix_published: null,
    unfixed: null,
    seen: now,
  }
}
