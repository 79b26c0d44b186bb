import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { pythonCataloguer } from './cataloguer.ts'

/*
 * One project, written as each tool writes its lock. Each has to tell what the project needs to run; what only its development
 * needs is left out wherever the lock tells the two apart.
 */

interface Locked {
  readonly name: string
  readonly version: string
  readonly needs: readonly number[]
}

interface Project {
  readonly packages: readonly Locked[]
  readonly wants: readonly number[]
  readonly develops: readonly number[]
}

const names = ['idna', 'zope.interface', 'Foo_Bar', 'a2', 'ruamel.yaml', 'typing-extensions']
const versions = ['3.7', '6.4.post2', '2!1.0', '1.0rc1', '0.18.6', '4.12.2']

const numbers = (most: number) => fc.uniqueArray(fc.nat(names.length - 1), { maxLength: most })
const project: fc.Arbitrary<Project> = fc
  .tuple(
    fc.array(numbers(2), { minLength: names.length, maxLength: names.length }),
    numbers(3).filter((all) => all.length > 0),
    numbers(2),
  )
  .map(([needs, wants, develops]) => ({
    packages: needs.map((each, index) => ({
      name: names[index] ?? '',
      version: versions[index] ?? '',
      needs: each.filter((other) => other !== index),
    })),
    wants,
    develops,
  }))

function reached({ packages }: Project, from: readonly number[]): ReadonlySet<number> {
  const indices = new Set<number>()
  const open = [...from]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (indices.has(next)) continue
    indices.add(next)
    open.push(...(packages[next]?.needs ?? []))
  }
  return indices
}

/** All that is locked, in order, each with whether the project needs it to run. */
function locked(
  whole: Project,
): readonly (Locked & { readonly isNeeded: boolean; readonly isForDevelopment: boolean })[] {
  const [needed, developed] = [reached(whole, whole.wants), reached(whole, whole.develops)]
  return whole.packages.flatMap((each, index) =>
    needed.has(index) || developed.has(index)
      ? [{ ...each, isNeeded: needed.has(index), isForDevelopment: developed.has(index) }]
      : [],
  )
}

const nameOf = (index: number) => names[index] ?? ''
/** As uv, PDM and PEP 751 write them. */
const normal = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-')
const groupsOf = ({ isNeeded, isForDevelopment }: ReturnType<typeof locked>[number], main: string) =>
  [...(isNeeded ? [main] : []), ...(isForDevelopment ? ['dev'] : [])].map((group) => `"${group}"`).join(', ')

