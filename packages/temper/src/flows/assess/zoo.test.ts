import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sampleImage } from '../../formats/layer/sample-image.ts'
import type { Image } from '../../model/image.ts'
import type { Violation } from '../../model/rule.ts'
import type { Example, Examples } from '../../rules/image/example.ts'
import {
  knownOfPlain,
  plainAnnotations,
  plainConfig,
  plainFiles,
  plainSettings,
} from '../../rules/image/plain-image.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { readImageFacts, subjectOf } from './read-subject.ts'

const home = new URL('../../rules/image/', import.meta.url)
const themes = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory())
const files = themes.flatMap(({ name: theme }) =>
  readdirSync(new URL(`${theme}/`, home)).map((name) => `${theme}/${name}`),
)
const exampleFiles = files.filter((path) => path.endsWith('.examples.ts'))

const zoo = new Map<string, Examples>()
for (const path of exampleFiles) {
  const module: { examples: Examples } = await import(fileURLToPath(new URL(path, home)))
  zoo.set(path.replace(/^.*\/|\.examples\.ts$/g, ''), module.examples)
}

/** The image that an example tells of, packed as a registry would have it. */
function imageOf({ files = [], without = [], over = [], ...example }: Example): Image {
  const own = new Set([...files.map(({ path }) => path), ...without])
  const base = plainFiles.filter(({ path }) => !own.has(path))
  const made = sampleImage([[...base, ...files], ...over], { ...plainSettings, ...example.settings })
  const history = plainConfig.history ?? []
  const layered = [...history, ...over.map(() => ({ created_by: 'COPY . .' }))]
  return {
    ...made,
    config: { ...made.config, ...plainConfig, history: layered, ...example.config },
    manifest: { ...made.manifest, annotations: { ...plainAnnotations, ...example.annotations } },
  }
}

/** Holds an example against all rules. */
async function broken(example: Example): Promise<readonly Violation[]> {
  const facts = await readImageFacts(imageOf(example), {}, {})
  const { scan, evidence, ...known } = { ...knownOfPlain, ...example.known?.(knownOfPlain) }
  const subject = subjectOf(facts, {
    ...known,
    name: 'example',
    ...(scan === undefined ? {} : { scan }),
    ...(evidence === undefined ? {} : { evidence }),
  })
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
