import { TemperError } from '../../base/error.ts'
import type { LayoutPlace } from '../../flows/build/output.ts'
import { parseReference } from '../../oci/reference.ts'

/**
 * The folder of a layout, which may be written as all other commands take it: "oci:DIR[:TAG]". Throws `bad-usage` for other
 * kinds of references.
 */
export function parseLayout(text: string): LayoutPlace {
  if (!/^(?:oci|oci-archive|docker-archive|docker):/.test(text)) return { path: text }
  const reference = parseReference(text)
  if (reference.kind === 'oci' && reference.digest === undefined)
    return reference.tag === undefined
      ? { path: reference.path }
      : { path: reference.path, tag: reference.tag }
  throw new TemperError('bad-usage', `-o ${text}: expected a folder`, {
    hint: `Give the folder of an OCI layout with -o, and everything else with: --tag ${text}`,
  })
}
