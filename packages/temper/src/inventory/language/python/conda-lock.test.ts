import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { pythonCataloguer } from './cataloguer.ts'
import { condaCataloguer } from './conda.ts'

const entry = (name: string, manager: string, category: string) =>
  `- name: ${name}\n  version: '1.0'\n  manager: ${manager}\n  platform: linux-64\n  dependencies:\n    name: '>=1'\n  category: ${category}\n  optional: false\n`
/** As the first versions of conda-lock wrote it: members by their names, lists indented. */
const sorted = `  - category: main
    dependencies: {}
    manager: conda
    name: zlib
    version: 1.2.13
`

test.each<[string, string]>([
  [
    'conda-lock.yml',
    `version: 1\npackage:\n${entry('numpy', 'conda', 'main')}${entry('numpy', 'conda', 'main')}${entry('Flash_Attn', 'pip', 'main')}${entry('black', 'conda', 'dev')}`,
  ],
  ['env/dev.conda-lock.yml', `package:\n${sorted}`],
])('reads %s: what conda installs, and what pip does', async (path, content) => {
  const purls = async (cataloguer: typeof condaCataloguer) =>
    (await catalogueFiles(cataloguer, { [path]: content })).components.map(({ purl }) => purl)
  expect([...(await purls(condaCataloguer)), ...(await purls(pythonCataloguer))]).toEqual(
    path === 'conda-lock.yml'
      ? ['pkg:conda/numpy@1.0', 'pkg:pypi/flash-attn@1.0']
      : ['pkg:conda/zlib@1.2.13'],
  )
})
