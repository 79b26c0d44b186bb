import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { npmCataloguer } from './cataloguer.ts'

/*
 * One project, written as each package manager writes its lock. Whatever the project is, each lock has to tell the same: what
 * the project needs to run, and nothing that only its development needs.
 */

type Group = 'dependencies' | 'optionalDependencies' | 'devDependencies'

interface Edge {
  readonly to: number
  readonly group: Group
  /** Another name that it goes by where it is needed. */
  readonly alias: string | undefined
}

interface Project {
  readonly packages: readonly {
    readonly name: string
    readonly version: string
    readonly edges: readonly Edge[]
  }[]
  readonly roots: readonly Edge[]
}

const names = ['left', '@scope/right', 'up-cjs', 'down.js', '@s-2/in_side', 'o']
const versions = ['1.0.0', '2.10.3', '0.0.1-beta.2', '4.0.0+build.5', '10.0.0', '3.1.4']

const edge = (groups: readonly Group[]): fc.Arbitrary<Edge> =>
  fc.record({
    to: fc.nat(names.length - 1),
    group: fc.constantFrom(...groups),
    alias: fc.option(fc.constantFrom('other', '@al/ias', 'left-cjs'), { nil: undefined, freq: 4 }),
  })

/** The first of each name: in a package's list a name stands once. */
function distinct(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((one) => [one.alias ?? names[one.to], one] as const).reverse()).values()]
}

const project: fc.Arbitrary<Project> = fc
  .tuple(
    fc.array(fc.array(edge(['dependencies', 'optionalDependencies']), { maxLength: 3 }), {
      minLength: names.length,
      maxLength: names.length,
    }),
    fc.array(edge(['dependencies', 'optionalDependencies', 'devDependencies']), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([lists, roots]) => ({
    packages: lists.map((edges, index) => ({
      name: names[index] ?? '',
      version: versions[index] ?? '',
      edges: distinct(edges),
    })),
    roots: distinct(roots),
  }))

/** Numbers of the packages that some edges lead to. */
function reached({ packages }: Project, from: readonly Edge[]): ReadonlySet<number> {
  const indices = new Set<number>()
  const open = from.map(({ to }) => to)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (indices.has(next)) continue
    indices.add(next)
    open.push(...(packages[next]?.edges ?? []).map(({ to }) => to))
  }
  return indices
}

/** All that is locked, and of that what is needed to run. */
function parts(whole: Project) {
  const all = reached(whole, whole.roots)
  const needed = reached(
    whole,
    whole.roots.filter(({ group }) => group !== 'devDependencies'),
  )
  return { all: [...all].sort((a, b) => a - b), needed }
}

const at = (whole: Project, index: number) => whole.packages[index] ?? { name: '', version: '', edges: [] }
const keyOf = ({ to, alias }: Edge) => alias ?? names[to] ?? ''
const inGroup = (edges: readonly Edge[], group: Group) => edges.filter((one) => one.group === group)

/** `{"name": "range"}` of a group, as package.json has it. */
function ranges(edges: readonly Edge[], group: Group): Record<string, string> {
  return Object.fromEntries(
    inGroup(edges, group).map((one) => [
      keyOf(one),
      one.alias === undefined ? `^${versions[one.to]}` : `npm:${names[one.to]}@^${versions[one.to]}`,
    ]),
  )
}

function groups(edges: readonly Edge[]): Record<string, Record<string, string>> {
  const all = (['dependencies', 'optionalDependencies', 'devDependencies'] as const).map(
    (group) => [group, ranges(edges, group)] as const,
  )
  return Object.fromEntries(all.filter(([, members]) => Object.keys(members).length > 0))
}

/** Folder names by which packages are needed anywhere, each with its number. */
function folders(whole: Project, { all }: ReturnType<typeof parts>): readonly (readonly [string, number])[] {
  const edges = [...whole.roots, ...all.flatMap((index) => at(whole, index).edges)]
  return [...new Map(edges.map((one) => [`${keyOf(one)} ${one.to}`, one])).values()].map((one) => [
    keyOf(one),
    one.to,
  ])
}

/** Whether a folder of this name is not there yet. */
function isFirst(all: readonly (readonly [string, number])[], place: number): boolean {
  return all.findIndex(([folder]) => folder === all[place]?.[0]) === place
}

