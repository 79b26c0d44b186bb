import type { Grant, Principal } from './principal.ts'
import type { TokenRecord } from './token.ts'

/** The tokens of a service, wherever they are kept. */
export interface Tokens {
  readonly isEmpty: boolean | Promise<boolean>
  find(token: string, now: Date): Principal | undefined | Promise<Principal | undefined>
  /** The valid tokens, in the order in which they were made. */
  list(now: Date): readonly TokenRecord[] | Promise<readonly TokenRecord[]>
  /** Makes a token. Its text is returned here and nowhere else. */
  create(
    name: string,
    grants: readonly Grant[],
    times: { readonly now: Date; readonly expires?: Date },
  ): Promise<{ readonly token: string; readonly record: TokenRecord }>
  /** Makes a token invalid at once. Returns whether there was a token with that id. */
  revoke(id: string): Promise<boolean>
}
