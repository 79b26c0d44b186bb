import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Component } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { namedInventory } from '../scan/match.ts'
import { openScanning, resultFor } from '../scan/result.ts'
import { archivesFeed, coordinatesOf } from './archives.ts'
import { feedsContext } from './fixtures/sample.ts'
import { importFeeds } from './import.ts'
import { openFeeds } from './open.ts'
import { feedsStatus } from './status.ts'
import { verifyFeeds } from './verify.ts'

let folder = ''
let context: Context
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-archives-'))
  context = feedsContext(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function file(path: string, content: string): Promise<string> {
  const absolute = join(folder, path)
  await mkdir(dirname(absolute), { recursive: true })
  await writeFile(absolute, content)
  return createHash('sha1').update(content).digest('hex')
}

function guessed(sha1: string, more: Partial<Component> = {}): Component {
  return {
    type: 'maven',
    name: 'org.x:fray',
    version: '0.9',
    purl: 'pkg:maven/org.x/fray@0.9',
    guessedFrom: 'packages',
    sha1,
    locations: [{ path: 'app/fray.jar' }],
    foundBy: 'java',
    ...more,
  }
}

const inventory = (...components: Component[]) => ({ components, layers: [], notes: [] })

describe('names of archives by their digest', () => {
  it.each([
    ['org/x/lib/1.0/lib-1.0.jar', 'org.x:lib:1.0'],
    ['x/lib/1.0/lib-1.0.war', 'x:lib:1.0'],
    ['org/x/lib/1.0/lib-1.0-sources.jar', undefined],
    ['org/x/lib/1.0/lib-1.0.pom', undefined],
    ['org/x/lib/1.0/other-1.0.jar', undefined],
    ['lib/1.0/lib-1.0.jar', undefined],
    ['lib-1.0.jar', undefined],
  ])('%s is %s', (path, expected) => {
    const coordinates = coordinatesOf(path)
    expect(coordinates && `${coordinates.group}:${coordinates.artifact}:${coordinates.version}`).toBe(
      expected,
    )
  })

  it('are made of a repository of Maven, and replace what was guessed', async () => {
    const sha1 = await file('m2/org/x/fray/fray-runtime/0.9.2/fray-runtime-0.9.2.jar', 'an archive')
    await file('m2/org/x/fray/fray-runtime/0.9.2/fray-runtime-0.9.2.pom', '<project/>')
    const [taken] = await archivesFeed({ folders: ['m2'] }, context)
    expect(taken?.state).toMatchObject({ id: 'archives/local', kind: 'archives', count: 1 })
    expect((await feedsStatus({}, context)).feeds.map(({ covers }) => covers)).toEqual([undefined])
    await verifyFeeds({}, context)
    const index = await openFeeds(context)
    expect(index.archive(sha1)).toEqual({ name: 'org.x.fray:fray-runtime', version: '0.9.2' })
    expect(index.archive('0'.repeat(40))).toBeUndefined()
    const user = guessed('1'.repeat(40), {
      purl: 'pkg:maven/org.x/user@1',
      name: 'org.x:user',
      dependsOn: ['pkg:maven/org.x/fray@0.9', 'pkg:maven/org.x/z@1'],
    })
    const named = await namedInventory(inventory(guessed(sha1), user), index)
    const purl = 'pkg:maven/org.x.fray/fray-runtime@0.9.2'
    expect(named.components).toMatchObject([
      { name: 'org.x.fray:fray-runtime', version: '0.9.2', purl },
      { name: 'org.x:user', guessedFrom: 'packages', dependsOn: [purl, 'pkg:maven/org.x/z@1'].sort() },
    ])
    expect(named.components[0]).not.toHaveProperty('guessedFrom')
    index.close()
  })

  it('are imported as text, and lead to what was found of the archive', async () => {
    const sha1 = createHash('sha1').update('x').digest('hex')
    await file(
      'names.tsv',
      `# names\nversion\tsha1\tartifact\tgroup\n0.9.2\t${sha1.toUpperCase()}\tfray-runtime\torg.x.fray\r\n1\tnone\ta\tb\n`,
    )
    const record = {
      id: 'GHSA-1',
      modified: '2024-05-01T00:00:00Z',
      aliases: ['CVE-2024-1000'],
      affected: [
        {
          package: { ecosystem: 'Maven', name: 'org.x.fray:fray-runtime' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '0.9.3' }] }],
        },
      ],
    }
    await file('osv.ndjson', `${JSON.stringify(record)}\n`)
    const taken = await importFeeds({ paths: ['names.tsv', 'osv.ndjson'], whole: ['Maven'] }, context)
    expect(taken.map(({ state }) => [state.kind, state.count, state.skipped])).toEqual([
      ['archives', 1, 1],
      ['osv', 1, undefined],
    ])
    const scanning = await openScanning({}, context)
    const scan = async (component: Component) =>
      await resultFor(
        { inventory: inventory(component), kind: 'directory', name: 'dir:x', from: 'files' },
        scanning,
      )
    const result = await scan(guessed(sha1))
    expect(result.findings.map(({ id, component: { purl } }) => [id, purl])).toEqual([
      ['CVE-2024-1000', 'pkg:maven/org.x.fray/fray-runtime@0.9.2'],
    ])
    expect(result.notes.map(({ code }) => code)).not.toContain('names-guessed')
    const other = await scan(guessed('0'.repeat(40)))
    expect(other.findings).toEqual([])
    expect(other.notes.map(({ code }) => code)).toContain('names-guessed')
    scanning.index.close()
  })

  it.each([
    ['sha1\tgroup\tartifact\tversion\n', 'bad-index'],
    ['sha1\tgroup\tartifact\n', 'bad-index'],
    [`sha1\tgroup\tartifact\tversion\n${'0'.repeat(40)}\ta b\tc\td\n`, 'bad-index'],
    [`sha1\tgroup\tartifact\tversion\n${'x'.repeat(20_000)}\n`, 'limit-exceeded'],
  ])('%j is refused', async (text, code) => {
    await file('names.tsv', text)
    await expect(importFeeds({ paths: ['names.tsv'] }, context)).rejects.toMatchObject({ code })
  })

  it('need archives', async () => {
    await file('m2/readme.txt', 'x')
    await expect(archivesFeed({ folders: ['m2'] }, context)).rejects.toMatchObject({ code: 'not-found' })
    await expect(archivesFeed({ folders: ['none'] }, context)).rejects.toMatchObject({ code: 'not-found' })
  })
})
