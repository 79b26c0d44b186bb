import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { describeJson } from '../../base/json/parse.ts'
import type { RepeatedNames } from '../../base/json/repeated.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Inventory, InventoryNote } from '../../model/inventory.ts'
import { readCycloneDx } from './cyclonedx/cyclonedx.ts'
import { parseObject, unwrap } from './envelope.ts'
import { textOf, textsIn } from './json.ts'
import { sbomLimit } from './limits.ts'
import type { SbomSubjectClaim } from './subject.ts'

export interface ReadSbom {
  readonly inventory: Inventory
  /** What was recognised: "SPDX 2.3", "CycloneDX 1.6", "Syft JSON". */
  readonly format: string
  readonly subject: SbomSubjectClaim
}

/**
 * Reads a bill of materials in any known format, which is recognised from its bytes: SPDX 2 as JSON, YAML and
 * tag-value, SPDX 3.0 as JSON-LD, CycloneDX as JSON and XML, the JSON of Syft and of Trivy, snapshots of GitHub's
 * dependency graph, lists of package URLs; inside in-toto statements and signed envelopes, whose signatures are not
 * checked here; compressed with gzip or zstd or not. What cannot be used in it becomes notes. Throws `bad-sbom` when
 * it is not one, `limit-exceeded`.
 */
