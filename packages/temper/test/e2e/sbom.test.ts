import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import tar from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import type { Lock } from '../../src/model/lock.ts'
import { catalogImage, catalogLock } from '../support/catalog.ts'
import { blobPath, layoutOf, readBlob } from '../support/layout.ts'
import { temper, temperError, temperJson } from '../support/temper-cli.ts'

/* The bills of materials that a build attaches, held against the layers and the lock. */

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-sbom-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Spdx {
  readonly packages: readonly {
    name: string
    versionInfo?: string
    licenseDeclared?: string
    externalRefs?: { referenceLocator: string }[]
  }[]
  readonly files: readonly { fileName: string; checksums: { algorithm: string; checksumValue: string }[] }[]
  readonly documentNamespace: string
}
interface Component {
  readonly type: string
  readonly name: string
  readonly purl?: string
  readonly hashes?: readonly { alg: string; content: string }[]
  readonly components?: readonly Component[]
}

function* components(all: readonly Component[]): Generator<Component> {
  for (const component of all) {
    yield component
    yield* components(component.components ?? [])
  }
}

/** Path → SHA-256 of everything with bytes in the layers of an image, read with tar-stream. */
async function filesOf(layout: string, digest: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const layer of readBlob(layout, digest).layers) {
    const extract = tar.extract()
    extract.on('entry', (header, stream, next) => {
      const hash = createHash('sha256')
      stream.on('data', (chunk) => {
        if (chunk instanceof Uint8Array) hash.update(chunk)
      })
      stream.on('end', () => {
        if (header.type === 'file') files.set(header.name, hash.digest('hex'))
        if (header.type === 'link') files.set(header.name, files.get(header.linkname ?? '') ?? 'dangling')
        next()
      })
    })
    await pipeline(createReadStream(blobPath(layout, layer.digest)), createGunzip(), extract)
  }
  return files
}

describe.each(['static', 'nginx', 'jre'] as const)('what is attached to %s', (name) => {
  it('lists the files that are in its layers, no more and no less', async () => {
    const { layout, result } = await catalogImage(name)
    const files = await filesOf(layout, result.digest)
    for (const source of ['attached', 'layers']) {
      const spdx = await temperJson<Spdx>(['sbom', `oci:${layout}`, '--from', source])
      const digests = spdx.files.map(({ fileName, checksums }): [string, string | undefined] => [
        fileName.replace(/^\.\//, ''),
        checksums.find(({ algorithm }) => algorithm === 'SHA256')?.checksumValue,
      ])
      expect(Object.fromEntries(digests)).toEqual(Object.fromEntries(files))
    }
    const bom = await temperJson<{ components: Component[] }>([
      ...['sbom', `oci:${layout}`, '--format', 'cyclonedx-json'],
    ])
    const listed = [...components(bom.components)].filter(({ type }) => type === 'file')
    expect(
      Object.fromEntries(listed.map(({ name: path, hashes }) => [path.slice(1), hashes?.at(-1)?.content])),
    ).toEqual(Object.fromEntries(files))
  })

  it('lists the packages of its lock, each with a purl and a licence', async () => {
    const { layout, result } = await catalogImage(name)
    const lock: Lock = JSON.parse(readFileSync(await catalogLock(name), 'utf8'))
    const platform = result.platforms[0]?.platform
    const locked = lock.platforms.find((each) => each.platform === platform)?.packages ?? []
    const expected = locked.map(({ name: each, version }) => `${each} ${version}`).sort()
    const spdx = await temperJson<Spdx>(['sbom', `oci:${layout}`])
    const packages = spdx.packages.filter(({ externalRefs }) =>
      externalRefs?.some(({ referenceLocator }) => referenceLocator.startsWith('pkg:deb/debian/')),
    )
    expect(packages.map((each) => `${each.name} ${each.versionInfo}`).sort()).toEqual(expected)
    expect(packages.filter(({ licenseDeclared }) => licenseDeclared === 'NOASSERTION')).toEqual([])
  })
})

describe('temper sbom', () => {
  it('prints the very document that is attached', async () => {
    const { layout } = await catalogImage('nginx')
    const attached = layoutOf(layout).manifests.find((each) => each.artifactType === 'application/spdx+json')
    const [document] = readBlob(layout, attached?.digest ?? '').layers
    const { stdout } = await temper(['sbom', `oci:${layout}`])
    expect(`sha256:${createHash('sha256').update(stdout).digest('hex')}`).toBe(document?.digest)
    const file = join(folder, 'nginx.spdx.json')
    expect(await temperJson(['sbom', `oci:${layout}`, '-o', file])).toMatchObject({
      format: 'spdx-json',
      output: file,
    })
    expect(readFileSync(file, 'utf8')).toBe(stdout)
  })

  it('finds the document of each platform, and in copies', async () => {
    const layout = join(folder, 'two')
    const args = ['build', 'static', '--platform', 'linux/amd64,linux/arm64', '-o', layout]
    const archive = `oci-archive:${join(folder, 'two.tar')}`
    const result = await temperJson<BuildResult>([...args, '--tag', `${archive}:v1`])
    const namespaces = new Set<string>()
    for (const { platform } of result.platforms) {
      const document = await temperJson<Spdx>(['sbom', archive, '--platform', platform])
      namespaces.add(document.documentNamespace)
      expect(await temperJson(['sbom', `oci:${layout}`, '--platform', platform])).toEqual(document)
    }
    expect(namespaces.size).toBe(2)
    expect(await temperError(['sbom', `oci:${layout}`])).toMatchObject({ code: 'bad-usage' })
  })

  it('says when there is none', async () => {
    const { layout } = await catalogImage('static')
    const copy = `oci:${join(folder, 'bare')}:v1`
    await temperJson(['copy', '--no-referrers', `oci:${layout}`, copy])
    const attached = ['sbom', copy, '--from', 'attached']
    expect(await temperError(attached)).toMatchObject({ code: 'not-found', exitCode: 2 })
  })
})

it('a second identical build keeps what is attached; a lost document is made again', async () => {
  const layout = join(folder, 'again')
  const args = ['build', 'static', '--lock', await catalogLock('static'), '-o', layout]
  // A time that no other test builds with: what is remembered of a build names the evidence of the last one that was the same.
  const env = { SOURCE_DATE_EPOCH: '1700000040' }
  const first = await temperJson<BuildResult>(args, { env })
  const attached = layoutOf(layout)
  const second = await temperJson<BuildResult>(args, { env })
  expect([second.cached, second.digest]).toEqual([true, first.digest])
  expect(layoutOf(layout)).toEqual(attached)
  rmSync(blobPath(layout, attached.manifests[1]?.digest ?? ''))
  expect((await temperJson<BuildResult>(args, { env })).cached).toBe(false)
  expect(layoutOf(layout)).toEqual(attached)
  expect((await temper(['sbom', `oci:${layout}`])).code).toBe(0)
})
