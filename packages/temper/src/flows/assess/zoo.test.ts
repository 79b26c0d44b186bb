import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Violation } from '../../model/rule.ts'
import type { Example, Examples } from '../../rules/image/fixtures/example.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { exampleSubject } from './fixtures/example-subject.ts'

const home = new URL('../../rules/image/', import.meta.url)
const themes = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory())
const files = themes.flatMap(({ name: theme }) =>
  readdirSync(new URL(`${theme}/`, home), { recursive: true, encoding: 'utf8' }).map(
    (name) => `${theme}/${name}`,
  ),
)
const exampleFiles = files.filter((path) => path.endsWith('.examples.ts'))

const zoo = new Map<string, Examples>()
for (const path of exampleFiles) {
  const module: { examples: Examples } = await import(fileURLToPath(new URL(path, home)))
  zoo.set(path.replace(/^.*\/|\.examples\.ts$/g, ''), module.examples)
}

/** Holds an example against all rules. */
async function broken(example: Example): Promise<readonly Violation[]> {
  const subject = await exampleSubject(example)
  return imageRules.flatMap((rule) => [...rule.check(subject)])
}

const told = (violations: readonly Violation[]) =>
  violations.map(({ rule, subject, found }) => `${rule} ${subject}: ${found}`)

it('the plain image breaks no rule', async () => {
  expect(told(await broken({ title: 'plain' }))).toEqual([])
})

describe.each([...zoo])('%s', (rule, { broken: wrong, kept }) => {
  it.each(wrong.map((example) => [example.title, example] as const))('breaks: %s', async (_, example) => {
    const violations = await broken(example)
    expect(told(violations.filter((each) => each.rule !== rule))).toEqual([])
    expect(told(violations)).toHaveLength(1)
  })

  it.each(kept.map((example) => [example.title, example] as const))('holds: %s', async (_, example) => {
    expect(told(await broken(example))).toEqual([])
  })
})

describe('every rule', () => {
  it('has examples of both kinds, and every example a rule', () => {
    expect([...zoo.keys()].sort()).toEqual(imageRules.map(({ id }) => id).sort())
    const poor = [...zoo].filter(([, { broken: wrong, kept }]) => wrong.length === 0 || kept.length === 0)
    expect(poor.map(([rule]) => rule)).toEqual([])
  })

  it('is in a file of its own name, and every such file is in the list', () => {
    const others = /(?:\.examples|\.test)\.ts$|\/rules\.ts$/
    const named = files.filter((path) => !others.test(path)).map((path) => path.replace(/^.*\/|\.ts$/g, ''))
    const ids = new Set(imageRules.map(({ id }) => id))
    expect(imageRules.map(({ id }) => id).filter((id) => !named.includes(id))).toEqual([])
    expect(ids.size).toBe(imageRules.length)
  })

  it.each(imageRules)('$id has texts that fit its page', ({ title, why, fix, controls }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(why).toMatch(/^[A-Z].*\.$/)
    expect(fix).toMatch(/^[a-z].*[^.]$/)
    for (const { framework, id } of controls) expect(`${framework} ${id}`).toMatch(/^[a-z0-9-]+ \S.*$/)
  })
})
