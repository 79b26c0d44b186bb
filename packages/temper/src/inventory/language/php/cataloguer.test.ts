import { expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { composerCataloguer } from './cataloguer.ts'

const monolog = {
  name: 'Monolog/Monolog',
  version: '3.0.0',
  license: ['MIT', 'BSD-2-Clause'],
  authors: [{ name: 'Jordi' }],
  require: { php: '>=8', 'ext-json': '*', 'psr/log': '^3' },
}
const psr = { name: 'psr/log', version: 'v3.0.0', license: ['MIT'] }
const lock = JSON.stringify({
  packages: [monolog, psr],
  'packages-dev': [{ name: 'a/test', version: '1.0' }],
})

test.each([
  ['Composer 2', { packages: [monolog, psr] }],
  ['Composer 1', [monolog, psr]],
])('installed.json of %s overrules the lock beside', async (_, content) => {
  const catalogued = await catalogueFiles(composerCataloguer, {
    'app/vendor/composer/installed.json': JSON.stringify(content),
    'app/composer.lock': lock,
  })
  expect(catalogued.components[0]).toEqual({
    type: 'composer',
    name: 'Monolog/Monolog',
    version: '3.0.0',
    purl: 'pkg:composer/monolog/monolog@3.0.0',
    licence: 'MIT OR BSD-2-Clause',
    supplier: 'Jordi',
    locations: [{ path: 'app/vendor/composer/installed.json' }],
    dependsOn: ['pkg:composer/psr/log@v3.0.0'],
    foundBy: 'composer',
  })
  expect(catalogued.notes.map(({ code }) => code)).toEqual(['lock-passed-over'])
})

test('composer.lock by itself', async () => {
  const catalogued = await catalogueFiles(composerCataloguer, { 'composer.lock': lock })
  expect(namesOf(catalogued)).toEqual(['Monolog/Monolog 3.0.0', 'psr/log v3.0.0'])
  expect(catalogued.notes.map(({ code }) => code)).toEqual(['development-left-out'])
})
