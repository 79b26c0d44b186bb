import type { Reference } from '../../model/reference.ts'
import { normalName } from '../../model/repository-name.ts'

/** Where an image is, as the patterns of rules name it: "HOST/REPOSITORY" in its normal form, or "oci:PATH". */
export function repositoryOf(reference: Reference): string {
  if (reference.kind === 'registry') return normalName(`${reference.registry}/${reference.repository}`)
  return `${reference.kind}:${'path' in reference ? reference.path : reference.name}`
}

/** What an image is called in its registry, with the tag when there is one; undefined elsewhere. */
export function nameOf(reference: Reference): string | undefined {
  if (reference.kind !== 'registry') return undefined
  const { tag, digest } = reference
  const known = tag ?? (digest === undefined ? 'latest' : undefined)
  return `${repositoryOf(reference)}${known === undefined ? '' : `:${known}`}`
}