function packageLock(whole: Project): string {
  const split = parts(whole)
  const packages = folders(whole, split).map(([folder, index], place, all) => {
    const { name, version, edges } = at(whole, index)
    return [
      // The same folder name may stand for two packages: one of them lies deeper.
      `${isFirst(all, place) ? '' : `node_modules/host-${place}/`}node_modules/${folder}`,
      {
        ...(folder === name ? {} : { name }),
        version,
        resolved: 'https://registry.example/x.tgz',
        ...(split.needed.has(index) ? {} : { dev: true }),
        ...groups(edges),
      },
    ]
  })
  return JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { name: 'mine', version: '1.0.0', ...groups(whole.roots) },
      ...Object.fromEntries(packages),
    },
  })
}

function oldPackageLock(whole: Project): string {
  const split = parts(whole)
  const nested: Record<string, object> = {}
  for (const [index, [folder, number]] of folders(whole, split).entries()) {
    const { name, version, edges } = at(whole, number)
    const entry = {
      version: folder === name ? version : `npm:${name}@${version}`,
      ...(split.needed.has(number) ? {} : { dev: true }),
      requires: { ...ranges(edges, 'dependencies'), ...ranges(edges, 'optionalDependencies') },
    }
    // Of the same folder name the second lies in the folder of something else.
    if (nested[folder] === undefined) nested[folder] = entry
    else nested[`host-${index}`] = { version: 'file:host', dependencies: { [folder]: entry } }
  }
  return JSON.stringify({ lockfileVersion: 1, requires: true, dependencies: nested })
}

const quoted = (text: string) => (/^[@\d]|[:,@^]/.test(text) ? `"${text}"` : text)

function yarnClassic(whole: Project): string {
  const entries = folders(whole, parts(whole)).map(([folder, index]) => {
    const { name, version, edges } = at(whole, index)
    const range = folder === name ? `^${version}` : `npm:${name}@^${version}`
    const lists = (['dependencies', 'optionalDependencies'] as const).flatMap((group) => {
      const members = Object.entries(ranges(edges, group))
      if (members.length === 0) return []
      return [`  ${group}:`, ...members.map(([key, value]) => `    ${quoted(key)} "${value}"`)]
    })
    // Ranges that lead to the same version share an entry.
    const keys = folder === name ? [`${folder}@*`, `${folder}@${range}`] : [`${folder}@${range}`]
    return [
      `${keys.map(quoted).join(', ')}:`,
      `  version "${version}"`,
      '  resolved "https://x"',
      ...lists,
    ].join('\n')
  })
  return `# yarn lockfile v1\n\n\n${entries.join('\n\n')}\n`
}

function yarnBerry(whole: Project): string {
  const entries = folders(whole, parts(whole)).map(([folder, index]) => {
    const { name, version, edges } = at(whole, index)
    // What is optional is among the dependencies, and marked besides.
    const members = Object.entries({
      ...ranges(edges, 'dependencies'),
      ...ranges(edges, 'optionalDependencies'),
    })
    const needs = members.map(([key, value]) => `    ${quoted(key)}: "npm:${value.replace(/^npm:/, '')}"`)
    const optional = inGroup(edges, 'optionalDependencies').map(
      (one) => `    ${quoted(keyOf(one))}:\n      optional: true`,
    )
    const range = folder === name ? `^${version}` : `${name}@^${version}`
    return [
      `"${folder}@npm:${range}":`,
      `  version: ${version}`,
      `  resolution: "${name}@npm:${version}"`,
      ...(needs.length > 0 ? ['  dependencies:', ...needs] : []),
      ...(optional.length > 0 ? ['  dependenciesMeta:', ...optional] : []),
      '  checksum: 10c0/0123',
      '  languageName: node',
      '  linkType: hard',
    ].join('\n')
  })
  const own =
    '"mine@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "mine@workspace:."\n  linkType: soft'
  return `# This file is generated\n\n__metadata:\n  version: 8\n  cacheKey: 10c0\n\n${[...entries, own].join('\n\n')}\n`
}

const yamlKey = (text: string) => (/^@|:/.test(text) ? `'${text}'` : text)

