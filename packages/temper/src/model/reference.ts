import type { Digest } from '../base/digest.ts'

/**
 * Where an image is, as skopeo and the registries write it: `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`,
 * `docker-archive:FILE[:NAME:TAG]`, `HOST/NAME[:TAG][@DIGEST]` (`docker://` in front is allowed), and `docker:NAME`,
 * `podman:NAME` or `containerd:NAME` for an image that a daemon keeps.
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
  | DaemonReference
  | RegistryReference

/** Daemons that keep images and provide them over a socket. */
export const daemonNames = ['docker', 'podman', 'containerd'] as const
export type DaemonName = (typeof daemonNames)[number]

/** An image that a daemon of this machine keeps: `docker:NAME`, `podman:NAME`, `containerd:NAME`. */
export interface DaemonReference {
  readonly kind: DaemonName
  /** As it was written: a name with or without a tag, or an id. */
  readonly name: string
  /** The tag in the name. */
  readonly tag?: string
  /** The digest in the name, by which the daemon is asked for the image. */
  readonly digest?: Digest
}

export interface RegistryReference {
  readonly kind: 'registry'
  /** Host and port as written, e.g. "127.0.0.1:5000". */
  readonly registry: string
  /** Path of the repository, e.g. "team/nginx". */
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}
