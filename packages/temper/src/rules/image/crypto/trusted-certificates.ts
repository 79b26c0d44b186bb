import { X509Certificate } from 'node:crypto'
import { TemperError } from '../../../base/error.ts'
import { isJks, readJks, readPlainPkcs12 } from '../../../formats/crypto/jks.ts'
import { readPem } from '../../../formats/crypto/pem.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import type { ImageSubject } from '../subject.ts'

/** A certificate that an image trusts. */
export interface TrustedCertificate {
  readonly node: TreeNode
  readonly der: Uint8Array
  readonly certificate: X509Certificate
}

/** What a trust store holds. */
export interface TrustStore {
  readonly certificates: readonly TrustedCertificate[]
  /** Files, or certificates of them, that cannot be read, and why. */
  readonly unreadable: readonly { readonly node: TreeNode; readonly why: string }[]
}

const bundles = [
  'etc/ssl/certs/ca-certificates.crt',
  'etc/ssl/certs/ca-bundle.crt',
  'etc/ssl/cert.pem',
  'etc/ssl/ca-bundle.pem',
  'etc/pki/tls/certs/ca-bundle.crt',
  'etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
] as const

/** Trust stores of Java runtimes: their own, and those that distributions share. */
const javaStore =
  /(?:^|\/)(?:lib\/security|ssl\/certs\/java|pki\/(?:ca-trust\/extracted\/)?java)\/(?:jsse)?cacerts$/

/** Most certificates of one image that are looked at; the largest bundles have a few hundred. */
const certificateLimit = 4000

const stores = new WeakMap<object, TrustStore>()

/** The certificates of the bundles of an image, each once however many bundles have it. Read once for all rules. */
export function trustStoreOf({ root }: Pick<ImageSubject, 'root'>): TrustStore {
  const known = stores.get(root) ?? readStore(root)
  stores.set(root, known)
  return known
}

function readStore(root: ImageSubject['root']): TrustStore {
  const certificates = new Map<string, TrustedCertificate>()
  const unreadable: { readonly node: TreeNode; readonly why: string }[] = []
  const java = [...root.nodes()].filter(({ path, type }) => type !== 'directory' && javaStore.test(path))
  const paths = [...bundles, ...java.map(({ path }) => path)]
  const files = new Set(paths.map((path) => root.resolve(path)).filter((node) => node !== undefined))
  for (const node of files) {
    const read = isPem(node) ? certificatesIn(node) : javaCertificates(node)
    if (read.why !== undefined) unreadable.push({ node, why: read.why })
    for (const each of read.certificates) {
      if (certificates.size < certificateLimit) certificates.set(each.certificate.fingerprint256, each)
    }
  }
  return { certificates: [...certificates.values()], unreadable }
}

function isPem({ path, content }: TreeNode): boolean {
  return (
    !/cacerts$/.test(path) || Buffer.from(content?.subarray(0, 10) ?? []).toString('latin1') === '-----BEGIN'
  )
}

/** Of a key store of Java. */
function javaCertificates(node: TreeNode): ReturnType<typeof certificatesIn> {
  const { content = new Uint8Array() } = node
  const read: ReturnType<typeof readJks> = isJks(content)
    ? readJks(content)
    : { certificates: readPlainPkcs12(content) }
  const parsed = read.certificates.slice(0, certificateLimit).map((der) => ({ der, certificate: parse(der) }))
  const certificates = parsed.flatMap(({ der, certificate }) =>
    certificate === undefined ? [] : [{ node, der, certificate }],
  )
  const isWhole = read.damaged !== true && certificates.length === parsed.length
  return { certificates, ...(isWhole ? {} : { why: 'the key store of Java cannot be read in whole' }) }
}

/** The certificates of a file in PEM; `why` says what of it cannot be read. */
export function certificatesIn(node: TreeNode): {
  readonly certificates: readonly TrustedCertificate[]
  readonly why?: string
} {
  if (node.content === undefined) return { certificates: [] }
  const certificates: TrustedCertificate[] = []
  let why: string | undefined
  try {
    const text = Buffer.from(node.content).toString('latin1')
    const blocks = readPem(text, { what: `/${node.path}` }).filter(({ label }) =>
      /(?:^|X509 )CERTIFICATE$/.test(label),
    )
    for (const { bytes } of blocks.slice(0, certificateLimit)) {
      const certificate = parse(bytes)
      if (certificate === undefined) why ??= 'one of its certificates cannot be read'
      else certificates.push({ node, der: bytes, certificate })
    }
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    why = error.message
  }
  return { certificates, ...(why === undefined ? {} : { why }) }
}

function parse(der: Uint8Array): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der)
    // Keys of kinds that the library does not know are an error only when they are asked for.
    void certificate.publicKey.asymmetricKeyType
    return certificate
  } catch {
    return undefined
  }
}

/** A short name for people: the common name, else the whole subject in one line. */
export function nameOf({ certificate }: TrustedCertificate): string {
  const name =
    /^CN=(.+)$/m.exec(certificate.subject ?? '')?.[1] ?? (certificate.subject ?? '').replaceAll('\n', ', ')
  return name === '' ? 'a certificate without a name' : name.slice(0, 200)
}

/** Fingerprints of the certificates that packages of the distribution bring. */
export function packagedCertificates({
  nodes,
  ownerOf,
}: Pick<ImageSubject, 'nodes' | 'ownerOf'>): ReadonlySet<string> {
  const brought = /^(?:usr\/share\/ca-certificates\/|etc\/ssl\/|etc\/pki\/)/
  const files = nodes.filter(
    ({ path, type }) => type === 'file' && brought.test(path) && ownerOf(path) !== undefined,
  )
  return new Set(
    files.flatMap((node) =>
      certificatesIn(node).certificates.map(({ certificate }) => certificate.fingerprint256),
    ),
  )
}
