import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { pythonCataloguer } from './cataloguer.ts'
import { condaCataloguer } from './conda.ts'

const channel = 'https://channel.example/forge/linux-64'

test.each([
  [
    'of version 6 and later',
    `version: 6
environments:
  default:
    packages:
      linux-64:
      - conda: ${channel}/ca-certificates-2024.7.4-hbcca054_0.conda
      - pypi: https://files.example/certifi-2024.8.30-py3-none-any.whl
      - pypi: ./own
packages:
- conda: ${channel}/ca-certificates-2024.7.4-hbcca054_0.conda
  sha256: aa
  depends:
  - name: none
- conda: ${channel}/bzip2-1.0.8-h4bc722e_7.tar.bz2
  sha256: bb
- pypi: https://files.example/certifi-2024.8.30-py3-none-any.whl
  name: certifi
  version: 2024.8.30
- pypi: ./own
  name: own
  version: 0.1.0
`,
  ],
  [
    'of version 4 and 5',
    `version: 5
packages:
- kind: conda
  name: bzip2
  version: 1.0.8
  build: h4bc722e_7
- kind: conda
  name: ca-certificates
  version: 2024.7.4
- kind: pypi
  name: certifi
  version: 2024.8.30
- kind: pypi
  name: own
  version: 0.1.0
  path: .
  editable: true
`,
  ],
  [
    'of before',
    `version: 2
package:
- platform: linux-64
  name: bzip2
  version: 1.0.8
  category: main
  manager: conda
- platform: linux-64
  name: ca-certificates
  version: 2024.7.4
  category: main
  manager: conda
- platform: linux-64
  name: certifi
  version: 2024.8.30
  category: main
  manager: pip
`,
  ],
])('pixi.lock %s: what comes from channels, and what from the index', async (_, content) => {
  const purls = async (cataloguer: typeof condaCataloguer) => {
    const { components } = await catalogueFiles(cataloguer, { 'pixi.lock': content })
    return components.map(({ purl }) => purl.replace(/\?.*/, '')).sort()
  }
  expect(await purls(condaCataloguer)).toEqual([
    'pkg:conda/bzip2@1.0.8',
    'pkg:conda/ca-certificates@2024.7.4',
  ])
  expect(await purls(pythonCataloguer)).toEqual(['pkg:pypi/certifi@2024.8.30'])
})
