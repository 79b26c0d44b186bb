import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import {
  cycloneDxOfTrivy,
  cycloneDxXmlOfSyft,
  spdxOfSyft,
  spdxTagValue,
  spdxThree,
  syftJson,
} from './fixtures/sample.ts'
import { readSbom } from './read.ts'

const what = 'hostile.json'
const read = async (text: string | Uint8Array) => await readSbom(Buffer.from(text), { what })
const codeOf = async (text: string | Uint8Array) => {
  try {
    await read(text)
    return 'read'
  } catch (error) {
    return error instanceof TemperError ? error.code : String(error)
  }
}

describe('what is no bill of materials is told so', () => {
  test.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['broken JSON', '{"bomFormat": "CycloneDX", '],
    ['a list', '[]'],
    ['a number in an envelope', '{"_type":"https://in-toto.io/Statement/v1","predicate":1}'],
    ['JSON of something else', '{"name":"x","version":1}'],
    ['XML of something else', '<project xmlns="http://maven.apache.org/POM/4.0.0"/>'],
    ['XML that is cut off', cycloneDxXmlOfSyft.slice(0, 500)],
    ['XML with two roots', '<bom xmlns="http://cyclonedx.org/schema/bom/1.4"/><bom/>'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe])],
    ['gzip that is cut off', gzipSync('{"bomFormat":"CycloneDX"}').subarray(0, 20)],
    ['tag-value without tags', 'SPDXVersion: SPDX-2.3\nno tag here'],
    ['tag-value with text that does not end', 'SPDXVersion: SPDX-2.3\nDocumentComment: <text>no end'],
    ['a payload that is no text', '{"payloadType":"x","payload":"//4="}'],
  ])('%s', async (_, text) => {
    expect(await codeOf(text)).toBe('bad-sbom')
  })

  test('envelopes that hold envelopes without end', async () => {
    let value: object = {}
    for (let i = 0; i < 20; i++)
      value = { payloadType: 'x', payload: Buffer.from(JSON.stringify(value)).toString('base64') }
    expect(await codeOf(JSON.stringify(value))).toBe('bad-sbom')
  })
})

describe('XML', () => {
  const bom = (inner: string) => `<bom xmlns="http://cyclonedx.org/schema/bom/1.4">${inner}</bom>`

  test('with entities of its own is refused, whatever they stand for', async () => {
    const text = `<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${bom('<components>&b;</components>')}`
    await expect(read(text)).rejects.toThrow('a document type is not allowed')
    expect(await codeOf(bom('&nbsp;'))).toBe('bad-sbom')
  })

  test('that is nested without end is refused; a depth that is likely is not', async () => {
    const nested = (depth: number) =>
      bom(
        '<components><component type="library"><name>a</name><version>1</version>'.repeat(depth) +
          '</component></components>'.repeat(depth),
      )
    expect(await codeOf(nested(5000))).toBe('limit-exceeded')
    expect((await read(nested(50))).inventory.components).toHaveLength(1)
  })
})

