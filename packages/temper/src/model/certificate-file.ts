/** A certificate file, as it was given. */
export interface CertificateFile {
  /** Name of the file in errors. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Limit on the bytes of one certificate file; a bundle of all public authorities has a quarter of that. */
export const certificateFileLimit = 1024 * 1024
