import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sampleContext } from '../fixtures/sample-context.ts'
import { describeRecipe } from './describe-recipe.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-describe-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const described = async (text: string) => {
  await writeFile(join(home, 'web.yaml'), text)
  return await describeRecipe({ target: 'web.yaml' }, sampleContext(home))
}

it('is what a recipe says of its image', async () => {
  await writeFile(join(home, 'ring.asc'), '')
  await writeFile(join(home, 'own.asc'), '')
  await mkdir(join(home, 'debs'))
  expect(
    await described(`name: web
tags: ["1.2", "1"]
platforms: [linux/arm64]
dates: {end-of-life: 2028-08-09}
contents:
  packages: [nginx]
  keyring: [ring.asc]
  repositories:
    - {address: "https://packages.example", suite: stable, components: [main], key: own.asc}
    - {address: "https://others.example", suite: stable, components: [main]}
tests:
  - {name: starts, command: [nginx, -v]}
`),
  ).toEqual({
    name: 'web',
    tags: ['1.2', '1'],
    platforms: ['linux/arm64'],
    tests: 1,
    steps: 0,
    endOfLife: '2028-08-09',
    archives: ['https://packages.example', 'https://others.example'],
    keys: ['ring.asc', 'own.asc'],
    missing: [],
  })
})

it('is called latest where no tag is named, and ends when nobody says', async () => {
  const description = await described('name: web\ncontents: {packages: [nginx]}\n')
  expect(description).toMatchObject({ tags: ['latest'], keys: [], archives: [] })
  expect(description).not.toHaveProperty('endOfLife')
  expect((await described('name: web\ntags: []\ncontents: {packages: [nginx]}\n')).tags).toEqual(['latest'])
})

it('lists what it names beside it and is not there', async () => {
  const text = `name: web
base: oci:below
contents:
  keyring: [ring.asc, "https://keys.example/a.asc"]
  repositories:
    - {address: "https://packages.example", suite: stable, components: [main], key: own.asc}
    - {address: "./own debs", suite: ./, key: own.asc}
    - {address: "/srv/nowhere", suite: stable, key: own.asc}
`
  const names = ['ring.asc', 'own.asc', './own debs', 'below']
  expect((await described(text)).missing).toEqual(names)
  for (const name of names) await mkdir(join(home, name))
  expect((await described(text)).missing).toEqual([])
  await expect(
    described(`${text}  files: [{source: app.conf, path: /etc/app.conf}]\n`),
  ).rejects.toMatchObject({ code: 'not-found', details: { missing: 'app.conf' } })
})

it('asks nobody elsewhere for what a recipe names', async () => {
  const text = `name: web
contents:
  files:
    - {url: "https://127.0.0.1:1/secret", checksum: "sha256:${'0'.repeat(64)}", path: /a}
  keyring: ["https://127.0.0.1:1/key.asc"]
`
  expect(await described(text)).toMatchObject({ name: 'web', missing: [] })
})
