import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildProgram } from '../fixtures/fixture-program.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { cargoCataloguer } from './cataloguer.ts'

async function catalogued(content: Uint8Array) {
  const program = buildProgram({ sections: [{ name: '.dep-v0', content }] })
  return catalogueFiles(cargoCataloguer, { 'usr/bin/p': { content: program, mode: 0o755 } })
}

test('the list in a program', async () => {
  const list = {
    packages: [
      { name: 'cc', version: '1.0.0', source: 'registry', kind: 'build' },
      { name: 'itoa', version: '1.0.1', source: 'registry' },
      { name: 'p', version: '0.1.0', source: 'local', dependencies: [1, 0, 99, -1, 'x'], root: true },
    ],
  }
  const result = await catalogued(deflateSync(JSON.stringify(list)))
  expect(namesOf(result)).toEqual(['itoa 1.0.1', 'p 0.1.0'])
  expect(result.components[1]?.dependsOn).toEqual(['pkg:cargo/itoa@1.0.1'])
  expect(result.notes).toEqual([])
})

test.each([
  ['no zlib', Buffer.from('nothing'), /damaged or larger/],
  ['a bomb', deflateSync(Buffer.alloc(9 << 20)), /damaged or larger/],
  ['no JSON', deflateSync('nothing'), /not JSON/],
])('%s is an error', async (_, content, message) => {
  await expect(catalogued(content)).rejects.toThrow(message)
})

test('Cargo.lock: what has a source, with its checksum', async () => {
  const lock = `version = 4

[[package]]
name = "mine"
version = "0.1.0"
dependencies = ["serde", "rand 0.8.5"]

[[package]]
name = "serde"
version = "1.0.0"
source = "registry+http://mirror.example/index"
checksum = "${'ab'.repeat(32)}"
dependencies = ["rand 0.8.5"]

[[package]]
name = "rand"
version = "0.8.5"
source = "registry+http://mirror.example/index"

[[package]]
name = "rand"
version = "0.7.0"
source = "git+http://mirror.example/rand#1"
`
  const result = await catalogueFiles(cargoCataloguer, { 'Cargo.lock': lock })
  expect(namesOf(result)).toEqual(['rand 0.7.0', 'rand 0.8.5', 'serde 1.0.0'])
  expect(result.components.find(({ name }) => name === 'serde')?.digest).toBe(`sha256:${'ab'.repeat(32)}`)
})
