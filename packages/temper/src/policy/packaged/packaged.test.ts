import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { tryExamples } from '../examples.ts'
import { loadPolicy } from '../file/extend.ts'
import { packagedPolicies, packagedPolicy } from './packaged.ts'

/** Whether each is there is tested where rules and policies meet (flows/assess/policy.test.ts). */
const named = packagedPolicies.flatMap((name) => {
  const text = readFileSync(new URL(`./${name}.yaml`, import.meta.url), 'utf8')
  return Object.keys((parse(text) as { readonly rules?: object }).rules ?? {})
})
const sources = {
  rules: named.map((id) => ({ id })),
  load: (name: string) => packagedPolicy(name),
}

describe.each(packagedPolicies)('the policy %s', (name) => {
  it('says what it is for, and passes its own examples', async () => {
    const policy = await loadPolicy(name, sources)
    expect(policy.name).toBe(name)
    expect(policy.description).toMatch(/^\S.{20,}\.$/)
    const results = await tryExamples(policy, { now: new Date('2026-03-01T00:00:00Z') })
    expect(results.length).toBeGreaterThan(2)
    expect(results.filter(({ passed }) => !passed)).toEqual([])
  })

  it('has examples that pass and examples that do not', async () => {
    const { examples } = await loadPolicy(name, sources)
    expect(new Set(examples.map(({ expect: { allowed } }) => allowed))).toEqual(new Set([true, false]))
  })
})

it('no other name is packaged', async () => {
  for (const name of ['', '.', '../secure', 'Hardened', '__proto__'])
    expect(await packagedPolicy(name)).toBeUndefined()
})
