import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Framework } from '../model/assess/compliance.ts'
import { frameworkIds } from './framework-ids.ts'
import { frameworks } from './frameworks.ts'
import { controlToken } from './pack/oscal.ts'

const fixture = (name: string) => new URL(`fixtures/${name}.json`, import.meta.url)

/** Titles as the source has them. */
function sourceOf({
  id,
}: Framework): { readonly source: string; readonly titles: Record<string, string> } | undefined {
  return existsSync(fixture(id)) ? JSON.parse(readFileSync(fixture(id), 'utf8')) : undefined
}

describe.each(frameworks.map((framework) => [framework.id, framework] as const))('%s', (_, framework) => {
  const source = sourceOf(framework)

  it('has the titles that its source has, and no others', () => {
    const titled = framework.controls.filter(({ title }) => title !== undefined)
    expect(titled.map(({ id, title }) => [id, title])).toEqual(
      titled.map(({ id }) => [id, source?.titles[id]]),
    )
    expect(framework.source.machineReadable).toBe(source?.source)
  })

  it('names the exact version of where titles are from', () => {
    const from = framework.source.machineReadable
    if (from !== undefined) expect(from).toMatch(/ at [0-9a-f]{7}| \d+\.\d+\.\d+/)
    expect(framework.version).not.toBe('')
  })

  it('has each control once, also in formats that know fewer characters', () => {
    const tokens = framework.controls.map(({ id }) => controlToken(id))
    expect(new Set(tokens).size).toBe(tokens.length)
    for (const token of tokens) expect(token).toMatch(/^[a-z_][a-z0-9._-]*$/)
  })

  it('says what is left for a person where no rule can tell', () => {
    const silent = framework.controls.filter(({ rules, rest }) => rules.length === 0 && rest === undefined)
    expect(silent.map(({ id }) => id)).toEqual([])
  })
})

it('every source is the source of a framework', () => {
  const names = readdirSync(new URL('fixtures', import.meta.url)).filter((name) => name.endsWith('.json'))
  const ids = frameworks.map(({ id }) => `${id}.json`)
  expect(names.filter((name) => !ids.includes(name))).toEqual([])
})

it('lists offer every framework', () => {
  expect(frameworkIds).toEqual(frameworks.map(({ id }) => id))
})
