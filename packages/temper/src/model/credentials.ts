/** What we authenticate to a registry with. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** Exchanged for tokens at the registry's token service (OAuth 2 refresh token). */
  | { readonly kind: 'identity'; readonly token: string }
  /** Sent to the registry as it is. */
  | { readonly kind: 'bearer'; readonly token: string }

/** Credentials for a repository ("registry.example", "team/nginx"); undefined for anonymous access. */
export type CredentialSource = (registry: string, repository: string) => Promise<Credentials | undefined>

/** The Authorization header for an address of a package archive; undefined for anonymous access. */
export type ArchiveAuthorization = (address: URL) => string | undefined
