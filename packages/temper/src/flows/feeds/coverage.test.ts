import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import { isComplete } from '../../model/advisory/scan-report.ts'
import type { Context } from '../context.ts'
import { scan } from '../scan/scan.ts'
import { feedsContext, ndjson, osvRecord } from './fixtures/sample.ts'
import { importFeeds } from './import.ts'
import { feedsStatus } from './status.ts'
import { updateFeeds } from './update.ts'

let folder: string
let context: Context

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-coverage-'))
  context = feedsContext(folder)
  await file(
    'app.cdx.json',
    JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [
        {
          type: 'library',
          name: 'openssl',
          version: '9.0-1',
          purl: 'pkg:deb/debian/openssl@9.0-1?distro=debian-12',
        },
      ],
    }),
  )
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

async function scanned(request: Partial<Parameters<typeof scan>[0]> = {}) {
  const path = join(folder, 'app.cdx.json')
  const { reports, passed } = await scan(
    { targets: [{ kind: 'sbom', path } as never], failOn: 'any,incomplete', ...request },
    context,
  )
  const [report] = reports
  if (report === undefined) throw new RangeError('no report')
  const { result } = report
  return {
    complete: isComplete(result),
    passed,
    asOf: result.asOf,
    ledger: result.ledger,
    notes: result.notes,
  }
}

describe('what imported feeds speak for', () => {
  it.each<readonly [string, () => Promise<Parameters<typeof importFeeds>[0]>, boolean]>([
    ['single records', async () => ({ paths: [await file('a.ndjson', ndjson(3))] }), false],
    [
      'records that somebody says are all',
      async () => ({ paths: [await file('a.ndjson', ndjson(3))], whole: ['Debian:12'] }),
      true,
    ],
    [
      'records that somebody says are all of something else',
      async () => ({ paths: [await file('a.ndjson', ndjson(3))], whole: ['Debian:13'] }),
      false,
    ],
    [
      "the publisher's file about its ecosystem",
      async () => {
        const content = Buffer.from(JSON.stringify(osvRecord(0)))
        return { paths: [await file('Debian/all.zip', buildZip({ entries: [{ name: 'a.json', content }] }))] }
      },
      true,
    ],
    ['many records', async () => ({ paths: [await file('a.ndjson', ndjson(1_500))] }), false],
    [
      "the publisher's name on a folder",
      async () => {
        await file('Debian/all.zip/a.json', JSON.stringify(osvRecord(0)))
        return { paths: [join(folder, 'Debian/all.zip')] }
      },
      false,
    ],
    [
      "Debian's tracker",
      async () => {
        const releases = { bookworm: { status: 'open', urgency: 'low' } }
        return {
          paths: [await file('tracker.json', JSON.stringify({ nginx: { 'CVE-2024-1': { releases } } }))],
        }
      },
      true,
    ],
  ])('%s', async (_, request, complete) => {
    await importFeeds(await request(), context)
    expect(await scanned()).toMatchObject({ complete, passed: complete })
  })

  it('does not count for a document that hides a list of components behind a shorter one', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(3))], whole: ['Debian:12'] }, context)
    const component = (name: string, version: string) =>
      `{"type":"library","name":"${name}","version":"${version}","purl":"pkg:deb/debian/${name}@${version}?distro=debian-12"}`
    const list = (...components: string[]) => `"components":[${components.join()}]`
    const [hidden, shown] = [component('package0', '0.1'), component('openssl', '9.0-1')]
    const twice = `${list(hidden, shown)},"metadata":{},${list(shown)}`
    await file('app.cdx.json', `{"bomFormat":"CycloneDX","specVersion":"1.6",${twice}}`)
    const { complete, passed, notes } = await scanned()
    expect({ complete, passed }).toEqual({ complete: false, passed: false })
    expect(notes).toContainEqual({
      code: 'repeated-name',
      message: expect.stringContaining('the name "components" more than once'),
    })
  })

  /** What a person may cut out of a whole feed, in any form that is read. */
  const forms: Readonly<Record<string, (some: readonly number[]) => Promise<string>>> = {
    lines: (some) => file('some.ndjson', some.map((each) => `${JSON.stringify(osvRecord(each))}\n`).join('')),
    array: (some) => file('some.json', JSON.stringify(some.map((each) => osvRecord(each)))),
    zip: (some) => file('Debian/some.zip', zipOf(some)),
    'zip elsewhere': (some) => file('mine/all.zip', zipOf(some)),
    folder: async (some) => {
      for (const each of some) await file(`Debian/some/${each}.json`, JSON.stringify(osvRecord(each)))
      return join(folder, 'Debian/some')
    },
    tracker: (some) => {
      const states = some.map((each) => [`CVE-2024-${each}`, { releases: { bookworm: { status: 'open' } } }])
      return file('some.json', JSON.stringify({ nginx: Object.fromEntries(states) }))
    },
  }
  const zipOf = (some: readonly number[]) =>
    buildZip({
      entries: some.map((each) => ({
        name: `${each}.json`,
        content: Buffer.from(JSON.stringify(osvRecord(each))),
      })),
    })

  it.each(Object.keys(forms))('is never all because a part of a feed was imported: %s', async (form) => {
    const some = fc.uniqueArray(fc.integer({ min: 1000, max: 9999 }), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(some, async (numbers) => {
        const path = await forms[form]?.(numbers)
        await importFeeds({ paths: [path ?? ''], as: 'some', acceptSmaller: true }, context)
        expect(await scanned()).toMatchObject({ complete: false, passed: false })
      }),
      { numRuns: 4 },
    )
  })

  it('is kept in the store and told', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(3))] }, context)
    const [feed] = (await feedsStatus({}, context)).feeds
    expect(feed?.covers).toEqual([{ extent: 'records', knows: 'repaired', ecosystems: ['Debian:12'] }])
    const bad = importFeeds({ paths: [join(folder, 'a.ndjson')], whole: ['Debain:12'] }, context)
    await expect(bad).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringContaining('Debain:12'),
    })
  })

  it('is less than a list where many of its records cannot be read', async () => {
    const broken = `${ndjson(60)}${'{broken}\n'.repeat(5)}`
    await importFeeds({ paths: [await file('a.ndjson', broken)], whole: ['Debian:12'] }, context)
    const { complete, notes } = await scanned()
    expect(complete).toBe(false)
    expect(notes).toContainEqual({
      code: 'feed-damaged',
      message: '5 of 65 records of the feed a could not be read.',
    })
  })

  it('is as old as the records, however new other feeds are', async () => {
    const epss = await file('epss.csv', 'cve,epss,percentile\nCVE-2024-1000,0.25,0.75\n')
    await importFeeds({ paths: [await file('a.ndjson', ndjson(3))], whole: ['Debian:12'] }, context)
    await importFeeds({ paths: [epss] }, context)
    expect((await scanned()).asOf).toBe('2024-05-01T00:00:00Z')
  })
})

