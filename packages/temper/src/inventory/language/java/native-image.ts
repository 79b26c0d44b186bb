import { gunzipSync } from 'node:zlib'
import { TemperError } from '../../../base/error.ts'
import { itemsOf, memberOf, textOf } from '../../../base/json/value.ts'
import type { ExecutableSection } from '../../../formats/executable/image.ts'
import { readExecutable } from '../../../formats/executable/read.ts'
import { parsePurl } from '../../../formats/purl/purl.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

/** Most bytes of the document, unpacked. */
const documentLimit = 64 << 20

/**
 * The bill of materials that GraalVM puts into programs (native-image, `--enable-sbom`): CycloneDX JSON, packed with gzip,
 * at the symbol `sbom`, whose length is at `sbom_length`; or in a section of that name. Undefined for other programs.
 */
export function readNativeImage({ bytes }: FileContent): LanguageFact | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  // Nearly no program has it: a name is looked for before anything is read.
  if (!file.includes('sbom_length') && !file.includes('.sbom')) return undefined
  const packed = packedDocument(file)
  if (packed === undefined) return undefined
  const document = parseJson(unpack(packed), 'embedded bill of materials')
  const packages = distinct(itemsOf(memberOf(document, 'components')).map(componentFact))
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

function componentFact(component: unknown) {
  const purl = parsePurl(textOf(memberOf(component, 'purl')) ?? '')
  const text = (member: string) => textOf(memberOf(component, member))
  const group = purl?.type === 'maven' ? purl.namespace : text('group')
  const name = purl?.type === 'maven' ? purl.name : text('name')
  if (group === undefined || (purl !== undefined && purl.type !== 'maven')) return undefined
  return packageFact(`${group}:${name ?? ''}`, purl?.version ?? text('version'))
}

function packedDocument(file: Buffer): Buffer | undefined {
  const executable = readExecutable(file)
  if (executable === undefined) return undefined
  const section = executable.sections.find(({ name }) => /^\.?sbom$/.test(name))
  if (section !== undefined) return contentOf(file, section)
  const place = (name: string) => {
    const address = symbolAddress(file, executable.sections, name)
    if (address === undefined) return undefined
    const segment = executable.segments.find(
      (each) => address >= each.address && address < each.address + each.size,
    )
    return segment === undefined ? undefined : segment.offset + address - segment.address
  }
  const [start, lengthAt] = [place('sbom'), place('sbom_length')]
  if (start === undefined || lengthAt === undefined || lengthAt + 8 > file.length) return undefined
  const length = Number(file.readBigUInt64LE(lengthAt))
  if (start + length > file.length) throw damaged()
  return file.subarray(start, start + length)
}

const symbolSize = 24
/** Native images have few symbols that are not local; a table of a whole C++ program has some hundred thousand. */
const symbolLimit = 2_000_000

/** The address of a symbol in a 64-bit little-endian ELF file (System V ABI, "Symbol Table"), as GraalVM's programs are. */
function symbolAddress(
  file: Buffer,
  sections: readonly ExecutableSection[],
  name: string,
): number | undefined {
  if (file[4] !== 2 || file[5] !== 1) return undefined
  for (const [table, strings] of [
    ['.dynsym', '.dynstr'],
    ['.symtab', '.strtab'],
  ]) {
    const symbols = contentOf(
      file,
      sections.find((each) => each.name === table),
    )
    const names = contentOf(
      file,
      sections.find((each) => each.name === strings),
    )
    const at = names.indexOf(`\0${name}\0`) + 1
    if (at === 0) continue
    const end = Math.min(symbols.length - symbolSize, symbolLimit * symbolSize)
    for (let entry = 0; entry <= end; entry += symbolSize)
      if (symbols.readUInt32LE(entry) === at) return Number(symbols.readBigUInt64LE(entry + 8))
  }
  return undefined
}

function contentOf(file: Buffer, section: ExecutableSection | undefined): Buffer {
  return section === undefined
    ? Buffer.alloc(0)
    : file.subarray(section.offset, section.offset + section.size)
}

function unpack(packed: Buffer): string {
  try {
    return decodeText(gunzipSync(packed, { maxOutputLength: documentLimit }))
  } catch (error) {
    throw damaged(error)
  }
}

function damaged(cause?: unknown): TemperError {
  const reason = `the embedded bill of materials is damaged or larger than ${documentLimit} bytes`
  return new TemperError('bad-archive', reason, { cause })
}
