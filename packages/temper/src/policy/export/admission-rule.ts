/** Who has to have signed. */
export interface ExportedSigner {
  /** Its name in the trust file. */
  readonly name: string
  /** Public keys in PEM; empty for an identity. */
  readonly keys: readonly string[]
  readonly identity?: {
    readonly identity?: string
    readonly identityRegexp?: string
    readonly issuer?: string
    readonly issuerRegexp?: string
  }
}

/** A rule of a trust file, in the form from which cluster policies are made. */
export interface AdmissionRule {
  /** A DNS label (RFC 1123). */
  readonly name: string
  /** Patterns of repositories, "registry.example/team/*": `*` within a part, `**` over parts, `?` one character. */
  readonly images: readonly string[]
  /** Signers, one of whom has to have signed. */
  readonly signers: readonly ExportedSigner[]
  /** Predicate types of statements that have to be signed besides the image. */
  readonly attestations: readonly string[]
  /** Whether the image itself has to be signed. */
  readonly signature: boolean
}

/** A policy for some admission controller, and what it cannot express of what the trust file says. */
export interface ExportedPolicies {
  readonly objects: readonly Readonly<Record<string, unknown>>[]
  /** As sentences. */
  readonly notes: readonly string[]
}

/**
 * A regular expression (RE2) that matches the whole reference of an image in one of the repositories, including tag
 * and digest.
 */
export function referencePattern(images: readonly string[]): string {
  return `^(?:${images.map(patternSource).join('|')})(?:[:@].*)?$`
}

function patternSource(glob: string): string {
  return glob.replaceAll(/\*{2,}|[\s\S]/gu, (part) => {
    if (part === '*') return '[^/:@]*'
    if (part === '?') return '[^/:@]'
    if (part.startsWith('**')) return '[^:@]*'
    return part.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')
  })
}

/** A name for an object or a part of it: a DNS label. */
export function labelOf(text: string, otherwise: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^[-0-9]+|-+$/g, '')
  return plain === '' ? otherwise : plain
}
