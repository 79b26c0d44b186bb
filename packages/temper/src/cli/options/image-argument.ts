import { resolve } from 'node:path'
import type { Reference } from '../../model/reference.ts'
import { parseReference } from '../../oci/reference.ts'
import { foundAt } from './found-path.ts'
import { type NamingContext, namedImage } from './named-image.ts'

/** What commands take as an image, for their help. */
export const imageForms =
  'HOST/NAME[:TAG][@DIGEST] or a short name as in Docker; the folder of a layout or an archive: PATH, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE; docker:NAME, podman:NAME, containerd:NAME'

/** What commands that sign take as a key, for their help. */
export const signingKeyForms =
  'private key file (cosign.key, PKCS #8 PEM), command:PROGRAM that signs, or keyless'

/** The same for what is read: a path may also be that of an archive, and a daemon may have it. */
export async function localSource(text: string, context: NamingContext): Promise<Reference> {
  const local =
    /^(?:oci|oci-archive|docker-archive):/.test(text) || /^\.{0,2}\//.test(text) || !text.includes(':')
  if (!local) return await namedImage(text, context)
  const kind = /^[a-z-]+:/.test(text)
    ? undefined
    : await foundAt(resolve(context.host.workingDir, text), text)
  return kind === undefined ? localImage(text) : await namedImage(text, { ...context, say: () => {} })
}

/** An image on this machine; a path alone is a layout's folder. */
export function localImage(text: string): Reference {
  return parseReference(/^(?:oci|oci-archive|docker-archive):/.test(text) ? text : `oci:${text}`)
}
