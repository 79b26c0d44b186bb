import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { otherCataloguers } from './cataloguers.ts'

async function purlsOf(path: string, content: string) {
  const all = await Promise.all(otherCataloguers.map((each) => catalogueFiles(each, { [path]: content })))
  return {
    purls: all.flatMap(({ components }) => components.map(({ purl }) => purl)),
    types: [...new Set(all.flatMap(({ components }) => components.map(({ type }) => type)))],
    notes: all.flatMap(({ notes }) => notes.map(({ code }) => code)),
  }
}

const conan2 = {
  version: '0.5',
  requires: ['zlib/1.3.1#ff%1700000000.1', 'own/2.0@team/stable#aa'],
  build_requires: ['cmake/3.30.1#bb'],
  python_requires: ['base/1.0'],
}
const conan1 = {
  graph_lock: {
    nodes: {
      '0': { path: 'conanfile.txt', context: 'host' },
      '1': { ref: 'boost/1.76.0@_/_#cc', context: 'host' },
      '2': { ref: 'cmake/3.20.0', context: 'build' },
    },
  },
}
const conanfile = `[requires]
fmt/11.0.2   # text
own/1.0@team/stable#ff
openssl/[>=3.0 <4]

[tool_requires]
cmake/3.30.1

[options]
fmt/*:shared=True
`
const renv = {
  R: { Version: '4.4.1' },
  Packages: {
    jsonlite: { Package: 'jsonlite', Version: '1.8.8', Source: 'Repository' },
    limma: { Package: 'limma', Version: '3.60.4', Source: 'Bioconductor' },
  },
}
const freeze = `active-repositories: hackage:merge
constraints: any.Cabal ==3.10.3.0,
             any.base installed,
             any.http-types ==0.12.4,
             tls +compat -hans
index-state: hackage 2026-01-02T03:04:05Z
`
const stack = `packages:
- completed:
    hackage: acme-box-0.0.0.0@sha256:${'0'.repeat(64)},1
    pantry-tree:
      size: 1
  original:
    hackage: acme-box-0.0.0.0
snapshots:
- completed:
    url: https://snapshots.example/lts/22.yaml
`
const terraform = `provider "registry.example/acme/cloud" {
  version     = "5.72.1"
  constraints = "> 5.72.0, < 6.0.0"
  hashes = [
    "h1:abc=",
  ]
}

provider "registry.example/acme/local" {
  version = "2.0.0"
}
`
const julia = `julia_version = "1.11.0"
manifest_format = "2.0"

[[deps.Base64]]
uuid = "2a0f44e3-6c83-55bd-87e4-b1978d98bd5f"

[[deps.HTTP]]
uuid = "cd3eb016-35fb-5094-929b-558a96fad6f3"
version = "1.10.8"
`
const bazel = {
  lockFileVersion: 16,
  registryFileHashes: {
    'https://registry.example/bazel_registry.json': 'a',
    'https://registry.example/modules/rules_cc/0.0.1/MODULE.bazel': 'b',
    'https://registry.example/modules/rules_cc/0.1.0/MODULE.bazel': 'c',
    'https://registry.example/modules/rules_cc/0.1.0/source.json': 'd',
  },
}

const bazelGraph = {
  lockFileVersion: 3,
  moduleDepGraph: {
    '<root>': { name: 'own', version: '1.0' },
    'rules_cc@0.0.9': { name: 'rules_cc', version: '0.0.9' },
  },
}

test.each([
  [
    'conan.lock',
    JSON.stringify(conan2),
    ['base@1.0', 'own@2.0?channel=stable&user=team', 'zlib@1.3.1'].map((each) => `pkg:conan/${each}`),
    ['development-left-out'],
  ],
  ['app/conan.lock', JSON.stringify(conan1), ['pkg:conan/boost@1.76.0'], ['development-left-out']],
  [
    'conanfile.txt',
    conanfile,
    ['pkg:conan/fmt@11.0.2', 'pkg:conan/own@1.0?channel=stable&user=team'],
    ['version-unknown', 'development-left-out'],
  ],
  ['renv.lock', JSON.stringify(renv), ['pkg:bioconductor/limma@3.60.4', 'pkg:cran/jsonlite@1.8.8'], []],
  ['cabal.project.freeze', freeze, ['pkg:hackage/Cabal@3.10.3.0', 'pkg:hackage/http-types@0.12.4'], []],
  ['cabal.ghc9.project.freeze', freeze, ['pkg:hackage/Cabal@3.10.3.0', 'pkg:hackage/http-types@0.12.4'], []],
  ['stack.yaml.lock', stack, ['pkg:hackage/acme-box@0.0.0.0'], ['incomplete-lock']],
  [
    'infra/.terraform.lock.hcl',
    terraform,
    ['pkg:terraform/registry.example/acme/cloud@5.72.1', 'pkg:terraform/registry.example/acme/local@2.0.0'],
    [],
  ],
  ['Manifest.toml', julia, ['pkg:julia/HTTP@1.10.8?uuid=cd3eb016-35fb-5094-929b-558a96fad6f3'], []],
  [
    'Manifest.toml',
    julia.replaceAll('[[deps.', '[[').replace(/^manifest_format.*$/m, ''),
    ['pkg:julia/HTTP@1.10.8?uuid=cd3eb016-35fb-5094-929b-558a96fad6f3'],
    [],
  ],
  ['Manifest.toml', '[package]\nname = "other"\nversion = "1"\n', [], []],
  ['MODULE.bazel.lock', JSON.stringify(bazel), ['pkg:bazel/rules_cc@0.1.0'], []],
  ['MODULE.bazel.lock', JSON.stringify(bazelGraph), ['pkg:bazel/rules_cc@0.0.9'], []],
])('%s names its packages', async (path, content, expected, notes) => {
  const told = await purlsOf(path, content)
  expect([...told.purls].sort()).toEqual(expected)
  expect(told.types).toEqual(expected.length === 0 ? [] : ['generic'])
  expect(told.notes).toEqual(notes)
})

test.each(['conan.lock', 'renv.lock', 'MODULE.bazel.lock'])('%s that is none says so', async (path) => {
  await expect(purlsOf(path, '<html>')).rejects.toMatchObject({ code: 'bad-archive' })
})

test('those inside of other packages do not count', async () => {
  expect((await purlsOf('node_modules/a/conan.lock', JSON.stringify(conan2))).purls).toEqual([])
})
