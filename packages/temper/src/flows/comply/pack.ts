import { type Digest, sha256 } from '../../base/digest.ts'
import { oscalResults } from '../../compliance/pack/oscal.ts'
import { compliancePage } from '../../compliance/pack/page.ts'
import { xccdfResults } from '../../compliance/pack/xccdf.ts'
import type { Assessment } from '../../model/assess/assessment.ts'
import type { Compliance } from '../../model/assess/compliance.ts'

/** Predicate type of a signed manifest. */
export const packType = 'urn:temper:compliance:pack:v1'

/** File name of the report for people. */
export const reportName = 'report.html'

/** One file of an evidence pack. */
export interface PackFile {
  /** Without a folder. */
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** What the manifest says of a file. */
interface ListedFile {
  readonly name: string
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

/** The report, the results in other formats, and the data that they were made from. */
export function packFiles(compliance: Compliance, assessment: Assessment): readonly PackFile[] {
  const { image, generator } = compliance
  const raw = { image, generator, ...assessment }
  return [
    { name: reportName, mediaType: 'text/html', bytes: Buffer.from(compliancePage(compliance)) },
    jsonFile('oscal-assessment-results.json', oscalResults(compliance)),
    { name: 'xccdf-results.xml', mediaType: 'application/xml', bytes: Buffer.from(xccdfResults(compliance)) },
    jsonFile('controls.json', compliance),
    jsonFile('assessment.json', raw),
  ]
}

/** The list of files with their digests, which is signed. */
export function packManifest(compliance: Compliance, files: readonly PackFile[]): PackFile {
  const { framework, image, assessed, generator, counts } = compliance
  const listed = files.map(
    ({ name, mediaType, bytes }): ListedFile => ({
      name,
      mediaType,
      digest: sha256(bytes),
      size: bytes.length,
    }),
  )
  return jsonFile('manifest.json', {
    type: packType,
    image,
    framework: framework.id,
    version: framework.version,
    assessed,
    generator,
    counts,
    files: listed,
  })
}

function jsonFile(name: string, value: unknown): PackFile {
  return { name, mediaType: 'application/json', bytes: Buffer.from(`${JSON.stringify(value, null, 2)}\n`) }
}