describe('a failed update', () => {
  const nowhere = { addresses: { kev: 'http://127.0.0.1:1/kev.json' } }

  it('leaves no trace: no day of which nothing is known', async () => {
    await expect(updateFeeds({ only: ['kev'] }, { ...context, feeds: nowhere })).resolves.toMatchObject([
      { outcome: 'failed' },
    ])
    await expect(feedsStatus({}, context)).rejects.toMatchObject({ code: 'not-found' })
    context = { ...context, now: () => new Date('2026-05-02T10:00:00Z') }
    await importFeeds({ paths: [await file('a.ndjson', ndjson(3))], whole: ['Debian:12'] }, context)
    const earlier = await scanned({ asOf: '2026-05-01' })
    expect(earlier.notes.map(({ code }) => code)).toEqual(['as-of-rebuilt'])
    expect(earlier.complete).toBe(true)
  })

  it('is not needed for a day before the first record: of that nothing is known either', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(3))], whole: ['Debian:12'] }, context)
    expect(await scanned({ asOf: '2024-04-01' })).toMatchObject({ complete: true })
    expect(await scanned({ asOf: '2024-03-31' })).toMatchObject({ complete: false, passed: false })
  })

  it('keeps what was there', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(3))], whole: ['Debian:12'] }, context)
    await updateFeeds({ only: ['kev'] }, { ...context, feeds: nowhere })
    expect((await scanned()).complete).toBe(true)
  })
})
