import type { Digest } from '../base/digest.ts'

/**
 * Where an image is, as skopeo and the registries write it:
 * `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, `docker-archive:FILE[:NAME:TAG]`, `HOST/NAME[:TAG][@DIGEST]`
 * (`docker://` in front is allowed).
 */
export type Reference =
  | { readonly kind: 'oci'; readonly path: string; readonly tag?: string; readonly digest?: Digest }
  | { readonly kind: 'oci-archive'; readonly path: string; readonly tag?: string; readonly digest?: Digest }
  | {
      readonly kind: 'docker-archive'
      readonly path: string
      readonly name?: string
      readonly digest?: Digest
    }
  | RegistryReference

export interface RegistryReference {
  readonly kind: 'registry'
  /** Host and port as written, e.g. "127.0.0.1:5000". */
  readonly registry: string
  /** Path of the repository, e.g. "team/nginx". */
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}
