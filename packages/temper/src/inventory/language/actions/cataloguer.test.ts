import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { actionsCataloguer } from './cataloguer.ts'

const workflow = `name: build
on: push
jobs:
  call:
    uses: Octo-Org/shared/.github/workflows/release.yml@v1
    with: { uses: other/thing@v9 }
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - name: Set up
        uses: "actions/setup-node@v4"   # newest
      - {uses: actions/cache@main}
      - uses: github/codeql-action/init@v3
      - uses: github/codeql-action/analyze@v3
      - uses: ./.github/actions/own
      - uses: docker://alpine:3.20
      - run: |
          cat > x.yml <<END
          uses: not/this@v1
          END
`

test('names the repositories that workflows run things of, with the version that is written', async () => {
  const catalogued = await catalogueFiles(actionsCataloguer, {
    '.github/workflows/build.yml': workflow,
    'app/.github/actions/own/action.yaml':
      "runs:\n  using: composite\n  steps:\n    - uses: 'actions/checkout@v3'\n",
    'node_modules/a/.github/workflows/ci.yml': workflow,
    'workflows/ci.yml': workflow,
    // An action lies where its repository wants it, most often at the root.
    'action.yml': 'runs:\n  using: composite\n  steps:\n    - uses: a/b@v1\n',
  })
  expect(catalogued.components.map(({ purl }) => purl).sort()).toEqual([
    'pkg:githubactions/a/b@v1',
    'pkg:githubactions/actions/cache@main',
    'pkg:githubactions/actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683?comment=v4.2.2',
    'pkg:githubactions/actions/checkout@v3',
    'pkg:githubactions/actions/setup-node@v4',
    'pkg:githubactions/github/codeql-action@v3#analyze',
    'pkg:githubactions/github/codeql-action@v3#init',
    'pkg:githubactions/octo-org/shared@v1#.github/workflows/release.yml',
  ])
  expect(catalogued.components[0]).toMatchObject({
    type: 'githubactions',
    name: 'Octo-Org/shared',
    version: 'v1',
  })
  expect(catalogued.passed).toEqual(['node_modules/a/.github/workflows/ci.yml', 'workflows/ci.yml'])
})

test.each(['', 'jobs: 3', 'jobs:\n  a:\n    steps:\n      - uses: [a/b@v1]\n', 'uses: a/b@v1'])(
  'finds nothing in %j',
  async (content) => {
    const files = { '.github/workflows/a.yml': content }
    expect((await catalogueFiles(actionsCataloguer, files)).components).toEqual([])
  },
)

const purlsOf = async (content: string) => {
  const { components } = await catalogueFiles(actionsCataloguer, { '.github/workflows/a.yml': content })
  return components.map(({ purl }) => purl?.replace('pkg:githubactions/', '')).sort()
}
const inSteps = (steps: string) => `jobs:\n  with:\n    steps:\n${steps}`

test.each([
  [
    'a block',
    inSteps('      - uses: |\n          a/b@v1\n      - uses: >-\n          c/d@v2\n'),
    ['a/b@v1', 'c/d@v2'],
  ],
  [
    'an anchor',
    inSteps('      - &x { uses: "a/b@v1" }\n      - *x\n      - uses: &y c/d@v2\n'),
    ['a/b@v1', 'c/d@v2'],
  ],
  ['an anchor before a step', inSteps('      - &x\n        uses: a/b@v1\n'), ['a/b@v1']],
  ['quoted keys', `"jobs":\n  'a':\n    "steps":\n      - "uses": 'a/b@v1'\n`, ['a/b@v1']],
  [
    'a list on a line',
    'jobs: {a: {steps: [{name: x, uses: a/b@v1}, {"uses": "c/d@v2"}]}}\n',
    ['a/b@v1', 'c/d@v2'],
  ],
  [
    'a mapping over lines',
    inSteps(
      '      [\n        {uses: a/b@v1},\n        { name: x,\n          uses: c/d@v2 },\n        { uses: e/f@v3\n        }]\n',
    ),
    ['a/b@v1', 'c/d@v2', 'e/f@v3'],
  ],
  [
    'JSON',
    JSON.stringify({ on: 'push', jobs: { a: { steps: [{ uses: 'a/b@v1' }] } } }, undefined, 2),
    ['a/b@v1'],
  ],
  [
    'JSON on a line',
    '{"jobs":{"a":{"uses":"a/b/.github/workflows/c.yml@v1"}}}',
    ['a/b@v1#.github/workflows/c.yml'],
  ],
  [
    'a path that ends with slashes',
    inSteps('      - uses: a/b/@v1\n      - uses: a/c//d/@v1\n'),
    ['a/b@v1', 'a/c@v1#d'],
  ],
  ['Windows line ends', inSteps('      - uses: a/b@v1\n').replaceAll('\n', '\r\n'), ['a/b@v1']],
  [
    'what is handed over',
    inSteps(
      '      - uses: a/b@v1\n        with:\n          uses: c/d@v2\n        env:\n          uses: c/d@v2\n',
    ),
    ['a/b@v1'],
  ],
  [
    'what lies in the repository',
    inSteps('      - uses: ./a/b@v1\n      - uses: $/a/b@v1\n      - uses: ../a/b@v1\n'),
    [],
  ],
])('reads %s as YAML means it', async (_, content, expected) => {
  expect(await purlsOf(content)).toEqual(expected)
})

test.each([
  ['v4.2.2', 'v4.2.2'],
  ['tag=v4', 'v4'],
  ['pin@4.1', '4.1'],
  ['ratchet:actions/cache@v4.0.1', 'v4.0.1'],
  ['v4.0.1, see below', 'v4.0.1'],
  ['v 3.5.2', 'v3.5.2'],
  ['@v2.1.0', 'v2.1.0'],
  ['pin @v2.1.0', 'v2.1.0'],
  ['renovate: tag=v1.1.0', 'v1.1.0'],
  ['actions/cache@v4.0.1', 'v4.0.1'],
  ['https://example.com/actions/cache/releases/tag/v3.5.2', 'v3.5.2'],
  ['v3.0.2 # zizmor: ignore[a]', 'v3.0.2'],
  ['2026-03-15 pin', undefined],
  ['main', undefined],
  ['see issue 12', undefined],
  ['github-workflows main (00b0eef)', undefined],
])('a comment "%s" states %s', async (comment, version) => {
  const content = `jobs:\n  a:\n    steps:\n      - uses: actions/cache@${'a'.repeat(40)} # ${comment}\n`
  const told = version === undefined ? '' : `?comment=${version}`
  expect(await purlsOf(content)).toEqual([`actions/cache@${'a'.repeat(40)}${told}`])
})
