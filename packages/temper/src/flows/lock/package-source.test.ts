import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Distro } from '../../model/distro.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import { parsePlatform } from '../../model/platform.ts'
import { parseRecipe } from '../../recipe/read.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { openSource } from './package-source.ts'
import type { RecipeTarget } from './recipe-target.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-source-'))
  for (const folder of ['own', 'base']) await mkdir(join(home, folder))
})
afterEach(() => rm(home, { recursive: true }))

/** What a distribution is asked to open for a recipe whose folders are "own" and "base". */
async function asked(contents: string) {
  const seen: Parameters<Distro['openSource']>[0][] = []
  const opened = {} as PackageSource
  const distro = {
    openSource: async (options: Parameters<Distro['openSource']>[0]) => {
      seen.push(options)
      return opened
    },
  } as unknown as Distro
  const recipe = parseRecipe(`name: web\ncontents:\n${contents}`, { file: 'recipe.yaml' })
  const target = {
    recipe,
    folders: [join(home, 'own'), join(home, 'base')],
    platforms: [parsePlatform('linux/amd64'), parsePlatform('linux/arm64')],
  } as unknown as RecipeTarget
  const context = sampleContext(home, { keysDir: '/keys' })
  expect(await openSource(target, { context, distro })).toBe(opened)
  const [options] = seen
  if (options === undefined) throw new Error('nothing was opened')
  return options
}

const line = (key: string) =>
  `  repositories:\n    - {address: "https://packages.example", suite: stable, components: [main], key: "${key}"}\n`

it('looks for keys beside the recipe, then beside what it extends', async () => {
  await writeFile(join(home, 'own/own.asc'), '')
  await writeFile(join(home, 'base/base.asc'), '')
  await writeFile(join(home, 'base/of-https:example.asc'), '')
  for (const [key, expected] of [
    ['own.asc', join(home, 'own/own.asc')],
    ['base.asc', join(home, 'base/base.asc')],
    ['none.asc', join(home, 'own/none.asc')],
    ['of-https:example.asc', join(home, 'base/of-https:example.asc')],
    ['https://packages.example/key.asc', 'https://packages.example/key.asc'],
  ] as const) {
    const { repositories } = await asked(line(key))
    expect(repositories.map((repository) => repository.key)).toEqual([expected])
  }
})

it('opens for all platforms, with the keys and the time of the world', async () => {
  const { architectures, keysDir, now, repositories, keyring } = await asked('  packages: [nginx]\n')
  expect(architectures).toEqual(['amd64', 'arm64'])
  expect(keysDir).toBe('/keys')
  expect(now).toEqual(new Date('2026-01-02T03:04:05.678Z'))
  expect(repositories.every((repository) => repository.key === undefined)).toBe(true)
  expect(keyring).toEqual([])
})

it('places the keyring of the recipe as it places keys', async () => {
  await writeFile(join(home, 'base/ring.asc'), '')
  const { keyring } = await asked('  keyring: [ring.asc, none.asc, "https://packages.example/ring.asc"]\n')
  expect(keyring).toEqual([
    join(home, 'base/ring.asc'),
    join(home, 'own/none.asc'),
    'https://packages.example/ring.asc',
  ])
})
