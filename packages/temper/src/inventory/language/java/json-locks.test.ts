import { expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { javaCataloguer } from './cataloguer.ts'

const nebula = {
  compileClasspath: {
    'org.x:a': { locked: '1.0', requested: '1.+' },
    'org.x:b': { firstLevelTransitive: ['org.x:a'], locked: '2.0' },
    'own:project': { project: true },
  },
  testRuntimeClasspath: { 'org.x:a': { locked: '1.1' }, 'org.x:t': { locked: '3.0' } },
}
const sbt = {
  lockVersion: 1,
  dependencies: [
    { org: 'org.x', name: 'a', version: '1.0', configurations: ['compile', 'test'] },
    { org: 'org.x', name: 'b', version: '2.0', configurations: [] },
    { org: 'org.x', name: 't', version: '3.0', configurations: ['test'] },
  ],
}

test.each([
  ['dependencies.lock', nebula],
  ['build.sbt.lock', sbt],
])('%s: what runs, without what only tests need', async (path, lock) => {
  const result = await catalogueFiles(javaCataloguer, { [path]: JSON.stringify(lock) })
  expect(namesOf(result)).toEqual(['org.x:a 1.0', 'org.x:b 2.0'])
  expect(result.notes.map(({ message }) => message)).toEqual([
    expect.stringContaining('also names 1 packages'),
  ])
})

test('a dependencies.lock of something else says nothing', async () => {
  const result = await catalogueFiles(javaCataloguer, { 'dependencies.lock': '{"a":{"b":"1.0"}}' })
  expect(result).toMatchObject({ components: [], notes: [] })
})
