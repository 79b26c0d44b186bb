/** What commands take as an image, for their help. */
export const imageForms = 'oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or HOST/NAME[:TAG][@DIGEST]'

/** What commands that sign take as a key, for their help. */
export const signingKeyForms =
  'private key file (cosign.key, PKCS #8 PEM), command:PROGRAM that signs, or keyless'
