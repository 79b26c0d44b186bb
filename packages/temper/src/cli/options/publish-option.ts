import { TemperError } from '../../base/error.ts'
import type { OutputRequest } from '../../flows/build/output.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'

/**
 * Where else a build goes, by `--tag` and `--push`: to publish, the recipe's own image when no registry is named. Throws
 * `bad-usage` for a registry without `--push`, and for a digest.
 */
export function publishRequest({
  tags,
  push,
}: {
  readonly tags: readonly string[]
  readonly push: boolean
}): Pick<OutputRequest, 'copies' | 'toRecipeImage'> {
  const copies = tags.map(parseReference)
  for (const copy of copies) {
    const text = formatReference(copy)
    if (copy.digest !== undefined)
      throw new TemperError(
        'bad-usage',
        `--tag ${text}: a digest cannot be chosen: it follows from the image`,
        { hint: 'Write a tag, such as registry.example/team/nginx:1.26.' },
      )
    if (copy.kind === 'registry' && !push)
      throw new TemperError('bad-usage', `--tag ${text} names a registry, but --push was not given`, {
        hint: 'Add --push to publish the image, or write it to a file: --tag oci-archive:image.tar.',
      })
  }
  return { copies, toRecipeImage: push && !copies.some(({ kind }) => kind === 'registry') }
}