export async function readSbom(
  bytes: Uint8Array,
  options: { /** Name of the document, for errors. */ readonly what: string },
): Promise<ReadSbom> {
  const { what } = options
  const text = decode(await inflated(bytes, what), what)
  const start = /^[\s\uFEFF]*/.exec(text)?.[0].length ?? 0
  const first = text[start]
  if (first === '<') {
    // Few documents are XML: its parser is loaded for them only.
    const { parseCycloneDxXml } = await import('./cyclonedx/xml-document.ts')
    return cycloneDx(parseCycloneDxXml(text.slice(start), what), what)
  }
  if (first === '{') return await readJson(text.slice(start), what)
  if (/^(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*SPDXVersion:/.test(text.slice(start, start + 64 * 1024))) {
    const [{ parseTagValue }, { readSpdx }] = await Promise.all([
      import('./spdx/tag-value.ts'),
      import('./spdx/spdx.ts'),
    ])
    const document = parseTagValue(text.slice(start), what)
    return { ...readSpdx(document, what), format: spdxFormat(document) }
  }
  if (isSpdxYaml(text.slice(start, start + 64 * 1024))) {
    const [{ parseSpdxYaml }, { readSpdx }] = await Promise.all([
      import('./spdx/yaml.ts'),
      import('./spdx/spdx.ts'),
    ])
    const document = parseSpdxYaml(text.slice(start), what)
    return { ...readSpdx(document, what), format: spdxFormat(document) }
  }
  const { fromPurlList, isPurlList } = await import('./purl-documents.ts')
  if (isPurlList(text.slice(start, start + 64 * 1024)))
    return { ...readCycloneDx(fromPurlList(text.slice(start)), what), format: 'a list of package URLs' }
  throw unknown(what)
}

/** The members of the JSON format may come in any order; one of them stands at the start of a line. */
function isSpdxYaml(text: string): boolean {
  return /^["']?spdxVersion["']?\s*:\s*["']?SPDX-2\./m.test(text)
}

/** The same for parsed JSON: a document, or a statement or envelope around one. */
export async function readSbomValue(
  value: JsonObject,
  options: { readonly what: string },
): Promise<ReadSbom> {
  return await readDocument(unwrap(value, options.what).document, options.what)
}

async function readJson(text: string, what: string): Promise<ReadSbom> {
  const notes: InventoryNote[] = []
  const repeated = (names: RepeatedNames) => notes.push(repeatedNote(names))
  const { document, signed } = unwrap(parseFirst(text, what, repeated), what, repeated)
  const result = await readDocument(document, what)
  if (signed)
    notes.push({
      code: 'signature-not-checked',
      message: 'The bill of materials is in a signed envelope, whose signatures were not checked.',
    })
  if (notes.length === 0) return result
  return { ...result, inventory: { ...result.inventory, notes: [...notes, ...result.inventory.notes] } }
}

/** A second, shorter list of components would hide the first. */
function repeatedNote({ name, dropped }: RepeatedNames): InventoryNote {
  const members = dropped === 1 ? 'one member was' : `${dropped} members were`
  return {
    code: 'repeated-name',
    message: `An object of the document has the name ${describeJson(name)} more than once, of which the last was read: ${members} left out, and components may be missing.`,
  }
}

/** "cosign download attestation" prints an envelope a line. */
function parseFirst(text: string, what: string, repeated: (names: RepeatedNames) => void): JsonObject {
  try {
    return parseObject(text, what, repeated)
  } catch (error) {
    const end = text.indexOf('\n')
    if (end < 0 || !/^\{"(?:payload|mediaType|dsseEnvelope)/.test(text)) throw error
    return parseObject(text.slice(0, end), what, repeated)
  }
}

async function readDocument(document: JsonObject, what: string): Promise<ReadSbom> {
  if (isCycloneDx(document)) return cycloneDx(document, what)
  if (isSpdx2(document)) {
    const { readSpdx } = await import('./spdx/spdx.ts')
    return { ...readSpdx(document, what), format: spdxFormat(document) }
  }
  if (textsIn(document['@context']).some((each) => each.startsWith('https://spdx.org/rdf/3.'))) {
    const [{ fromSpdx3 }, { readSpdx }] = await Promise.all([
      import('./spdx/spdx3.ts'),
      import('./spdx/spdx.ts'),
    ])
    return { ...readSpdx(fromSpdx3(document), what), format: 'SPDX 3.0' }
  }
  if (Array.isArray(document['artifacts']) && ('descriptor' in document || 'schema' in document)) {
    const { readSyft } = await import('./syft.ts')
    return { ...readSyft(document, what), format: 'Syft JSON' }
  }
  if (Array.isArray(document['Results']) || ('SchemaVersion' in document && 'ArtifactName' in document)) {
    const { readTrivy } = await import('./trivy.ts')
    return { ...readTrivy(document, what), format: 'Trivy JSON' }
  }
  const { fromSnapshot, isSnapshot } = await import('./purl-documents.ts')
  if (isSnapshot(document))
    return { ...readCycloneDx(fromSnapshot(document), what), format: 'GitHub dependency snapshot' }
  throw unknown(what)
}

/** Some tools leave the version empty. */
function isSpdx2(document: JsonObject): boolean {
  const version = textOf(document['spdxVersion'])
  if (version !== undefined && version !== '') return version.startsWith('SPDX-2.')
  return document['SPDXID'] === 'SPDXRef-DOCUMENT' && Array.isArray(document['packages'])
}

/** Some tools leave out `bomFormat`, which is required: components and a version of the specification tell as well. */
function isCycloneDx(document: JsonObject): boolean {
  if (document['bomFormat'] !== undefined) return document['bomFormat'] === 'CycloneDX'
  if (/\/bom-\d+\.\d+\.schema\.json$/.test(textOf(document['$schema']) ?? '')) return true
  return /^1\.\d$/.test(textOf(document['specVersion']) ?? '') && Array.isArray(document['components'])
}

function cycloneDx(document: JsonObject, what: string): ReadSbom {
  return { ...readCycloneDx(document, what), format: `CycloneDX ${shortVersion(document['specVersion'])}` }
}

function spdxFormat(document: JsonObject): string {
  return `SPDX ${shortVersion(textOf(document['spdxVersion'])?.slice('SPDX-'.length))}`
}

function shortVersion(value: unknown): string {
  const version = textOf(value) ?? ''
  return /^\d{1,3}(?:\.\d{1,3}){1,2}$/.test(version) ? version : '(of unknown version)'
}

function unknown(what: string): TemperError {
  return new TemperError('bad-sbom', `${what}: expected a bill of materials, found something else`, {
    hint: 'SPDX (JSON, YAML, tag-value), CycloneDX (JSON, XML), the JSON of Syft and of Trivy, snapshots of GitHub, lists of package URLs are read, in in-toto statements too.',
  })
}

async function inflated(bytes: Uint8Array, what: string): Promise<Uint8Array> {
  if (bytes.length > sbomLimit) throw tooLarge(what)
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  if (!magic.startsWith('1f8b') && magic !== '28b52ffd') return bytes
  const { gunzipSync, zstdDecompressSync } = await import('node:zlib')
  try {
    return magic.startsWith('1f8b')
      ? gunzipSync(bytes, { maxOutputLength: sbomLimit })
      : zstdDecompressSync(bytes, { maxOutputLength: sbomLimit })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(what)
    const reason = error instanceof Error ? error.message : String(error)
    throw new TemperError('bad-sbom', `${what}: it cannot be decompressed: ${reason}`, { cause: error })
  }
}

function tooLarge(what: string): TemperError {
  return new TemperError('limit-exceeded', `${what}: larger than the limit of ${sbomLimit} bytes`)
}

/** UTF-8, or UTF-16 as the redirections of PowerShell write it. */
function decode(bytes: Uint8Array, what: string): string {
  const text =
    bytes[0] === 0xff && bytes[1] === 0xfe ? Buffer.from(bytes).toString('utf16le') : tryUtf8(bytes)
  if (text !== undefined) return text
  throw new TemperError('bad-sbom', `${what}: it is not UTF-8 text`, {
    hint: 'Documents may be compressed with gzip or zstd; CycloneDX as Protocol Buffers is not read.',
  })
}
