/** A file of certificates as somebody gave it. */
export interface CertificateFile {
  /** For errors. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Bytes of one file of certificates: a bundle of all public authorities has a quarter. */
export const certificateFileLimit = 1024 * 1024
