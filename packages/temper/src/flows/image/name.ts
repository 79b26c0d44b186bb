import type { Reference } from '../../model/reference.ts'
import { normalName } from '../../model/repository-name.ts'

/**
 * The location of an image in the form that patterns of rules match: "HOST/REPOSITORY" in its normal form, or
 * "oci:PATH".
 */
export function repositoryOf(reference: Reference): string {
  if (reference.kind === 'registry') return normalName(`${reference.registry}/${reference.repository}`)
  return `${reference.kind}:${'path' in reference ? reference.path : reference.name}`
}

/** The name of an image in its registry, with its tag if there is one; undefined for images elsewhere. */
export function nameOf(reference: Reference): string | undefined {
  if (reference.kind !== 'registry') return undefined
  const { tag, digest } = reference
  const known = tag ?? (digest === undefined ? 'latest' : undefined)
  return `${repositoryOf(reference)}${known === undefined ? '' : `:${known}`}`
}
