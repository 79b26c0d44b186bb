import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { type CatalogMeasures, listCatalog } from './list.ts'

let folder = ''
let context: Context

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-catalog-'))
  context = {
    ...sampleContext(folder),
    catalogDir: join(folder, 'shipped'),
    workingDir: join(folder, 'work'),
  }
  const measured: CatalogMeasures = {
    web: { 'linux/arm64': { packages: 7, size: 700 }, 'linux/amd64': { packages: 8, size: 800 } },
    db: { 'linux/amd64': { packages: 9, size: 900 } },
  }
  const files = {
    'shipped/web/recipe.yaml':
      'platforms: [linux/arm64]\nline: "1.2"\nlines: {"1.10": {}, "1.1": {}}\ntests: [{name: a}]\nvariants: {dev: {}, debug: {}}\nannotations: {org.opencontainers.image.description: A server}',
    'shipped/db/recipe.yaml': 'contents: {packages: [db1]}',
    'shipped/measured.json': JSON.stringify(measured),
    'work/catalog/db/recipe.yaml': 'contents: {packages: [db2]}',
    'work/catalog/own/recipe.yaml': 'contents: {packages: [own]}',
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
})
afterAll(() => rm(folder, { recursive: true }))

it('lists what ships and what is here, with what was measured of what ships', async () => {
  const entries = await listCatalog(context)
  expect(entries.map(({ name, shipped, packages }) => [name, shipped, packages])).toEqual([
    // The person's own recipe of that name comes first, and nobody measured it.
    ['db', false, null],
    ['own', false, null],
    ['web', true, 7],
  ])
  expect(entries[2]).toEqual({
    name: 'web',
    description: 'A server',
    distribution: 'debian-13',
    shipped: true,
    variants: ['runtime', 'dev', 'debug'],
    lines: ['1.2', '1.10', '1.1'],
    platforms: ['linux/arm64', 'linux/amd64'],
    packages: 7,
    size: 700,
    tests: 1,
  })
})
