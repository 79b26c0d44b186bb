import { expect, test } from 'vitest'
import { readSbom } from '../read.ts'

/* Actions as other tools write them. */

const sha = '11bd71901bbe5b1630ceea73d27597364c9af683'

async function read(document: object) {
  const { inventory } = await readSbom(Buffer.from(JSON.stringify(document)), { what: 'x' })
  return inventory.components.map(({ type, name, purl }) => `${type} ${name} ${purl}`)
}

const cyclone = (...components: readonly object[]) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components,
})
const spdx = (
  ...packages: readonly { readonly purl: string; readonly name: string; readonly sourceInfo?: string }[]
) => ({
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  packages: packages.map(({ purl, ...rest }, index) => ({
    SPDXID: `SPDXRef-${index}`,
    ...rest,
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  })),
})

test("Syft's own form, with what the workflow says", async () => {
  const artifact = (name: string, version: string, purl: string, metadata: object) => ({
    id: name,
    name,
    version,
    type: name.includes('.yml') ? 'github-action-workflow' : 'github-action',
    purl,
    metadata,
  })
  const inventory = await read({
    schema: { version: '16.0.0' },
    artifacts: [
      artifact('actions/checkout', 'v4.2.2', 'pkg:github/actions/checkout@v4.2.2', {
        value: `actions/checkout@${sha}`,
        comment: 'v4.2.2',
      }),
      artifact('github/codeql-action/init', 'v3', 'pkg:github/github/codeql-action@v3#init', {
        value: 'github/codeql-action/init@v3',
      }),
      artifact('./.github/workflows/own.yml', '', '', { value: './.github/workflows/own.yml' }),
    ],
  })
  expect(inventory).toEqual([
    `githubactions actions/checkout pkg:githubactions/actions/checkout@${sha}?comment=v4.2.2`,
    'githubactions github/codeql-action pkg:githubactions/github/codeql-action@v3#init',
  ])
})

test('CycloneDX and SPDX of Syft, and of the dependency graph of GitHub', async () => {
  const properties = [
    { name: 'syft:package:type', value: 'github-action' },
    { name: 'syft:metadata:value', value: `actions/cache@${sha}` },
  ]
  const purl = 'pkg:github/actions/cache@v4.0.0'
  expect(
    await read(cyclone({ type: 'library', name: 'actions/cache', version: 'v4.0.0', purl, properties })),
  ).toEqual([`githubactions actions/cache pkg:githubactions/actions/cache@${sha}?comment=v4.0.0`])
  const sourceInfo =
    'acquired package info from GitHub Actions workflow file or composite action file: /.github/workflows/a.yml'
  expect(
    await read(
      spdx(
        { name: 'actions/cache', purl, sourceInfo },
        { name: 'actions/checkout', purl: 'pkg:githubactions/actions/checkout@4.%2A.%2A' },
      ),
    ),
  ).toEqual([
    'githubactions actions/cache pkg:githubactions/actions/cache@v4.0.0',
    'githubactions actions/checkout pkg:githubactions/actions/checkout@4.%2A.%2A',
  ])
})

test('a repository of GitHub is no action', async () => {
  const purl = 'pkg:github/actions/toolkit@v1.0.0'
  expect(await read(cyclone({ type: 'library', name: 'toolkit', version: 'v1.0.0', purl }))).toEqual([
    `generic actions/toolkit ${purl}`,
  ])
  expect(await read(spdx({ name: 'com.github.o/r', purl: 'pkg:github/o/r@main' }))).toEqual([
    'generic o/r pkg:github/o/r@main',
  ])
})
