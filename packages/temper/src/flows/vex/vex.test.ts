import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  digestA,
  sampleDocument,
  sampleEvidence,
  samplePackage,
  sampleStatement,
} from '../../advisory/vex/fixtures/sample.ts'
import { writeOpenVex } from '../../advisory/vex/format/write.ts'
import { pushAll, sampleImage, sampleIndex } from '../../oci/fixtures/sample.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import { vexOf } from '../build/vex.ts'
import type { Context } from '../context.ts'
import { attach } from '../evidence/attach.ts'
import { attest } from '../evidence/attest.ts'
import { evidenceAnnotation, openVexType } from '../evidence/evidence-type.ts'
import { listEvidence } from '../evidence/list.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { addStatement, listStatements, mergeStatements, validateStatements } from './statements.ts'
import { vex } from './vex.ts'

let folder = ''
let context: Context
const key = { key: { kind: 'file', path: 'ours.key' } as const, password: async () => 'secret' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-vex-'))
  context = sampleContext(folder)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeFile(join(folder, 'ours.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
  await writeFile(join(folder, 'ours.pub'), publicKey.export({ format: 'pem', type: 'spki' }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const head = { author: 'Temper', timestamp: '2025-06-01T00:00:00Z' }
const document = (text: string) => writeOpenVex(head, [sampleStatement({ statement: text })])

let layouts = 0
async function newImage() {
  const name = `image-${++layouts}`
  const layout = openLayout(join(folder, name))
  const sample = sampleImage(name)
  await pushAll(layout, sample)
  await layout.tag(sample.descriptor, 'v1')
  return { reference: parseReference(`oci:${name}:v1`), layout, subject: sample.descriptor }
}

type Placed = Awaited<ReturnType<typeof newImage>>

async function put(image: Placed, text: string, annotations: Record<string, string> = {}) {
  const bytes = Buffer.from(text)
  await attach(
    image.layout,
    attachedDocument(image.subject, bytes, { artifactType: openVexType, annotations }),
  )
}

describe('the document of an image', () => {
  test('is printed as it is attached; of several the newest of a build', async () => {
    const image = await newImage()
    const created = (time: string) => ({ ...evidenceAnnotation, 'org.opencontainers.image.created': time })
    await put(image, document('old'), created('2025-01-01T00:00:00Z'))
    await put(image, document('new'), created('2025-02-01T00:00:00Z'))
    await put(image, document('of others'), { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z' })
    expect(await vex({ reference: image.reference, keys: [] }, context)).toEqual({
      reference: formatReference(image.reference),
      subject: image.subject.digest,
      text: document('new'),
      verified: false,
      signers: [],
    })
  })

  test('with a key only what it signed counts', async () => {
    const image = await newImage()
    await put(image, document('unsigned'))
    const request = { reference: image.reference, keys: ['ours.pub'] }
    await expect(vex(request, context)).rejects.toMatchObject({ code: 'not-verified' })
    await writeFile(join(folder, 'claim.json'), document('signed'))
    await attest({ ...image, ...key, type: 'openvex', predicate: 'claim.json', scheme: 'referrers' }, context)
    const result = await vex(request, context)
    expect(JSON.parse(result.text)).toEqual(JSON.parse(document('signed')))
    expect(result.verified).toBe(true)
  })

  test('what is attached unsigned is evidence of its type, and signed with the image', async () => {
    const image = await newImage()
    await put(image, document('x'), evidenceAnnotation)
    const types = async () =>
      (await listEvidence({ reference: image.reference, keys: ['ours.pub'] }, context)).evidence
        .filter(({ type }) => type.startsWith('https://openvex.dev/ns'))
        .map(({ verified }) => verified)
    expect(await types()).toEqual([false])
    const { signAttached } = await import('../evidence/sign-attached.ts')
    const { openSigner } = await import('../trust/trusted-keys.ts')
    const signer = await openSigner(key, context)
    await signAttached(image.layout, image.subject, { signer, context, names: [] })
    expect((await types()).sort()).toEqual([false, true])
  })

  test('not-found without one', async () => {
    const { reference } = await newImage()
    await expect(vex({ reference, keys: [] }, context)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('what a build attaches', () => {
  const image = sampleImage('vex')
  const changelog = {
    path: 'usr/share/doc/libssl3t64/changelog.Debian.gz',
    source: 'openssl',
    version: '3.5.1-1',
    fixes: [{ id: 'CVE-2025-1', version: '3.5.0-2', text: 'Fix CVE-2025-1' }],
  }
  const vexEvidence = sampleEvidence({ packages: [samplePackage({ changelog })] })
  const platform = { image: { descriptor: image.descriptor } as never, vexEvidence }

  const texts = async (artifact: Awaited<ReturnType<typeof vexOf>>['artifacts'][number] | undefined) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of artifact?.blobs[1]?.open() ?? []) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  test('the same of the same, with no clock in it', async () => {
    const first = await vexOf({ built: [platform], index: undefined, authored: undefined })
    const second = await vexOf({ built: [platform], index: undefined, authored: undefined })
    expect(await texts(first.artifacts[0])).toBe(await texts(second.artifacts[0]))
    expect(JSON.parse(await texts(first.artifacts[0]))).toMatchObject({
      timestamp: '2025-06-01T00:00:00Z',
      statements: [{ vulnerability: { name: 'CVE-2025-1' }, status: 'fixed' }],
    })
  })

  test('people are believed before changelogs; the document is as new as what they say', async () => {
    const timestamp = '2025-07-01T00:00:00.000Z'
    const authored = sampleDocument([sampleStatement({ status: 'affected', statement: 'no', timestamp })])
    const { artifacts } = await vexOf({ built: [platform], index: undefined, authored })
    const read = JSON.parse(await texts(artifacts[0]))
    expect(read.timestamp).toBe('2025-07-01T00:00:00Z')
    expect(read.statements).toMatchObject([{ status: 'affected' }])
  })

  test('an index gets one of its own, which names it', async () => {
    const index = sampleIndex('vex')
    const { artifacts } = await vexOf({
      built: [platform, platform],
      index: { descriptor: index.descriptor, open: () => (async function* () {})() },
      authored: undefined,
    })
    expect(artifacts).toHaveLength(3)
    const [statement] = JSON.parse(await texts(artifacts[0])).statements
    const named = statement.products.map((product: Record<string, string>) => product['@id'])
    expect(named.slice(0, 2)).toEqual([`pkg:oci/web@${index.descriptor.digest}`, `pkg:oci/web@${digestA}`])
  })
})

describe('statements in files', () => {
  const draft = {
    id: 'CVE-2025-1',
    aliases: [],
    status: 'not-affected',
    justification: 'component-not-present',
    packages: ['libxml2', 'pkg:npm/a@1', 'zlib1g@1:1.3'],
    expires: '2026-03-01',
    author: 'Jane',
  }

  test('are added, replaced, listed and checked', async () => {
    await addStatement({ place: { kind: 'file', path: 'one.json' }, ...draft }, context)
    const { path, statement } = await addStatement(
      { place: { kind: 'file', path: 'one.json' }, ...draft, statement: 'again', author: 'Joe' },
      context,
    )
    expect(path).toBe(join(folder, 'one.json'))
    expect(statement).toMatchObject({ status: 'not_affected', expires: '2026-03-01T23:59:59Z' })
    const written = JSON.parse(await readFile(path, 'utf8'))
    expect(written).toMatchObject({ author: 'Jane', version: 2, last_updated: '2026-01-02T03:04:05Z' })
    expect(written.statements).toMatchObject([
      {
        products: [
          { '@id': 'pkg:deb/debian/libxml2' },
          { '@id': 'pkg:npm/a@1' },
          { '@id': 'pkg:deb/debian/zlib1g@1:1.3' },
        ],
        impact_statement: 'again\nStated by Joe',
        status_notes: 'Expires: 2026-03-01T23:59:59Z',
      },
    ])
    const { documents } = await listStatements({ of: { kind: 'file', path: 'one.json' }, keys: [] }, context)
    expect(documents[0]?.statements).toMatchObject([{ expires: '2026-03-01T23:59:59.000Z' }])
    expect(await validateStatements(['one.json'], context)).toMatchObject([{ statements: 1, problems: [] }])
    const later = { ...context, now: () => new Date('2026-03-02T00:00:00Z') }
    const [checked] = await validateStatements(['one.json'], later)
    expect(checked?.problems).toEqual([expect.stringContaining('expired at 2026-03-01')])
  })

  test.each([
    ['no reason', { justification: undefined }],
    ['a status that there is not', { status: 'fine' }],
    ['a justification that there is not', { justification: 'because' }],
    ['a justification of something else', { status: 'fixed' }],
    ['affected without anything to do', { status: 'affected', justification: undefined }],
    ['an id that is none', { id: 'a b' }],
    ['a package that is none', { packages: ['a b'] }],
    ['a package URL that is none', { packages: ['pkg:x'] }],
    ['a product that is none', { product: 'web' }],
    ['nothing that it is about', { packages: [] }],
    ['nobody who says so', { author: undefined }],
    ['an end in the past', { expires: '2026-01-01' }],
    ['an end that is none', { expires: '2026-02-30' }],
    ['an end in words', { expires: 'soon' }],
  ])('%s is refused', async (_, over) => {
    const request = { place: { kind: 'file', path: 'refused.json' }, ...draft, ...over } as Parameters<
      typeof addStatement
    >[0]
    await expect(addStatement(request, context)).rejects.toMatchObject({ code: 'bad-usage' })
    await expect(readFile(join(folder, 'refused.json'))).rejects.toThrow()
  })

  test.each([
    ['no JSON', '{'],
    ['no OpenVEX', '{"bomFormat":"CycloneDX"}'],
    ['an older OpenVEX', '{"@context":"https://openvex.dev/ns/v0.0.1"}'],
  ])('a file that is %s stays as it is', async (_, text) => {
    await writeFile(join(folder, 'foreign.json'), text)
    await expect(
      addStatement({ place: { kind: 'file', path: 'foreign.json' }, ...draft }, context),
    ).rejects.toMatchObject({
      code: 'bad-vex',
    })
    expect(await readFile(join(folder, 'foreign.json'), 'utf8')).toBe(text)
  })

  test('are merged: earlier files count more, then later times', async () => {
    const write = async (name: string, statements: Parameters<typeof writeOpenVex>[1], author: string) =>
      writeFile(join(folder, name), writeOpenVex({ ...head, author }, statements))
    const products = [{ id: 'pkg:npm/a', subcomponents: [] }]
    const at = (time: string) => ({ products, timestamp: `${time}T00:00:00.000Z` })
    await write('a.json', [sampleStatement({ status: 'fixed', ...at('2025-01-01') })], 'A')
    await write(
      'b.json',
      [
        sampleStatement({ status: 'affected', statement: 'x', ...at('2025-02-01') }),
        sampleStatement({
          vulnerability: 'CVE-2025-2',
          status: 'affected',
          statement: 'old',
          ...at('2025-01-01'),
        }),
        sampleStatement({ vulnerability: 'CVE-2025-2', status: 'fixed', ...at('2025-03-01') }),
      ],
      'B',
    )
    const merged = JSON.parse(await mergeStatements(['a.json', 'b.json'], context))
    expect(merged).toMatchObject({
      author: 'A, B',
      timestamp: '2025-03-01T00:00:00Z',
      statements: [
        { vulnerability: { name: 'CVE-2025-1' }, status: 'fixed', status_notes: 'Stated by A' },
        { vulnerability: { name: 'CVE-2025-2' }, status: 'fixed', status_notes: 'Stated by B' },
      ],
    })
    expect(JSON.parse(await mergeStatements(['b.json', 'a.json'], context)).statements[0].status).toBe(
      'affected',
    )
  })

  test('CycloneDX in XML is read as in JSON', async () => {
    const xml = `<?xml version="1.0"?>
      <bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">
        <components><component type="library" bom-ref="a"><name>a</name><purl>pkg:npm/a@1</purl></component></components>
        <vulnerabilities><vulnerability>
          <id>CVE-2025-1</id>
          <references><reference><id>GHSA-1</id></reference></references>
          <analysis><state>not_affected</state><justification>code_not_present</justification><detail>gone</detail></analysis>
          <affects><target><ref>a</ref></target></affects>
        </vulnerability></vulnerabilities>
      </bom>`
    await writeFile(join(folder, 'vex.xml'), xml)
    const checked = await validateStatements(['vex.xml'], context)
    expect(checked).toMatchObject([{ format: 'cyclonedx', statements: 1, problems: [] }])
    expect(JSON.parse(await mergeStatements(['vex.xml'], context)).statements).toMatchObject([
      {
        vulnerability: { name: 'CVE-2025-1', aliases: ['GHSA-1'] },
        products: [{ '@id': 'pkg:npm/a@1' }],
        justification: 'vulnerable_code_not_present',
      },
    ])
    await writeFile(join(folder, 'cut.xml'), xml.slice(0, 300))
    await expect(validateStatements(['cut.xml'], context)).rejects.toMatchObject({ code: 'bad-sbom' })
  })

  test('files that are not there', async () => {
    for (const run of [validateStatements, mergeStatements])
      await expect(run(['none.json'], context)).rejects.toMatchObject({ code: 'not-found' })
  })
})
