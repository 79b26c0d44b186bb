import { vexLimits } from '../../advisory/vex/format/limits.ts'
import { type ReadVex, type ReadVexOptions, readVex, readVexValue } from '../../advisory/vex/format/read.ts'
import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { XmlElement } from '../../sbom/read/cyclonedx/xml.ts'

/**
 * Reads a VEX document as `readVex` does, and CycloneDX in XML besides. Errors: `bad-vex`, `limit-exceeded`; `bad-sbom`
 * for XML that is damaged.
 */
export async function readAnyVex(bytes: Uint8Array, options: ReadVexOptions): Promise<ReadVex> {
  if (!isXml(bytes)) return readVex(bytes, options)
  const { origin } = options
  if (bytes.length > vexLimits.bytes)
    throw new TemperError('limit-exceeded', `${origin}: larger than the limit of ${vexLimits.bytes} bytes`)
  const text = tryUtf8(bytes)?.replace(/^\uFEFF/, '')
  if (text === undefined) throw new TemperError('bad-vex', `${origin}: expected UTF-8 text`)
  const [{ parseCycloneDxXml }, { parseXml }] = await Promise.all([
    import('../../sbom/read/cyclonedx/xml-document.ts'),
    import('../../sbom/read/cyclonedx/xml.ts'),
  ])
  const document = parseCycloneDxXml(text, origin)
  const vulnerabilities = childrenOf(parseXml(text, origin), 'vulnerabilities').map(vulnerability)
  return readVexValue({ ...document, vulnerabilities }, options)
}

/** Whether the first character is "<". */
function isXml(bytes: Uint8Array): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(Buffer.from(bytes.subarray(0, 100)).toString('latin1'))
}

/** In the shape of the JSON format. */
function vulnerability(element: XmlElement): object {
  const analysis = element.children.find(({ name }) => name === 'analysis')
  return {
    id: textOf(element, 'id'),
    references: childrenOf(element, 'references').map((reference) => ({ id: textOf(reference, 'id') })),
    ...(analysis === undefined ? {} : { analysis: analysisOf(analysis) }),
    affects: childrenOf(element, 'affects').map((target) => ({
      ref: textOf(target, 'ref'),
      versions: childrenOf(target, 'versions').map((each) => ({
        version: textOf(each, 'version'),
        range: textOf(each, 'range'),
        status: textOf(each, 'status'),
      })),
    })),
  }
}

function analysisOf(element: XmlElement): object {
  const names = ['state', 'justification', 'detail', 'firstIssued', 'lastUpdated']
  return {
    ...Object.fromEntries(names.map((name) => [name, textOf(element, name)])),
    response: childrenOf(element, 'responses').map(({ text }) => text.trim()),
  }
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.find((each) => each.name === name)?.children ?? []
}

function textOf(element: XmlElement, name: string): string | undefined {
  const text = element.children.find((each) => each.name === name)?.text.trim()
  return text === '' ? undefined : text
}
