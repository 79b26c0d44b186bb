import { createHash, X509Certificate } from 'node:crypto'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { readPem } from '../../formats/crypto/pem.ts'
import type { RootNode } from '../../model/root.ts'
import type { SbomFile } from '../../model/sbom.ts'

type Facts = Pick<SbomFile, 'digest' | 'sha1' | 'size'>

/**
 * Everything in the tree that has bytes, in the order of the tree. Folders, symlinks and devices are left out, since
 * they have no contents; a hard link is another name of a file and is listed with that file's digests.
 */
export function describeFiles(nodes: Iterable<RootNode>): SbomFile[] {
  const facts = new Map<string, Facts>()
  const named: RootNode[] = []
  for (const node of nodes) {
    if (node.type === 'file') facts.set(node.path, factsOf(node))
    if (node.type === 'file' || node.type === 'hardlink') named.push(node)
  }
  return named.map((node) => {
    const fact = facts.get(node.type === 'hardlink' ? (node.target ?? '') : node.path)
    if (fact === undefined)
      throw new TemperError(
        'internal',
        `/${node.path} is a hard link to /${node.target}, which is not a file`,
      )
    return { path: node.path, ...fact, ...originOf(node) }
  })
}

function factsOf({ path, digest, sha1, size, content }: RootNode): Facts {
  if (content !== undefined) {
    const hex = createHash('sha1').update(content).digest('hex')
    return { digest: sha256(content), sha1: hex, size: content.length }
  }
  if (digest === undefined || sha1 === undefined)
    throw new TemperError('internal', `/${path}: neither its bytes nor their digests are known`)
  return { digest, sha1, size }
}

function originOf({ origin, path, content }: RootNode): Pick<SbomFile, 'origin' | 'owner' | 'certificates'> {
  if (origin.kind === 'package' || origin.kind === 'database')
    return { origin: origin.kind, owner: origin.package }
  if (origin.kind === 'base')
    return origin.package === undefined ? { origin: 'unknown' } : { origin: 'package', owner: origin.package }
  if (origin.kind === 'effect' || content === undefined) return { origin: origin.kind }
  const certificates = subjects(content, path)
  return certificates.length === 0 ? { origin: origin.kind } : { origin: origin.kind, certificates }
}

/** Subjects of the certificates in a PEM file; none when it is anything else. */
function subjects(content: Uint8Array, path: string): string[] {
  if (!Buffer.from(content).includes('-----BEGIN CERTIFICATE-----')) return []
  try {
    return readPem(Buffer.from(content).toString('utf8'), { what: path })
      .filter(({ label }) => label === 'CERTIFICATE')
      .map(({ bytes }) => new X509Certificate(bytes).subject.replaceAll('\n', ', '))
  } catch {
    // The file is listed all the same; that it holds a damaged certificate is for others to say.
    return []
  }
}
