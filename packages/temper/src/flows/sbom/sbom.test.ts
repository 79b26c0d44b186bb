import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesOf } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { pushAll, sampleImage } from '../../oci/fixtures/sample.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { formatLock } from '../../recipe/lock/lock-file.ts'
import type { Context } from '../context.ts'
import { attest } from '../evidence/attest.ts'
import {
  evidenceAnnotation,
  type SbomFormat,
  sbomFormatNames,
  sbomFormats,
} from '../evidence/evidence-type.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { inventoryOf } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'
import { changeTrust, initTrust } from '../trust/edit.ts'
import { trustPolicyOf } from '../trust/policy.ts'
import { diffSboms } from './diff.ts'
import { foreignFiles, writeForeignImage } from './fixtures/foreign-image.ts'
import { checkLicences } from './licences.ts'
import { mergeSboms } from './merge.ts'
import { sbom } from './sbom.ts'

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-sbom-'))
  context = sampleContext(folder)
  await writeForeignImage(join(folder, 'theirs.tar'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const image = (text: string): ScanTarget => ({ kind: 'image', reference: parseReference(text) })
const theirs = image('docker-archive:theirs.tar')

describe('what could not be read', () => {
  test.each(sbomFormatNames)('is told, and stands in the document: %s', async (format) => {
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    await mkdir(join(folder, 'broken/var/lib/rpm'), { recursive: true })
    await writeFile(join(folder, 'broken/var/lib/rpm/Packages'), 'no database')
    const { text } = await sbom(
      { target: { kind: 'directory', path: 'broken' }, format },
      { ...context, progress },
    )
    expect(warnings).toEqual([expect.stringContaining('var/lib/rpm/Packages could not be read')])
    await writeFile(join(folder, 'broken.json'), text)
    const { inventory } = await inventoryOf({ kind: 'sbom', path: 'broken.json' }, {}, context)
    expect(inventory.notes.map(({ message }) => message)).toEqual(warnings)
  })
})

interface Spdx {
  readonly name: string
  readonly creationInfo: { readonly created: string }
  readonly packages: readonly {
    readonly SPDXID: string
    readonly name: string
    readonly externalRefs?: readonly { readonly referenceLocator: string }[]
  }[]
  readonly files: readonly {
    readonly SPDXID: string
    readonly fileName: string
    readonly checksums: readonly { readonly algorithm: string; readonly checksumValue: string }[]
  }[]
  readonly relationships: readonly {
    readonly spdxElementId: string
    readonly relationshipType: string
    readonly relatedSpdxElement: string
  }[]
}
interface Component {
  readonly type: string
  readonly name: string
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[]
  readonly components?: readonly Component[]
}

async function made<T>(format: SbomFormat, target: ScanTarget = theirs): Promise<T> {
  return JSON.parse((await sbom({ target, format }, context)).text)
}

describe('an image that Temper did not make', () => {
  test('has in its SPDX document the files that are in it, no more and no less, each with an owner', async () => {
    const document = await made<Spdx>('spdx-json')
    const listed = document.files.map(({ fileName, checksums }) => [
      fileName.replace(/^\.\//, ''),
      checksums.find(({ algorithm }) => algorithm === 'SHA256')?.checksumValue,
    ])
    expect(Object.fromEntries(listed)).toEqual(foreignFiles)
    expect(
      document.files.every(({ checksums }) => checksums.some(({ algorithm }) => algorithm === 'SHA1')),
    ).toBe(true)
    const owner = (path: string) => {
      const id = document.files.find(({ fileName }) => fileName === `./${path}`)?.SPDXID
      return document.relationships.find(
        (each) => each.relationshipType === 'CONTAINS' && each.relatedSpdxElement === id,
      )?.spdxElementId
    }
    expect(['usr/bin/tool', 'usr/bin/alias', 'etc/os-release'].map(owner)).toEqual([
      'SPDXRef-Package-deb-tool',
      'SPDXRef-Package-deb-tool',
      'SPDXRef-ContainerImage',
    ])
  })

  test('has the same in its CycloneDX document', async () => {
    const { components } = await made<{ components: readonly Component[] }>('cyclonedx-json')
    const files = components
      .flatMap((each) => [each, ...(each.components ?? [])])
      .filter(({ type }) => type === 'file')
    const listed = files.map(({ name, hashes }) => [
      name.slice(1),
      hashes?.find(({ alg }) => alg === 'SHA-256')?.content,
    ])
    expect(Object.fromEntries(listed)).toEqual(foreignFiles)
  })

  test('is called what it calls itself, with its own time and all its packages', async () => {
    const document = await made<Spdx>('spdx-json')
    expect([document.name, document.creationInfo.created]).toEqual(['theirs', '2026-01-02T03:04:05Z'])
    const purls = document.packages.flatMap(({ externalRefs = [] }) =>
      externalRefs.map((each) => each.referenceLocator),
    )
    expect(purls.slice(1)).toEqual([
      'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc',
      'pkg:deb/debian/tool@1.0-1%2Bb1?arch=amd64&distro=debian-12&upstream=tools%401.0-1',
      'pkg:npm/app@1.0.0',
      'pkg:npm/left-pad@1.3.0',
    ])
  })

  test.each(['spdx-json', 'cyclonedx-json'] as const)(
    'has one %s document, from layers or memory',
    async (format) => {
      const cold = { ...context, cacheDir: join(folder, `cold-${format}`) }
      const first = await sbom({ target: theirs, format }, cold)
      expect(await sbom({ target: theirs, format }, cold)).toEqual(first)
      expect(await sbom({ target: theirs, format }, context)).toEqual(first)
      expect(first.from).toBe('layers')
    },
  )
})

let images = 0
/** An image with documents attached as builds of Temper attach them, or as others do. */
async function imageWith(
  documents: readonly { readonly text: string; readonly ours: boolean }[],
): Promise<ScanTarget> {
  const name = `image-${++images}`
  const layout = openLayout(join(folder, name))
  const sample = sampleImage(name)
  await pushAll(layout, sample)
  await layout.tag(sample.descriptor, 'v1')
  for (const { text, ours } of documents) {
    const artifact = attachedDocument(sample.descriptor, Buffer.from(text), {
      artifactType: sbomFormats['spdx-json'],
      annotations: ours ? { ...evidenceAnnotation } : { who: 'somebody' },
    })
    for (const blob of artifact.blobs) await layout.push(blob)
    await layout.push(artifact.manifest)
  }
  return image(`oci:${name}:v1`)
}

const spdx = (name: string) =>
  `{"spdxVersion": "SPDX-2.3",  "packages": [{"name": "${name}", "versionInfo": "1"}]}`

describe('what is attached', () => {
  const format = 'spdx-json'

  test('by a build is printed as it is, before what others attached', async () => {
    const target = await imageWith([
      { text: spdx('theirs'), ours: false },
      { text: spdx('ours'), ours: true },
    ])
    expect(await sbom({ target, format }, context)).toMatchObject({
      text: spdx('ours'),
      from: expect.stringMatching(/^attached sha256:/),
    })
    expect((await sbom({ target, format, source: 'layers' }, context)).from).toBe('layers')
  })

  test('by others is left alone unless it is asked for', async () => {
    const target = await imageWith([{ text: spdx('theirs'), ours: false }])
    expect((await sbom({ target, format }, context)).from).toBe('layers')
    expect((await sbom({ target, format, source: 'attached' }, context)).text).toBe(spdx('theirs'))
  })

  test('is missed when nothing else will do', async () => {
    const target = await imageWith([])
    await expect(sbom({ target, format, source: 'attached' }, context)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  test('has to be JSON', async () => {
    const target = await imageWith([{ text: '["no object"]', ours: true }])
    await expect(sbom({ target, format }, context)).rejects.toMatchObject({ code: 'bad-image' })
  })
})

describe('whom to trust', () => {
  const believed = 'oci:trusted-*'
  let world: Context

  beforeAll(async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    await writeFile(join(folder, 'release.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
    await writeFile(join(folder, 'release.pub'), publicKey.export({ format: 'pem', type: 'spki' }))
    await initTrust('trust.yaml', context)
    await changeTrust('trust.yaml', { add: 'key', name: 'release', file: 'release.pub' }, context)
    const rule = { add: 'rule', require: [], name: false, images: [believed], signedBy: ['release'] } as const
    await changeTrust('trust.yaml', rule, context)
    world = { ...context, trust: () => trustPolicyOf(join(folder, 'trust.yaml')) }
  })

  async function signedImage(name: string): Promise<ScanTarget> {
    const layout = openLayout(join(folder, name))
    const sample = sampleImage(name)
    await pushAll(layout, sample)
    await layout.tag(sample.descriptor, 'v1')
    await writeFile(join(folder, `${name}.json`), spdx('stated'))
    const key = { key: { kind: 'file', path: 'release.key' } as const, password: async () => '' }
    const request = {
      reference: parseReference(`oci:${name}:v1`),
      type: 'spdxjson',
      predicate: `${name}.json`,
      ...key,
    }
    await attest({ ...request, scheme: 'referrers' }, context)
    return image(`oci:${name}:v1`)
  }

  test('a signed document takes the place of the layers where the trust file says so', async () => {
    const target = await signedImage('trusted-1')
    const inventoried = await inventoryOf(target, {}, world)
    expect(inventoried.from).toMatch(/^attached SBOM sha256:[0-9a-f]{64}$/)
    expect(inventoried.inventory.components.map(({ name }) => name)).toEqual(['stated'])
    expect((await inventoryOf(target, { source: 'layers' }, world)).from).toBe('layers')
    const printed = await sbom({ target, format: 'spdx-json' }, world)
    expect(JSON.parse(printed.text)).toEqual(JSON.parse(spdx('stated')))
  })

  test('nobody is believed without a trust file, or without a rule in it', async () => {
    const target = await signedImage('trusted-2')
    expect((await inventoryOf(target, {}, context)).from).toBe('layers')
    const other = await signedImage('strange-1')
    expect((await inventoryOf(other, {}, world)).from).toBe('layers')
    await expect(inventoryOf(other, { source: 'attached' }, world)).rejects.toMatchObject({
      code: 'not-verified',
    })
  })

  test('where there is a rule, what a build attached without a signature does not count', async () => {
    const layout = openLayout(join(folder, 'trusted-3'))
    const sample = sampleImage('trusted-3')
    await pushAll(layout, sample)
    await layout.tag(sample.descriptor, 'v1')
    const artifact = attachedDocument(sample.descriptor, Buffer.from(spdx('forged')), {
      artifactType: sbomFormats['spdx-json'],
      annotations: { ...evidenceAnnotation },
    })
    for (const blob of artifact.blobs) await layout.push(blob)
    await layout.push(artifact.manifest)
    expect((await sbom({ target: image('oci:trusted-3:v1'), format: 'spdx-json' }, world)).from).toBe(
      'layers',
    )
  })
})

describe('other targets', () => {
  test('a folder', async () => {
    await mkdir(join(folder, 'root/app'), { recursive: true })
    await writeFile(join(folder, 'root/app/package.json'), '{"name":"x","version":"1.0.0"}')
    const { inventory, kind, from } = await inventoryOf({ kind: 'directory', path: 'root' }, {}, context)
    expect([kind, from, inventory.components[0]?.purl]).toEqual(['directory', 'files', 'pkg:npm/x@1.0.0'])
    const document = await made<Spdx>('spdx-json', { kind: 'directory', path: 'root' })
    expect(document.creationInfo.created).toBe('1970-01-01T00:00:00Z')
    expect(document.files.map(({ fileName }) => fileName)).toEqual(['./app/package.json'])
  })

  test('a folder by another name than its own', async () => {
    await mkdir(join(folder, 'named'), { recursive: true })
    await writeFile(join(folder, 'named/package.json'), '{"name":"x","version":"1.0.0"}')
    const target = { kind: 'directory', path: join(folder, 'named') } as const
    for (const format of ['spdx-json', 'cyclonedx-json', 'spdx3-json'] as const) {
      const { text, reference } = await sbom({ target, format, name: 'application' }, context)
      expect(text).toContain('application')
      expect(text).not.toContain(folder)
      expect(reference).toContain(folder)
    }
  })

  test('a document, from a file or standard input', async () => {
    await writeFile(join(folder, 'a.json'), spdx('a'))
    const file = await inventoryOf({ kind: 'sbom', path: 'a.json' }, {}, context)
    const open = () => bytesOf(Buffer.from(spdx('a')))
    const piped = await inventoryOf({ kind: 'sbom', path: '-', open }, {}, context)
    expect(piped.inventory).toEqual(file.inventory)
    expect([file.kind, file.name, file.from]).toEqual(['sbom', 'sbom:a.json', 'SPDX 2.3'])
  })

  test('a lock', async () => {
    const pinned = {
      name: 'nginx',
      version: '1.26-1+b1',
      architecture: 'amd64',
      source: { name: 'nginx', version: '1.26-1' },
      digest: sha256('nginx'),
      size: 1,
      installedSize: 1,
      origin: { repository: 'debian', suite: 'trixie', component: 'main', location: 'pool/n.deb' },
      wantedBy: 'recipe',
    }
    const platform = { packages: [pinned], pruned: [], effects: [], unmodelledEffects: [] }
    const lock = formatLock({
      formatVersion: 1,
      recipe: { name: 'web', checksum: sha256(''), files: [] },
      distribution: 'debian-13',
      compressor: { format: 'gzip', level: 6, definition: 'pako-3.0.3' },
      suites: [],
      platforms: ['linux/amd64', 'linux/arm64'].map((name) => ({ platform: name, ...platform })),
    })
    await writeFile(join(folder, 'web.lock.json'), lock)
    const one = { platform: { os: 'linux', architecture: 'amd64' } } as const
    const { inventory, title } = await inventoryOf({ kind: 'lock', path: 'web.lock.json' }, one, context)
    expect(title).toBe('web')
    expect(inventory.distribution).toMatchObject({ id: 'debian', version: '13', codename: 'trixie' })
    expect(inventory.components).toEqual([
      {
        type: 'deb',
        name: 'nginx',
        version: '1.26-1+b1',
        purl: 'pkg:deb/debian/nginx@1.26-1%2Bb1?arch=amd64&distro=debian-13&upstream=nginx%401.26-1',
        architecture: 'amd64',
        source: { name: 'nginx', version: '1.26-1' },
        digest: sha256('nginx'),
        locations: [],
        foundBy: 'lock',
      },
    ])
    await expect(inventoryOf({ kind: 'lock', path: 'web.lock.json' }, {}, context)).rejects.toMatchObject({
      code: 'bad-usage',
    })
  })

  test.each([
    [{ kind: 'sbom', path: 'nowhere.json' }, 'not-found'],
    [{ kind: 'lock', path: 'nowhere.json' }, 'not-found'],
    [{ kind: 'sbom', path: 'theirs.tar' }, 'bad-sbom'],
    [{ kind: 'lock', path: 'theirs.tar' }, 'bad-lock'],
    [image('oci:nowhere'), 'not-found'],
  ] as const)('%j: %s', async (target, code) => {
    await expect(inventoryOf(target, {}, context)).rejects.toMatchObject({ code })
  })
})

describe('with several', () => {
  test('an image differs from a document about it in nothing', async () => {
    await sbom({ target: theirs, format: 'cyclonedx-json', output: 'theirs.cdx.json' }, context)
    const diff = await diffSboms({ old: theirs, young: { kind: 'sbom', path: 'theirs.cdx.json' } }, context)
    expect(diff).toMatchObject({ equal: true, old: { packages: 4 }, new: { packages: 4 } })
    expect(diff.files).toEqual({ added: [], removed: [], changed: [] })
  })

  test('merged documents are one', async () => {
    await writeFile(join(folder, 'b.json'), spdx('b'))
    await writeFile(join(folder, 'c.json'), spdx('c'))
    const request = {
      targets: [
        { kind: 'sbom', path: 'b.json' },
        { kind: 'sbom', path: 'c.json' },
      ],
      format: 'spdx-json',
      output: 'bc.json',
    } as const
    const merged = await mergeSboms({ ...request, name: 'both' }, context)
    expect(await readFile(join(folder, 'bc.json'), 'utf8')).toBe(merged.text)
    const read = await inventoryOf({ kind: 'sbom', path: 'bc.json' }, {}, context)
    expect(read.inventory.components.map(({ name }) => name)).toEqual(['b', 'c'])
    expect(read.title).toBe('both')
    await expect(
      mergeSboms({ ...request, targets: [{ kind: 'sbom', path: 'b.json' }] }, context),
    ).rejects.toMatchObject({
      code: 'bad-usage',
    })
  })

  test('licences are held against a policy', async () => {
    const result = await checkLicences({ target: theirs, deny: ['WTFPL'], allow: [] }, context)
    await expect(checkLicences({ target: theirs, deny: ['GPL'], allow: [] }, context)).rejects.toMatchObject({
      code: 'bad-usage',
    })
    expect(result).toMatchObject({
      accepted: false,
      packages: 4,
      violations: [
        {
          rule: 'licence-denied',
          level: 'error',
          subject: expect.stringMatching(/^left-pad /),
          place: { kind: 'package', name: 'left-pad' },
          found: 'WTFPL is denied',
          package: { name: 'left-pad' },
          licence: 'WTFPL',
          reason: 'WTFPL is denied',
        },
      ],
    })
    expect(result.unknown.map(({ package: { name } }) => name)).toEqual(['libc6', 'tool', 'app'])
  })
})
