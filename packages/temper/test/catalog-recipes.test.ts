import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type LoadedRecipe, loadRecipe } from '../src/recipe/load.ts'
import { repositoryRoot } from './support/source-files.ts'

/* What every recipe of the catalogue has, read without building anything. */

const catalogDir = join(repositoryRoot, 'catalog')
const names = readdirSync(catalogDir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

async function variantsOf(name: string): Promise<readonly LoadedRecipe[]> {
  const options = { workingDir: repositoryRoot, catalogDir }
  const own = await loadRecipe(name, options)
  const others = own.variants.map((variant) => loadRecipe(name, { ...options, variant }))
  return [own, ...(await Promise.all(others))]
}

it('has enough to choose from', () => expect(names.length).toBeGreaterThanOrEqual(30))

it.each(names)('%s says what it is, is tested, and writes to /tmp and its volumes alone', async (name) => {
  const all = await variantsOf(name)
  const [own] = all
  if (own === undefined) throw new Error('no recipe')
  const { recipe, text } = own
  expect(text).toMatch(/^# \S/)
  expect(recipe.annotations).toMatchObject({
    'org.opencontainers.image.description': expect.stringMatching(/^\S.{10,}/),
    'org.opencontainers.image.url': expect.stringMatching(/^https:\/\//),
  })
  // What cannot start anything is tested by a variant that can.
  expect(all.some((each) => each.recipe.tests.length > 0)).toBe(true)
  expect(recipe.tests.length > 0 || recipe.entrypoint.length === 0).toBe(true)
  const written = recipe.paths.filter((each) => each.type === 'directory' && each.uid === 65532)
  const declared = [...recipe.volumes, '/tmp', ...(recipe.workDir === '/work' ? ['/work'] : [])]
  expect(declared).toEqual(expect.arrayContaining(written.map(({ path }) => path)))
  // Whoever wants to know why a rule is relaxed reads it here.
  for (const each of all)
    for (const { why } of each.recipe.hardening.allow) expect(why.length).toBeGreaterThan(15)
})

it.each(names)('%s has the locale that it names', async (name) => {
  for (const { recipe } of await variantsOf(name))
    if (recipe.environment['LANG'] !== undefined && recipe.distribution.startsWith('debian-'))
      expect(recipe.contents.packages.map((each) => each.name)).toContain('libc-bin')
})

it('what images measured is there for each, and for no other', () => {
  const measured: unknown = JSON.parse(readFileSync(join(catalogDir, 'measured.json'), 'utf8'))
  expect(Object.keys(Object(measured)).sort()).toEqual([...names].sort())
})
