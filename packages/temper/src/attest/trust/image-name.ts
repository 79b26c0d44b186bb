import { normalName } from '../../model/repository-name.ts'

/**
 * Whether a signer signed an image under the name that it has now. Names are "HOST/REPOSITORY" with an optional
 * ":TAG". When the image is asked for by a tag, the signer has to have named that tag.
 */
export function isNamed(names: readonly string[], wanted: string): boolean {
  const now = splitName(wanted)
  return names.some((name) => {
    const signed = splitName(name)
    return signed.repository === now.repository && (now.tag === undefined || signed.tag === now.tag)
  })
}

function splitName(name: string): { readonly repository: string; readonly tag: string | undefined } {
  const plain = name.replace(/@sha256:[0-9a-f]{64}$/, '')
  const match = /^(.*\/[^/]*):([^/:]+)$/.exec(plain)
  return { repository: normalName(match?.[1] ?? plain), tag: match?.[2] }
}
