import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadRecipe } from './load.ts'

const catalogDir = join(import.meta.dirname, '../../../../catalog')
const names = readdirSync(catalogDir, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)
const places = { workingDir: '/', catalogDir }

/** What images to run argue for, by name: whatever is not here has none of it. */
const argued: Readonly<Record<string, readonly string[]>> = {
  busybox: ['shell'],
  go: ['shell', 'compiler', 'ballast', 'package-manager'],
  jdk: ['compiler'],
  mariadb: ['shell'],
  postgres: ['shell'],
  rust: ['shell', 'compiler', 'ballast', 'package-manager'],
}

describe('the catalog that ships', () => {
  it('has the first images', () => {
    expect(names).toEqual(expect.arrayContaining(['jre', 'nginx', 'postgres', 'python', 'static']))
  })

  it.each(names)('%s is hardened, documented and tested', async (name) => {
    const { recipe, shipped, variants } = await loadRecipe(name, places)
    expect(shipped).toBe(true)
    expect(recipe.name).toBe(name)
    expect(recipe.accounts.runAs).toBe('nonroot')
    expect(recipe.annotations['org.opencontainers.image.description']).toMatch(/\w+ \w+/)
    expect(recipe.hardening.allow.map(({ rule }) => rule)).toEqual(argued[name] ?? [])
    for (const port of recipe.ports) expect(Number.parseInt(port, 10)).toBeGreaterThanOrEqual(1024)
    if (recipe.entrypoint.length === 0) return
    const others = await Promise.all(variants.map((variant) => loadRecipe(name, { ...places, variant })))
    expect(recipe.tests.length).toBeGreaterThan(0)
    expect(
      new Set(
        [recipe, ...others.map((each) => each.recipe)].flatMap(({ tests }) => tests.map((test) => test.name)),
      ).size,
    ).toBeGreaterThan(1)
  })
})