function pnpm(format: 5 | 6 | 9, whole: Project): string {
  const { all, needed } = parts(whole)
  const joint = format === 5 ? '/' : '@'
  const slash = format === 9 ? '' : '/'
  const placed = (index: number) => `${slash}${names[index]}${joint}${versions[index]}`
  const lists = (edges: readonly Edge[], indent: string, own: (one: Edge) => readonly string[]) =>
    (['dependencies', 'optionalDependencies', 'devDependencies'] as const).flatMap((group) => {
      const members = inGroup(edges, group)
      return members.length === 0 ? [] : [`${indent}${group}:`, ...members.flatMap(own)]
    })
  const version = ({ to, alias }: Edge) => (alias === undefined ? (versions[to] ?? '') : placed(to))
  const root = lists(whole.roots, format === 5 ? '' : '    ', (one) =>
    format === 5
      ? [`  ${yamlKey(keyOf(one))}: ${yamlKey(version(one))}`]
      : [
          `      ${yamlKey(keyOf(one))}:`,
          `        specifier: ^1`,
          `        version: ${yamlKey(version(one))}`,
        ],
  )
  const needs = (index: number) =>
    lists(at(whole, index).edges, '    ', (one) => [`      ${yamlKey(keyOf(one))}: ${yamlKey(version(one))}`])
  const packages = all.flatMap((index) => [
    `  ${yamlKey(placed(index))}:`,
    '    resolution: {integrity: sha512-AAAA==}',
    '    engines: {node: ">=10"}',
    ...(format === 9 ? [] : [...needs(index), `    dev: ${!needed.has(index)}`]),
    '',
  ])
  const snapshots = all.flatMap((index) => {
    const own = needs(index)
    return own.length === 0
      ? [`  ${yamlKey(placed(index))}: {}`, '']
      : [`  ${yamlKey(placed(index))}:`, ...own, '']
  })
  return [
    `lockfileVersion: ${format === 5 ? '5.4' : `'${format}.0'`}`,
    '',
    ...(format === 5 ? root : ['importers:', '', '  .:', ...root]),
    '',
    'packages:',
    '',
    ...packages,
    ...(format === 9 ? ['snapshots:', '', ...snapshots] : []),
  ].join('\n')
}

function bun(whole: Project): string {
  const entries = folders(whole, parts(whole)).map(([folder, index], place, all) => {
    const { name, version, edges } = at(whole, index)
    const path = isFirst(all, place) ? folder : `host-${place}/${folder}`
    return `    ${JSON.stringify(path)}: ${JSON.stringify([`${name}@${version}`, '', groups(edges), 'sha512-x'])},`
  })
  const own = JSON.stringify({ name: 'mine', ...groups(whole.roots) })
  return `{\n  "lockfileVersion": 1,\n  "workspaces": {\n    "": ${own},\n  },\n  "packages": {\n${entries.join('\n')}\n  },\n}\n`
}

const managers: readonly (readonly [string, string, (whole: Project) => string])[] = [
  ['npm 7 and later', 'package-lock.json', packageLock],
  ['npm 6', 'package-lock.json', oldPackageLock],
  ['yarn 1', 'yarn.lock', yarnClassic],
  ['yarn 4', 'yarn.lock', yarnBerry],
  ['pnpm 7', 'pnpm-lock.yaml', (whole) => pnpm(5, whole)],
  ['pnpm 8', 'pnpm-lock.yaml', (whole) => pnpm(6, whole)],
  ['pnpm 9', 'pnpm-lock.yaml', (whole) => pnpm(9, whole)],
  ['bun', 'bun.lock', bun],
]

