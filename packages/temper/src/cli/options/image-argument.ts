import type { Reference } from '../../model/reference.ts'
import { parseReference } from '../../oci/reference.ts'

/** What commands take as an image, for their help. */
export const imageForms = 'oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or HOST/NAME[:TAG][@DIGEST]'

/** What commands that sign take as a key, for their help. */
export const signingKeyForms =
  'private key file (cosign.key, PKCS #8 PEM), command:PROGRAM that signs, or keyless'

/** An image on this machine; a path alone is a layout's folder. */
export function localImage(text: string): Reference {
  return parseReference(/^(?:oci|oci-archive|docker-archive):/.test(text) ? text : `oci:${text}`)
}
