import { basename } from 'node:path'
import { TemperError } from '../../base/error.ts'
import type { Reference } from '../../model/reference.ts'
import { isLayoutName } from '../../oci/name.ts'
import { formatReference } from '../../oci/reference.ts'
import { bundleName } from './content.ts'

/**
 * The name by which an image is requested from a bundle: its name in the registry, or that of its folder or archive.
 */
export function nameIn(reference: Reference): string {
  const name = textOf(reference)
  if (isLayoutName(name) && name !== bundleName) return name
  throw new TemperError(
    'bad-reference',
    `"${name.slice(0, 200)}" cannot be the name of an image in a bundle`,
    {
      hint: 'First copy it to a registry, or to a folder with a plain name.',
    },
  )
}

function textOf(reference: Reference): string {
  if (reference.kind === 'registry') {
    const { registry, repository, tag, digest } = reference
    const known = tag ?? (digest === undefined ? 'latest' : undefined)
    return `${registry}/${repository}${known === undefined ? '' : `:${known}`}`
  }
  if (!('path' in reference)) return formatReference(reference).replace(/^[a-z]+:/, '')
  const tag = 'tag' in reference && reference.tag !== undefined ? `:${reference.tag}` : ''
  return `${basename(reference.path).replace(/\.tar$/, '')}${tag}`
}
