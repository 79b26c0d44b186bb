import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Isolation } from '../builds/isolation/isolation.ts'
import type { Sla } from '../clocks/due.ts'
import type { Schema } from '../database/schema.ts'
import type { Owner } from '../images/owners.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Scratch } from '../scratch.ts'
import type { Channel } from '../telling/channel.ts'
import type { Context, Policy } from '../temper.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { OwnSigning } from './signing.ts'

/** The registry that images are published to. */
export interface PublishPlace {
  /** Host, port and a path where there is one: the part before the name of an image. */
  readonly prefix: () => string
  /** The same address as it is known to those who pull. */
  readonly knownAs: () => string
  /** The context for requests to the registry, with the credentials of this service. */
  readonly context: () => Context
  /**
   * Sets or removes a tag without asking the gate: a withdrawn image must not stay because the gate would now refuse
   * the earlier one.
   */
  readonly setTag?: (name: string, tag: string, digest: string | null) => Promise<void>
  /** Digests that something is attached to, where the registry can list them: a withdrawn image may have no tag. */
  readonly subjects?: (name: string) => Promise<readonly string[]>
  /** Whether a rule keeps a tag where it is. */
  readonly staysPut?: (name: string, tag: string) => boolean
}

/** When candidates become stable: at once, after a number of hours, or when a person promotes them. */
export type Promotion = 'at-once' | 'by-hand' | { readonly after: number }

/** Workers that build elsewhere, and the place where their results arrive. */
export interface Workers {
  readonly pool: WorkerPool
  /** Host and port of the service's own registry. */
  readonly host: () => string
  /** The context for requests to that registry. */
  readonly context: () => Context
  /** Removes a repository that a worker could push to. */
  readonly clear: (repository: string) => Promise<void>
}

/** What the factory works with. */
export interface FactoryWorld {
  readonly db: Kysely<Schema>
  readonly jobs: Jobs
  readonly context: Context
  readonly registry: PublishPlace
  /** Folder of all that the service keeps. */
  readonly data: string
  /** Folder of this process for what must not outlive it. */
  readonly scratch: Scratch
  /** Folder of recipes that is watched. */
  readonly recipes?: string
  /** Looks now whether the repository of recipes has newer ones. */
  readonly takeRecipes?: () => Promise<void>
  /** Feeds that images are compared with; absent: those of the configured publishers. */
  readonly feeds?: string
  /** Folder that these feeds are read from, which is watched. */
  readonly feedFolder?: string
  /** What images have to meet before they are signed. */
  readonly policy?: Policy
  readonly promotion: Promotion
  readonly sla: Sla
  /** The owners of images. */
  readonly owners: readonly Owner[]
  /** The channels that are notified, and of what. */
  readonly channels: readonly Channel[]
  /** Hosts of registries whose images may be watched; "*" for any. */
  readonly foreignRegistries: readonly string[]
  /** Absent: builds run here. */
  readonly workers?: Workers
  readonly signing: OwnSigning
  /** How builds that run here are kept apart from the service. */
  readonly isolation: Isolation
  /** Hosts and networks, besides public ones, that builds which run here may ask. */
  readonly reachable: readonly string[]
  /** The words that run Temper: builds run in processes of their own. */
  readonly program: readonly string[]
  /** Variables of the environment that builds see. */
  readonly environment: Readonly<Record<string, string>>
  readonly log: Logger
  readonly now: () => Date
  /** Set when a newer server has upgraded the database: then this one does nothing more with it, and says why. */
  readonly aside: { why?: string }
}
