import { expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { nugetCataloguer } from './cataloguer.ts'

test('*.deps.json: packages, not projects', async () => {
  const deps = {
    targets: {
      '.NETCoreApp,Version=v8.0': {
        'Serilog/3.0.1': {
          dependencies: { 'newtonsoft.json': '13.0.1' },
          runtime: { 'lib/net8.0/Serilog.dll': {} },
        },
        'Newtonsoft.Json/13.0.1': { runtimeTargets: { 'runtimes/unix/lib/Newtonsoft.Json.dll': {} } },
        'System.Net.Http/4.1.0': { compile: { 'ref/System.Net.Http.dll': {} } },
        'NETStandard.Library/1.6.0': { runtime: { 'lib/net8.0/_._': {} } },
      },
    },
    libraries: {
      'app/1.0.0': { type: 'project' },
      'Serilog/3.0.1': { type: 'package' },
      'Newtonsoft.Json/13.0.1': { type: 'package' },
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
      'System.Net.Http/4.1.0': { type: 'package' },
      'NETStandard.Library/1.6.0': { type: 'package' },
      'no-version': { type: 'package' },
    },
  }
  const catalogued = await catalogueFiles(nugetCataloguer, {
    'app/app.deps.json': `\ufeff${JSON.stringify(deps)}`,
  })
  expect(namesOf(catalogued)).toEqual([
    'Microsoft.NETCore.App.Runtime.linux-x64 8.0.1',
    'Newtonsoft.Json 13.0.1',
    'Serilog 3.0.1',
  ])
  expect(catalogued.components[0]).toMatchObject({
    purl: 'pkg:nuget/Serilog@3.0.1',
    dependsOn: ['pkg:nuget/Newtonsoft.Json@13.0.1'],
  })
})

test('packages.lock.json', async () => {
  const lock = {
    version: 1,
    dependencies: {
      'net8.0': { A: { type: 'Direct', resolved: '1.0.0' }, B: { type: 'Transitive', resolved: '2.0.0' } },
      'net9.0': { A: { type: 'Direct', resolved: '1.0.0' }, mine: { type: 'Project' } },
    },
  }
  const catalogued = await catalogueFiles(nugetCataloguer, { 'packages.lock.json': JSON.stringify(lock) })
  expect(namesOf(catalogued)).toEqual(['A 1.0.0', 'B 2.0.0'])
})

test('packages.config, also in UTF-16', async () => {
  const text = `<?xml version="1.0"?>
<packages>
  <package id="A" version="1.0.0" targetFramework="net48" />
  <package id="T" version="2.0.0" developmentDependency="true" />
</packages>`
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
  for (const content of [text, utf16]) {
    const catalogued = await catalogueFiles(nugetCataloguer, { 'packages.config': content })
    expect(namesOf(catalogued)).toEqual(['A 1.0.0'])
    expect(catalogued.notes.map(({ code }) => code)).toEqual(['development-left-out'])
  }
  await expect(catalogueFiles(nugetCataloguer, { 'packages.config': '<a' })).rejects.toThrow(/not XML/)
})

test('paket.lock: packages of NuGet, not what they need nor repositories', async () => {
  const lock = `RESTRICTION: >= net6.0
NUGET
  remote: https://index.example/v3/index.json
    A (1.0.0)
      B (>= 2.0)
    B (2.1.0) - restriction: >= net6.0
GITHUB
  remote: acme/thing
    src/thing.fs (0123abc)
GROUP Build
NUGET
  remote: https://index.example/v3/index.json
    C (3.0.0-beta)
`
  const catalogued = await catalogueFiles(nugetCataloguer, { 'paket.lock': lock.replaceAll('\n', '\r\n') })
  expect(namesOf(catalogued)).toEqual(['A 1.0.0', 'B 2.1.0', 'C 3.0.0-beta'])
})
