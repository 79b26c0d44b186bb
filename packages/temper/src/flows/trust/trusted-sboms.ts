import type { Digest } from '../../base/digest.ts'
import { predicateTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Context } from '../context.ts'
import type { ImageSource } from '../image/source.ts'
import { trustedAttached } from './trust-for.ts'

/** A bill of materials signed by somebody who is trusted for the image. */
export interface TrustedSbom {
  /** Digest of the attachment. */
  readonly digest: Digest
  readonly format: 'cyclonedx-json' | 'spdx-json'
  readonly document: Readonly<Record<string, unknown>>
}

const formats = {
  [predicateTypes.cyclonedx]: 'cyclonedx-json',
  [predicateTypes.spdxjson]: 'spdx-json',
} as const

/** The trusted bills of materials of one manifest, CycloneDX first, then in the order of digests. Most often none. */
export async function trustedSboms(
  source: ImageSource,
  subject: Descriptor,
  context: Context,
): Promise<readonly TrustedSbom[]> {
  const keep = ({ type }: { readonly type: string }) => formatOf(type) !== undefined
  const attached = await trustedAttached(source, subject, { context, keep })
  return attached
    .flatMap(({ type, digest, statement }): TrustedSbom[] => {
      const format = formatOf(type)
      const document = statement?.predicate
      return format === undefined || document === undefined ? [] : [{ digest, format, document }]
    })
    .sort((a, b) => (`${a.format}${a.digest}` < `${b.format}${b.digest}` ? -1 : 1))
}

function formatOf(type: string): TrustedSbom['format'] | undefined {
  // Some add the version: "https://spdx.dev/Document/v2.3".
  for (const [predicate, format] of Object.entries(formats))
    if (type === predicate || type.startsWith(`${predicate}/`)) return format
  return undefined
}
