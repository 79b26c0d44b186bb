import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { bitnamiCataloguer } from './bitnami.ts'

const part = (name: string, purl: string) => ({
  SPDXID: `SPDXRef-${name}`,
  name,
  externalRefs: [
    {
      referenceCategory: 'SECURITY',
      referenceType: 'cpe23Type',
      referenceLocator: `cpe:2.3:*:x:${name}:1:*:*:*:*:*:*:*`,
    },
    { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
  ],
})
const spdx = {
  spdxVersion: 'SPDX-2.3',
  packages: [
    part('postgresql', 'pkg:bitnami/postgresql@17.2.0-8?arch=arm64&distro=debian-12'),
    part('geos', 'pkg:bitnami/geos@3.13.0?arch=arm64&distro=debian-12'),
    part('raymond', 'pkg:golang/github.com/aymerick/raymond@v2.0.2'),
  ],
}
const listed = {
  postgresql: { arch: 'arm64', distro: 'debian-12', type: 'NAMI', version: '17.2.0-8' },
  gosu: { arch: 'arm64', digest: 'ff', distro: 'debian-12', type: 'NAMI', version: '1.17.0-1' },
}

test('what Bitnami says of its programs, in either form, each once', async () => {
  const { components, passed } = await catalogueFiles(bitnamiCataloguer, {
    'opt/bitnami/postgresql/.spdx-postgresql.spdx': JSON.stringify(spdx),
    'opt/bitnami/.bitnami_components.json': JSON.stringify(listed),
    'srv/.spdx-other.spdx': JSON.stringify(spdx),
  })
  expect(components.map(({ purl }) => purl).sort()).toEqual([
    'pkg:bitnami/geos@3.13.0?arch=arm64&distro=debian-12',
    'pkg:bitnami/gosu@1.17.0-1?arch=arm64&distro=debian-12',
    'pkg:bitnami/postgresql@17.2.0-8?arch=arm64&distro=debian-12',
  ])
  expect(new Set(components.map(({ type }) => type))).toEqual(new Set(['generic']))
  expect(passed).toEqual(['srv/.spdx-other.spdx'])
})

test('what is no JSON is an error, and what names nothing says nothing', async () => {
  const path = 'opt/bitnami/redis/.spdx-redis.spdx'
  await expect(catalogueFiles(bitnamiCataloguer, { [path]: 'SPDXVersion: SPDX-2.3' })).rejects.toMatchObject({
    code: 'bad-archive',
  })
  expect((await catalogueFiles(bitnamiCataloguer, { [path]: '{}' })).components).toEqual([])
})
