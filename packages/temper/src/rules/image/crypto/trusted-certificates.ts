import { X509Certificate } from 'node:crypto'
import { TemperError } from '../../../base/error.ts'
import { isJks, readJks } from '../../../formats/crypto/jks.ts'
import { readPem } from '../../../formats/crypto/pem.ts'
import { allRounds, isPkcs12, type RoundsLeft, readPkcs12 } from '../../../formats/crypto/pkcs12.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import type { ImageSubject } from '../subject.ts'

/** A certificate that an image trusts. */
export interface ImageCertificate {
  readonly node: TreeNode
  readonly der: Uint8Array
  readonly certificate: X509Certificate
  /** True when it is in a store that somebody made for one program only. */
  readonly own?: true
}

/** What a trust store holds. */
export interface TrustStore {
  readonly certificates: readonly ImageCertificate[]
  /** Files, or certificates in them, that cannot be read, and why. */
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

/** Trust stores of one program, as they are called. */
const ownStore = /(?:^|\/)[\w.-]{0,64}trust-?store[\w-]{0,32}\.(?:jks|p12|pfx|pkcs12)$/i

/** Most certificates of one image that are looked at; the largest bundles have a few hundred. */
const certificateLimit = 4000

const stores = new WeakMap<object, TrustStore>()

/**
 * The certificates of the bundles of an image, each once, however many bundles have it. They are read once for all
 * rules.
 */
export function trustStoreOf({ root }: Pick<ImageSubject, 'root'>): TrustStore {
  const known = stores.get(root) ?? readStore(root)
  stores.set(root, known)
  return known
}

function readStore(root: ImageSubject['root']): TrustStore {
  const certificates = new Map<string, ImageCertificate>()
  const unreadable: { readonly node: TreeNode; readonly why: string }[] = []
  const java = [...root.nodes()].filter(
    ({ path, type }) => type !== 'directory' && (javaStore.test(path) || ownStore.test(path)),
  )
  const paths = [...bundles, ...java.map(({ path }) => path)]
  const files = new Set(paths.map((path) => root.resolve(path)).filter((node) => node !== undefined))
  const rounds = allRounds()
  for (const node of files) {
    if (node.type !== 'file') continue
    const read =
      node.content === undefined
        ? tooLarge(node)
        : isPem(node)
          ? certificatesIn(node)
          : javaCertificates(node, rounds)
    if (read.why !== undefined) unreadable.push({ node, why: read.why })
    for (const each of read.certificates) {
      const { fingerprint256: print } = each.certificate
      // What all programs trust counts more than what one does.
      if (certificates.size < certificateLimit && (each.own !== true || !certificates.has(print)))
        certificates.set(print, each)
    }
  }
  return { certificates: [...certificates.values()], unreadable }
}

function tooLarge({ size }: TreeNode): ReturnType<typeof certificatesIn> {
  return { certificates: [], why: `it is not read, because it has ${size} bytes` }
}

function isPem({ path, content }: TreeNode): boolean {
  const isJava = javaStore.test(path) || ownStore.test(path)
  return !isJava || Buffer.from(content?.subarray(0, 10) ?? []).toString('latin1') === '-----BEGIN'
}

/** Of a key store of Java. */
function javaCertificates(node: TreeNode, rounds: RoundsLeft): ReturnType<typeof certificatesIn> {
  const { content = new Uint8Array() } = node
  const { certificates: ders, unread } = readJavaStore(content, rounds)
  const own = javaStore.test(node.path) ? {} : ({ own: true } as const)
  const parsed = ders.slice(0, certificateLimit).map((der) => ({ der, certificate: parse(der) }))
  const certificates = parsed.flatMap(({ der, certificate }) =>
    certificate === undefined ? [] : [{ node, der, certificate, ...own }],
  )
  const bad = certificates.length === parsed.length ? undefined : 'one of its certificates is damaged'
  const why = unread ?? bad
  return {
    certificates,
    ...(why === undefined ? {} : { why: `the key store of Java cannot be read in whole: ${why}` }),
  }
}

function readJavaStore(
  content: Uint8Array,
  rounds: RoundsLeft,
): {
  readonly certificates: readonly Uint8Array[]
  readonly unread?: string
} {
  if (isPkcs12(content)) return readPkcs12(content, rounds)
  if (!isJks(content)) return { certificates: [], unread: 'its kind is unknown' }
  const { certificates, damaged } = readJks(content)
  return { certificates, ...(damaged === true ? { unread: 'it is damaged' } : {}) }
}

/** The certificates of a PEM file; `why` says what in it cannot be read. */
export function certificatesIn(node: TreeNode): {
  readonly certificates: readonly ImageCertificate[]
  readonly why?: string
} {
  if (node.content === undefined) return { certificates: [] }
  const certificates: ImageCertificate[] = []
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
export function nameOf({ certificate }: ImageCertificate): string {
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
