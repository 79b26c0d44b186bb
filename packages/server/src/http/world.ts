import type { Logger } from 'pino'
import type { AuditLog } from '../audit.ts'
import type { SignIn } from '../auth/oidc/sign-in.ts'
import type { Principal } from '../auth/principal.ts'
import type { Tokens } from '../auth/tokens.ts'
import type { FactoryWorld } from '../factory/world.ts'
import type { Replicator } from '../registry/replication/replicator.ts'
import type { Housekeeper } from '../registry/retention/housekeeper.ts'
import type { RegistryRules } from '../registry/rules/rules.ts'
import type { Storage } from '../registry/storage/storage.ts'
import type { Metrics } from './metrics.ts'

/** What the API works with. */
export interface ApiWorld {
  readonly metrics: Metrics
  readonly tokens: Tokens
  /** The principal of a token; undefined when the token is nobody's. */
  readonly find: (token: string) => Promise<Principal | undefined>
  /** How people sign in on pages of providers; absent: they cannot. */
  readonly signIn?: SignIn
  readonly audit: AuditLog
  readonly storage: Storage
  readonly rules: RegistryRules
  readonly housekeeper: Housekeeper
  readonly replicators: readonly Replicator[]
  /** The factory that builds images; absent where the service is a registry alone. */
  readonly factory?: FactoryWorld
  /** Scheme and host under which the client knows the service. */
  readonly origin: (request: { readonly url: string; header(name: string): string | undefined }) => string
  readonly log: Logger
  readonly now: () => Date
}
