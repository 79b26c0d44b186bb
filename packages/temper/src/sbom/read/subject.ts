import { type Digest, isDigest } from '../../base/digest.ts'
import { parsePurl } from '../../formats/purl/purl.ts'

/** What a document says it is about. */
export interface SbomSubjectClaim {
  readonly name?: string
  /** Package URL of the subject. */
  readonly purl?: string
  /** Digest of the image's manifest, where the document names it. */
  readonly digest?: Digest
  readonly architecture?: string
  /** When the document was made, as it says: RFC 3339. */
  readonly created?: string
}

export function readSubject(root: {
  readonly name?: string | undefined
  readonly version?: string | undefined
  readonly purl?: string | undefined
  readonly created?: string | undefined
}): SbomSubjectClaim {
  const { name, version = '', created } = root
  const purl = root.purl === undefined ? undefined : parsePurl(root.purl)
  const image = purl?.type === 'oci' || purl?.type === 'docker'
  const digest = [version, purl?.version ?? '', version.slice(version.lastIndexOf('@') + 1)].find(isDigest)
  const architecture = image ? purl?.qualifiers?.['arch'] : undefined
  return {
    ...(name === undefined ? {} : { name }),
    ...(root.purl === undefined || purl === undefined ? {} : { purl: root.purl }),
    ...(digest === undefined ? {} : { digest }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(created === undefined ? {} : { created }),
  }
}
