import { hexOf, sha256 } from '../../base/digest.ts'
import type { SbomFile } from '../../model/sbom.ts'
import { describeOrigin } from '../origin.ts'

/**
 * The id of a file's element. Not "File-…": Trivy would take any such file for the place where it found its
 * package (aquasecurity/trivy, pkg/sbom/spdx/unmarshal.go, parseFiles).
 */
export function spdxFileId(file: SbomFile): string {
  const known = ids.get(file)
  if (known !== undefined) return known
  const id = `SPDXRef-file-${hexOf(sha256(file.path)).slice(0, 24)}`
  ids.set(file, id)
  return id
}

/** Each file is named at least twice, and there are many. */
const ids = new WeakMap<SbomFile, string>()

/** One file of the document (SPDX 2.3, clause 8). SPDX requires the SHA-1 (8.4); it is stated where it is known. */
export function spdxFile(file: SbomFile): Readonly<Record<string, unknown>> {
  return {
    SPDXID: spdxFileId(file),
    fileName: `./${file.path}`,
    checksums: [
      ...(file.sha1 === undefined ? [] : [{ algorithm: 'SHA1', checksumValue: file.sha1 }]),
      { algorithm: 'SHA256', checksumValue: hexOf(file.digest) },
    ],
    ...(file.origin === 'package' ? {} : { comment: describeOrigin(file) }),
  }
}