describe('what a project needs to run, whoever has locked it', () => {
  test.each(managers)('%s', async (_, path, write) => {
    await fc.assert(
      fc.asyncProperty(project, async (whole) => {
        const manifest = JSON.stringify({ private: true, ...groups(whole.roots) })
        const catalogued = await catalogueFiles(npmCataloguer, {
          'package.json': manifest,
          [path]: write(whole),
        })
        const { all, needed } = parts(whole)
        const expected = [...needed].map((index) => `${names[index]} ${versions[index]}`)
        expect(namesOf(catalogued)).toEqual(expected.sort())
        const left = all.length - needed.size
        expect(catalogued.notes.map(({ code }) => code)).toEqual(left === 0 ? [] : ['development-left-out'])
      }),
      { numRuns: 60, seed: 8 },
    )
  })

  test.each(managers)('%s says what needs what, by the names of what is there', async (_, path, write) => {
    await fc.assert(
      fc.asyncProperty(project, async (whole) => {
        const { components } = await catalogueFiles(npmCataloguer, { [path]: write(whole) })
        for (const { name, dependsOn = [] } of components) {
          const index = names.indexOf(name)
          const needs = at(whole, index).edges.filter(({ to }) => to !== index)
          const expected = new Set(needs.map(({ to }) => names[to] ?? ''))
          const needed = dependsOn.map((purl) => decodeURIComponent(purl).replace(/^pkg:npm\/(.+)@.*$/, '$1'))
          expect({ name, needs: needed.sort() }).toEqual({ name, needs: [...expected].sort() })
        }
      }),
      { numRuns: 30, seed: 9 },
    )
  })
})

describe('what is no package of the registry has no version of it', () => {
  const manifest = JSON.stringify({ dependencies: { a: '1' } })
  test.each([
    [
      'pnpm 9: a folder, an archive by address, and what they need',
      'pnpm-lock.yaml',
      [
        "lockfileVersion: '9.0'",
        'importers:',
        '  .:',
        '    dependencies:',
        '      folder:',
        '        specifier: file:packages/folder',
        '        version: file:packages/folder(peer@1.0.0)',
        '      archive:',
        '        specifier: https://git.example/x/archive',
        '        version: https://git.example/x/archive/tar.gz/abc(peer@1.0.0)',
        'packages:',
        '  folder@file:packages/folder:',
        '    resolution: {directory: packages/folder, type: directory}',
        '  archive@https://git.example/x/archive/tar.gz/abc:',
        '    resolution: {tarball: https://git.example/x/archive/tar.gz/abc}',
        '    version: 5.0.0',
        '  below@1.0.0: {}',
        '  beneath@1.0.0: {}',
        'snapshots:',
        '  folder@file:packages/folder(peer@1.0.0):',
        '    dependencies:',
        '      below: 1.0.0',
        '  archive@https://git.example/x/archive/tar.gz/abc(peer@1.0.0):',
        '    dependencies:',
        '      beneath: 1.0.0',
        '  below@1.0.0: {}',
        '  beneath@1.0.0: {}',
      ].join('\n'),
      ['archive 5.0.0', 'below 1.0.0', 'beneath 1.0.0'],
    ],
    [
      'yarn 4: links, portals, patches',
      'yarn.lock',
      [
        '__metadata:',
        '  version: 8',
        '"a@npm:1, a@npm:^1.0.0":',
        '  version: 1.2.0',
        '  resolution: "a@npm:1.2.0"',
        '  dependencies:',
        '    linked: "link:../linked"',
        '    tagged: "npm:latest"',
        '    patched: "patch:patched@npm%3A1.0.0#./fix.patch"',
        '"linked@link:../linked::locator=mine%40workspace%3A.":',
        '  version: 0.0.0-use.local',
        '  resolution: "linked@link:../linked::locator=mine%40workspace%3A."',
        '"patched@patch:patched@npm%3A1.0.0#./fix.patch":',
        '  version: 1.0.0',
        '  resolution: "patched@patch:patched@npm%3A1.0.0#./fix.patch::version=1.0.0&hash=abc"',
      ].join('\n'),
      ['a 1.2.0', 'patched 1.0.0'],
    ],
    [
      'npm 6: an archive, a repository, a folder',
      'package-lock.json',
      JSON.stringify({
        lockfileVersion: 1,
        dependencies: {
          a: { version: 'https://x.example/a.tgz' },
          b: { version: 'git+ssh://git@x.example/b.git#0123' },
          c: { version: 'file:c' },
          d: { version: '1.0.0' },
        },
      }),
      ['d 1.0.0'],
    ],
  ])('%s', async (_, path, content, expected) => {
    expect(
      namesOf(await catalogueFiles(npmCataloguer, { 'package.json': manifest, [path]: content })),
    ).toEqual(expected)
  })
})
