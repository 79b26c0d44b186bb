import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadRecipe } from './load.ts'

const catalogDir = join(import.meta.dirname, '../../../../catalog')
const names = readdirSync(catalogDir, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)
const places = { workingDir: '/', catalogDir }

describe('the catalog that ships', () => {
  it('has the first images', () => {
    expect(names).toEqual(expect.arrayContaining(['jre', 'nginx', 'postgres', 'python', 'static']))
  })

  it.each(names)('%s is hardened, documented and tested', async (name) => {
    const { recipe, shipped } = await loadRecipe(name, places)
    expect(shipped).toBe(true)
    expect(recipe.name).toBe(name)
    expect(recipe.accounts.runAs).toBe('nonroot')
    expect(recipe.annotations['org.opencontainers.image.description']).toMatch(/\w+ \w+/)
    expect(recipe.hardening.allow.map(({ rule }) => rule)).toEqual(name === 'postgres' ? ['shell'] : [])
    for (const port of recipe.ports) expect(Number.parseInt(port, 10)).toBeGreaterThanOrEqual(1024)
    if (recipe.entrypoint.length > 0) expect(recipe.tests.length).toBeGreaterThan(1)
  })
})
