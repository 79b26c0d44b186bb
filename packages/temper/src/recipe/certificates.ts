import { X509Certificate } from 'node:crypto'
import { tryUtf8 } from '../base/bytes.ts'
import { type Digest, hexOf, sha256 } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { type PemBlock, readPem } from '../formats/crypto/pem.ts'
import type { CertificateFile } from '../model/certificate-file.ts'
import type { PathRequest, Recipe } from '../model/recipe.ts'

/**
 * The certificates of some files, PEM or DER, each as a PEM text of its own; one that is there twice is kept once.
 * Throws `bad-recipe` for a file that holds no certificate, or anything else besides: everybody could read a private
 * key in the image.
 */
export function readCertificates(files: readonly CertificateFile[]): readonly string[] {
  const certificates = new Map<Digest, string>()
  for (const file of files)
    for (const bytes of certificatesOf(file)) certificates.set(sha256(bytes), pemOf(bytes, file.name))
  return [...certificates.values()]
}

function certificatesOf({ name, bytes }: CertificateFile): readonly Uint8Array[] {
  const text = tryUtf8(bytes)
  if (text?.includes('-----BEGIN ') !== true) return [bytes]
  const blocks = readPem(text, { what: name })
  const other = blocks.find((block) => !isCertificate(block))
  if (other === undefined) return blocks.map((block) => block.bytes)
  throw unfit(name, `holds a ${other.label.toLowerCase()}`)
}

function isCertificate({ label }: PemBlock): boolean {
  return /^(?:X509 )?CERTIFICATE$/.test(label)
}

/** As `openssl x509` writes it, however it was written before. */
function pemOf(bytes: Uint8Array, name: string): string {
  try {
    return new X509Certificate(bytes).toString()
  } catch (cause) {
    throw unfit(name, 'holds something else', cause)
  }
}

function unfit(name: string, what: string, cause?: unknown): TemperError {
  return new TemperError('bad-recipe', `${name}: expected X.509 certificates and nothing besides, ${what}`, {
    hint: 'Give the certificate of the authority alone, as PEM (-----BEGIN CERTIFICATE-----) or DER.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Where `update-ca-certificates` looks for certificates that no package brings, in Debian as in Alpine. */
const folder = '/usr/local/share/ca-certificates'
const bundle = '/etc/ssl/certs/ca-certificates.crt'

/**
 * A recipe whose image trusts further authorities: each becomes a file where the effects that make the CA bundle and
 * Java's truststore find it. Node, which has a list of its own unless the distribution built it, is pointed to the
 * bundle.
 */
export function withCertificates(recipe: Recipe, certificates: readonly string[]): Recipe {
  if (certificates.length === 0) return recipe
  const files = certificates.map(
    (content): PathRequest => ({
      type: 'file',
      path: `${folder}/${fileName(content)}`,
      content,
      mode: 0o644,
      uid: 0,
      gid: 0,
    }),
  )
  const { packages } = recipe.contents
  const isAsked = packages.some(({ name }) => name === 'ca-certificates')
  const asked = isAsked ? packages : [...packages, { name: 'ca-certificates', excluded: false }]
  return {
    ...recipe,
    contents: { ...recipe.contents, packages: asked },
    environment: Object.assign(Object.fromEntries(told.map((name) => [name, bundle])), recipe.environment),
    paths: [...files, ...recipe.paths],
  }
}

/** What tells programs that bring authorities of their own of the bundle: Node, and in Python requests and what uses OpenSSL's name (httpx). */
const told = ['NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'] as const

/** Says whose it is; the print tells those of one name apart. */
function fileName(pem: string): string {
  const { subject = '', raw } = new X509Certificate(pem)
  const lines = subject.split('\n')
  const name = (lines.find((line) => line.startsWith('CN=')) ?? lines.at(-1) ?? '').replace(/^[^=]*=/, '')
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60)
  return `${words === '' ? 'certificate' : words}-${hexOf(sha256(raw)).slice(0, 8)}.crt`
}
