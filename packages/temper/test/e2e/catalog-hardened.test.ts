import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { catalogImage, catalogNames } from '../support/catalog.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

/*
 * Every image of the catalogue passes the policy that holds where none is named. What a recipe argues for under hardening.allow
 * is all that may be in the way.
 */

let home = ''
/** Options that name advisories which are the whole list of what the images are of, as those of publishers are. */
let feeds: readonly string[] = []
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'temper-catalog-hardened-'))
  const ecosystems = ['Debian:13', 'Maven', 'PyPI']
  const records = ecosystems.map((ecosystem, i) => ({
    id: `EXAMPLE-${i}`,
    modified: new Date().toISOString(),
    affected: [{ package: { ecosystem, name: `none-${i}` }, ranges: [] }],
  }))
  const file = join(home, 'whole.ndjson')
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  const store = join(home, 'feeds')
  const { code, stderr } = await temper([
    ...['feeds', 'import', file, '--feeds', store, '--whole', ecosystems.join(',')],
  ])
  if (code !== 0) throw new Error(stderr)
  feeds = ['--feeds', store]
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Gated {
  readonly allowed: boolean
  readonly reasons: readonly { readonly rule: string; readonly found: string; readonly subject: string }[]
}

interface RecipeText {
  readonly hardening?: { readonly allow?: readonly { readonly rule: string; readonly why: string }[] }
}

describe.each(catalogNames)('%s', (name) => {
  it('passes the policy "hardened", save for what its recipe argues', async () => {
    const { layout } = await catalogImage(name)
    const path = new URL(`../../../../catalog/${name}/recipe.yaml`, import.meta.url)
    const { hardening }: RecipeText = parse(readFileSync(path, 'utf8'))
    const argued = hardening?.allow ?? []
    const { stdout } = await temper(['gate', `oci:${layout}`, '--policy', 'hardened', ...feeds, '--json'])
    const { allowed, reasons }: Gated = JSON.parse(stdout)
    // The tier follows from the rules.
    const others = reasons.filter(({ rule }) => rule !== 'tier' && !argued.some((each) => each.rule === rule))
    expect(others).toEqual([])
    expect(allowed).toBe(argued.length === 0)
    // Whoever takes over the argument passes.
    const policy = join(home, `${name}.yaml`)
    const exceptions = [
      ...argued.map(({ rule, why }) => ({ rule, reason: why })),
      { rule: 'tier', reason: 'follows' },
    ]
    const owned = exceptions.map((each) => ({ ...each, owner: 'o@example.org', expires: '2099-12-31' }))
    writeFileSync(policy, JSON.stringify({ extends: 'hardened', exceptions: owned }))
    expect(await temperJson(['gate', `oci:${layout}`, '--policy', policy, ...feeds])).toMatchObject({
      allowed: true,
      reasons: [],
    })
  }, 180_000)
})