describe('JSON', () => {
  test('components that are nested 100,000 deep are read', async () => {
    const depth = 100_000
    const text = `{"bomFormat":"CycloneDX","components":${'[{"type":"library","name":"a","version":"1","components":'.repeat(depth)}[]${'}]'.repeat(depth)}}`
    const { inventory } = await read(text)
    expect(inventory.components).toHaveLength(1)
    expect(inventory.notes.length).toBeLessThan(30)
  })

  test('relations in circles, to themselves and to nowhere', async () => {
    const { inventory } = await read(
      JSON.stringify({
        bomFormat: 'CycloneDX',
        components: ['a', 'b'].map((name) => ({ type: 'library', 'bom-ref': name, name, version: '1' })),
        dependencies: [
          { ref: 'a', dependsOn: ['b', 'a', 'nowhere', 7] },
          { ref: 'b', dependsOn: ['a'] },
          { ref: 'nowhere', dependsOn: ['a'] },
          'b',
        ],
      }),
    )
    expect(inventory.components.map(({ dependsOn }) => dependsOn)).toEqual([
      ['pkg:generic/a@1', 'pkg:generic/b@1'],
      ['pkg:generic/a@1'],
    ])
  })

  test('one reference for several components means the first, and is noted', async () => {
    const component = (name: string) => ({ type: 'library', 'bom-ref': 'same', name, version: '1' })
    const { inventory } = await read(
      JSON.stringify({
        bomFormat: 'CycloneDX',
        components: [
          component('b'),
          component('a'),
          component('b'),
          { type: 'library', 'bom-ref': 'c', name: 'c', version: '1' },
        ],
        dependencies: [{ ref: 'c', dependsOn: ['same'] }],
      }),
    )
    expect(inventory.components.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(inventory.components[2]?.dependsOn).toEqual(['pkg:generic/b@1'])
    expect(inventory.notes.map(({ code }) => code)).toEqual(['duplicate-reference', 'duplicate-component'])
  })

  test('more components than there can be are refused', async () => {
    const one = '{"type":"library","name":"a","version":"1"}'
    const text = `{"bomFormat":"CycloneDX","components":[${`${one},`.repeat(250_001)}${one}]}`
    await expect(read(text)).rejects.toThrow('more than the limit of 250000 components')
  })

  test('names that mean something to JavaScript are names', async () => {
    const names = ['__proto__', 'constructor', 'toString']
    const { inventory } = await read(
      JSON.stringify({
        spdxVersion: 'SPDX-2.3',
        packages: names.map((name) => ({ SPDXID: name, name, versionInfo: '1' })),
        relationships: names.map((name) => ({
          spdxElementId: '__proto__',
          relationshipType: name,
          relatedSpdxElement: name,
        })),
      }),
    )
    expect(inventory.components.map(({ name }) => name)).toEqual(names.toSorted())
  })

  test('notes are bounded', async () => {
    const components = Array.from({ length: 1000 }, (_, i) => ({
      type: 'library',
      name: `n${i}`,
      version: '1',
      purl: '/',
    }))
    const { notes } = (await read(JSON.stringify({ bomFormat: 'CycloneDX', components }))).inventory
    expect(notes).toHaveLength(21)
    expect(notes.at(-1)).toEqual({ code: 'bad-purl', message: 'The same is true of 980 more.' })
  })
})

/** Any value in the place of any member: whatever a document says, it is read or refused as such. */
describe.each([
  ['CycloneDX', cycloneDxOfTrivy],
  ['SPDX', spdxOfSyft],
  ['SPDX 3', spdxThree],
  ['Syft', syftJson],
])('%s with one member that is something else', (_, document) => {
  test('is read or refused', async () => {
    const paths = [...pathsOf(document)]
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('pkg:', 'pkg:rpm/a/b?distro=-&upstream=@', '__proto__'),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, async (path, other) => {
        const changed = replaced(document, path, other)
        expect(await codeOf(JSON.stringify(changed))).toMatch(/^(read|bad-sbom)$/)
      }),
    )
  })
})

test.each([
  ['XML', cycloneDxXmlOfSyft],
  ['tag-value', spdxTagValue],
])('%s with damage anywhere is read or refused', async (_, text) => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length),
      fc.nat(20),
      fc.string({ maxLength: 8 }),
      async (at, length, other) => {
        expect(await codeOf(text.slice(0, at) + other + text.slice(at + length))).toMatch(
          /^(read|bad-sbom|limit-exceeded)$/,
        )
      },
    ),
  )
})

describe('names that are there twice', () => {
  const bom = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"}],"components":[]}'
  const envelope = (text: string) =>
    JSON.stringify({
      payload: Buffer.from(text).toString('base64'),
      payloadType: 'application/x',
      signatures: [],
    })

  test.each([
    ['in a document', bom, ['repeated-name']],
    ['in a document in an envelope', envelope(bom), ['repeated-name', 'signature-not-checked']],
    [
      'in a document that is a text in a statement',
      JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', predicate: bom }),
      ['repeated-name'],
    ],
    [
      'and dropped nothing that matters',
      bom.replace(',"components":[]', ',"version":1,"version":1'),
      ['repeated-name'],
    ],
    ['in nothing', bom.replace(',"components":[]', ''), []],
  ])('%s are noted', async (_, text, codes) => {
    const { inventory } = await read(text)
    expect(inventory.notes.map(({ code }) => code).filter((code) => !code.startsWith('component'))).toEqual(
      codes,
    )
  })

  test('in XML: all lists count', async () => {
    const list = (name: string) =>
      `<components><component type="library"><name>${name}</name><version>1</version></component></components>`
    const { inventory } = await read(
      `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">${list('a')}${list('b')}</bom>`,
    )
    expect(inventory.components.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('in YAML are refused with the line, in one pass however many there are', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `k${i}: 1`).join('\n')
    const text = `spdxVersion: SPDX-2.3\npackages: [{name: a}]\n${keys}\npackages: []\n`
    await expect(read(text)).rejects.toThrow('hostile.json, line 100003: the key "packages" is there twice')
  }, 30_000)
})

type Path = readonly (string | number)[]

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (value === null || typeof value !== 'object') return
  for (const [key, member] of Object.entries(value)) {
    const inner = [...path, Array.isArray(value) ? Number(key) : key]
    yield inner
    yield* pathsOf(member, inner)
  }
}

function replaced(value: unknown, [first, ...rest]: Path, other: unknown): unknown {
  if (first === undefined) return other
  if (Array.isArray(value)) return value.map((each, i) => (i === first ? replaced(each, rest, other) : each))
  const members = Object.entries(value as object)
  return Object.fromEntries(
    members.map(([key, each]) => [key, key === first ? replaced(each, rest, other) : each]),
  )
}