function poetry(format: 1 | 2, whole: Project): string {
  return locked(whole)
    .map((each) =>
      [
        '[[package]]',
        `name = "${each.name}"`,
        `version = "${each.version}"`,
        'description = "What it is: \\"good\\""',
        ...(format === 1
          ? [`category = "${each.isNeeded ? 'main' : 'dev'}"`]
          : [`groups = [${groupsOf(each, 'main')}]`]),
        'optional = false',
        'python-versions = ">=3.8"',
        'files = [\n    {file = "a.whl", hash = "sha256:00"},\n]',
        ...(each.needs.length === 0
          ? []
          : [
              '',
              '[package.dependencies]',
              ...each.needs.map(
                (to, i) =>
                  `"${nameOf(to)}" = ${i === 0 ? '">=1.0"' : '{version = "*", markers = "python_version < \\"4\\""}'}`,
              ),
            ]),
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n\n[metadata]\nlock-version = "2.0"\npython-versions = "^3.8"\ncontent-hash = "0"\n')
}

function pdm(whole: Project): string {
  return `[metadata]\ngroups = ["default", "dev"]\nlock_version = "4.5.0"\n\n${locked(whole)
    .map((each) =>
      [
        '[[package]]',
        `name = "${normal(each.name)}"`,
        `version = "${each.version}"`,
        `groups = [${groupsOf(each, 'default')}]`,
        ...(each.needs.length === 0
          ? []
          : [
              `dependencies = [\n${each.needs.map((to) => `    "${normal(nameOf(to))}>=1; python_version < \\"4\\"",`).join('\n')}\n]`,
            ]),
        'files = []',
      ].join('\n'),
    )
    .join('\n\n')}\n`
}

function uv(whole: Project): string {
  const list = (all: readonly number[]) =>
    `[\n${all.map((to) => `    { name = "${normal(nameOf(to))}" },`).join('\n')}\n]`
  const own = [
    '[[package]]',
    'name = "mine"',
    'version = "0.1.0"',
    'source = { virtual = "." }',
    `dependencies = ${list(whole.wants)}`,
    ...(whole.develops.length === 0
      ? []
      : ['', '[package.dev-dependencies]', `dev = ${list(whole.develops)}`]),
    '',
    '[package.metadata]',
    `requires-dist = [${whole.wants.map((to) => `{ name = "${normal(nameOf(to))}", specifier = ">=1" }`).join(', ')}]`,
  ].join('\n')
  const others = locked(whole).map((each) =>
    [
      '[[package]]',
      `name = "${normal(each.name)}"`,
      `version = "${each.version}"`,
      'source = { registry = "https://index.example/simple" }',
      ...(each.needs.length === 0 ? [] : [`dependencies = ${list(each.needs)}`]),
      'wheels = [\n    { url = "https://index.example/a.whl", hash = "sha256:00", size = 1 },\n]',
    ].join('\n'),
  )
  return `version = 1\nrequires-python = ">=3.8"\n\n${[own, ...others].join('\n\n')}\n`
}

function pylock(whole: Project): string {
  const entries = locked(whole).map((each) =>
    [
      '[[packages]]',
      `name = "${normal(each.name)}"`,
      `version = "${each.version}"`,
      ...(each.isNeeded
        ? each.isForDevelopment
          ? ['marker = "python_version < \\"4\\""']
          : []
        : [`marker = "'dev' in dependency_groups"`]),
      ...(each.needs.length === 0
        ? []
        : [`dependencies = [${each.needs.map((to) => `{ name = "${normal(nameOf(to))}" }`).join(', ')}]`]),
    ].join('\n'),
  )
  return `lock-version = "1.0"\ncreated-by = "a"\n\n${entries.join('\n\n')}\n\n[[packages]]\nname = "mine"\ndirectory = { path = "." }\n`
}

function pipfile(whole: Project): string {
  const section = (of: (each: ReturnType<typeof locked>[number]) => boolean) =>
    Object.fromEntries(
      locked(whole)
        .filter(of)
        .map(({ name, version }) => [
          name,
          { hashes: ['sha256:00'], index: 'pypi', version: `==${version}` },
        ]),
    )
  return JSON.stringify({
    _meta: { hash: { sha256: '0' }, 'pipfile-spec': 6 },
    default: section(({ isNeeded }) => isNeeded),
    develop: section(({ isForDevelopment }) => isForDevelopment),
  })
}

const writers: readonly (readonly [string, string, (whole: Project) => string])[] = [
  ['Poetry 1', 'poetry.lock', (whole) => poetry(1, whole)],
  ['Poetry 2', 'poetry.lock', (whole) => poetry(2, whole)],
  ['PDM', 'pdm.lock', pdm],
  ['uv', 'uv.lock', uv],
  ['PEP 751', 'pylock.toml', pylock],
  ['PEP 751, named', 'pylock.web.toml', pylock],
  ['Pipenv', 'Pipfile.lock', pipfile],
]

describe('what a project of Python needs to run, whoever has locked it', () => {
  test.each(writers)('%s', async (_, path, write) => {
    await fc.assert(
      fc.asyncProperty(project, async (whole) => {
        const catalogued = await catalogueFiles(pythonCataloguer, { [`app/${path}`]: write(whole) })
        const all = locked(whole)
        const expected = all.filter(({ isNeeded }) => isNeeded)
        expect(
          namesOf(catalogued)
            .map((text) => normal(text.replace(/ .*/, '')))
            .sort(),
        ).toEqual(expected.map(({ name }) => normal(name)).sort())
        expect(catalogued.components.map(({ version }) => version).sort()).toEqual(
          expected.map(({ version }) => version).sort(),
        )
        const left = all.length - expected.length
        expect(catalogued.notes.map(({ code }) => code)).toEqual(left === 0 ? [] : ['development-left-out'])
        if (left > 0)
          expect(catalogued.notes[0]?.message).toContain(`names ${left} packages that only development needs`)
      }),
      { numRuns: 40, seed: 81 },
    )
  })

  test.each(writers.filter(([, path]) => path !== 'Pipfile.lock'))(
    '%s says what needs what',
    async (_, path, write) => {
      await fc.assert(
        fc.asyncProperty(project, async (whole) => {
          const { components } = await catalogueFiles(pythonCataloguer, { [path]: write(whole) })
          for (const { name, dependsOn = [] } of components) {
            const index = names.findIndex((each) => normal(each) === normal(name))
            const expected = (whole.packages[index]?.needs ?? []).map((to) => normal(nameOf(to)))
            const needs = dependsOn.map((purl) => purl.replace(/^pkg:pypi\/([^@]+)@.*$/, '$1'))
            expect({ name, needs: needs.sort() }).toEqual({ name, needs: expected.sort() })
          }
        }),
        { numRuns: 20, seed: 82 },
      )
    },
  )
})
