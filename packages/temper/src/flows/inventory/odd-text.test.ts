import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../base/bytes.ts'
import { parsePurl } from '../../formats/purl/purl.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { sbom } from '../sbom/sbom.ts'
import { inventoryOf } from './inventory.ts'

/* JSON may hold half a surrogate pair, which has no bytes in UTF-8: what is in an image must not keep it from being read. */

const half = '\ud800'
const files: Readonly<Record<string, unknown>> = {
  'npm/package.json': { name: `a${half}`, version: `1.0.0${half}` },
  'npm-lock/package-lock.json': {
    lockfileVersion: 3,
    packages: { '': { name: 'x' }, [`node_modules/y${half}`]: { version: `1${half}` } },
  },
  'composer/composer.lock': { packages: [{ name: `v/p${half}`, version: `1${half}` }] },
  'pipfile/Pipfile.lock': { default: { [`p${half}`]: { version: `==1${half}` } } },
  'nuget/packages.lock.json': {
    version: 1,
    dependencies: { 'net8.0': { [`P${half}`]: { type: 'Direct', resolved: `1${half}` } } },
  },
  'dotnet/x.deps.json': { libraries: { [`P${half}/1${half}`]: { type: 'package' } } },
  'conda/conda-meta/p.json': { name: `p${half}`, version: `1${half}` },
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-odd-text-'))
  for (const [path, value] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), JSON.stringify(value))
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name: `web${half}` } },
  components: [
    { type: 'library', name: `l${half}`, version: `1${half}`, group: `g${half}` },
    { type: 'library', name: `m${half}`, version: '1', purl: 'pkg:npm/m@1' },
  ],
}

describe('half a character', () => {
  it.each(Object.keys(files))(
    'in the name or version of %s is read as one that is not known',
    async (path) => {
      const root = path.split('/')[0] ?? ''
      const { inventory } = await inventoryOf({ kind: 'directory', path: root }, {}, sampleContext(folder))
      for (const { purl } of inventory.components) {
        expect(purl.isWellFormed()).toBe(true)
        expect(parsePurl(purl)).toBeDefined()
      }
    },
  )

  it.each(['spdx-json', 'cyclonedx-json', 'spdx3-json'] as const)(
    'in a bill of materials is read, and written as %s',
    async (format) => {
      const open = () => bytesOf(Buffer.from(JSON.stringify(bom)))
      const target = { kind: 'sbom', path: 'bom.json', open } as const
      const { text } = await sbom({ target, format }, sampleContext(folder))
      expect(text).toContain('pkg:npm/m@1')
      expect(() => JSON.parse(text)).not.toThrow()
    },
  )
})
