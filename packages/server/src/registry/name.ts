import { RegistryError } from './error.ts'

/**
 * Names of repositories and tags as clients may give them (distribution-spec 1.1, "Pulling manifests"). Part of a
 * name never begins with "_", so that a repository's own folders are told from the repositories below it.
 */
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`)
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** Longest name of a repository: beyond it clients disagree, and file systems end. */
const repositoryLimit = 255

/** The digests that OCI registers (image-spec descriptor.md, "Registered algorithms"). */
export type DigestAlgorithm = 'sha256' | 'sha512'
export type ContentDigest = `${DigestAlgorithm}:${string}`

export function parseRepository(text: string): string {
  if (isRepositoryName(text)) return text
  throw new RegistryError(
    'NAME_INVALID',
    `"${text.slice(0, 80)}" is not the name of a repository: expected lower-case letters, digits and . _ - / of at most ${repositoryLimit} characters`,
  )
}

export function isRepositoryName(text: string): boolean {
  return text.length <= repositoryLimit && repositoryPattern.test(text)
}

/** Whether a text can name a project: "*" for every repository, or a repository and all below it. */
export function isProject(text: string): boolean {
  return text === '*' || isRepositoryName(text)
}

export function isTag(text: string): boolean {
  return tagPattern.test(text)
}

export function isContentDigest(text: string): text is ContentDigest {
  return digestPattern.test(text)
}

export function parseContentDigest(text: string): ContentDigest {
  if (isContentDigest(text)) return text
  throw new RegistryError(
    'DIGEST_INVALID',
    `expected a digest "sha256:<64 hex digits>" or "sha512:<128 hex digits>", found "${text.slice(0, 80)}"`,
  )
}

export function partsOf(digest: ContentDigest): {
  readonly algorithm: DigestAlgorithm
  readonly hex: string
} {
  const colon = digest.indexOf(':')
  return { algorithm: digest.slice(0, colon) as DigestAlgorithm, hex: digest.slice(colon + 1) }
}

/** The tag or digest by which a manifest is requested. */
export type ManifestReference = { readonly tag: string } | { readonly digest: ContentDigest }

export function parseManifestReference(text: string): ManifestReference {
  if (text.includes(':')) return { digest: parseContentDigest(text) }
  if (isTag(text)) return { tag: text }
  throw new RegistryError('MANIFEST_INVALID', `"${text.slice(0, 80)}" is neither a tag nor a digest`)
}
