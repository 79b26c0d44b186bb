import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Isolation } from '../builds/isolation/isolation.ts'
import type { Sla } from '../clocks/due.ts'
import type { Schema } from '../database/schema.ts'
import type { Owner } from '../images/owners.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Channel } from '../telling/channel.ts'
import type { Context, Policy } from '../temper.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { OwnSigning } from './signing.ts'

/** Where images are published. */
export interface PublishPlace {
  /** Host, port and a path where there is one: what stands before the name of an image. */
  readonly prefix: () => string
  /** The same as those know it who pull. */
  readonly knownAs: () => string
  /** The world in which the registry is spoken to, with what it lets this service in by. */
  readonly context: () => Context
  /** Sets a tag, or removes it, past the gate: what somebody takes back must not stay because the one before is refused by now. */
  readonly setTag?: (name: string, tag: string, digest: string | null) => Promise<void>
  /** Digests that something is attached to, where the registry can say so: an image that was taken back may have no tag. */
  readonly subjects?: (name: string) => Promise<readonly string[]>
  /** Whether a rule keeps a tag where it is. */
  readonly staysPut?: (name: string, tag: string) => boolean
}

/** When candidates become stable: at once, after so many hours, or when somebody says so. */
export type Promotion = 'at-once' | 'by-hand' | { readonly after: number }

/** Who builds elsewhere, and where what they built comes in. */
export interface Workers {
  readonly pool: WorkerPool
  /** Host and port of the service's own registry. */
  readonly host: () => string
  /** The world in which that is spoken to. */
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
  /** Folder of recipes that is watched. */
  readonly recipes?: string
  /** Feeds that images are held against; absent: those that publishers are asked for. */
  readonly feeds?: string
  /** Folder that those are made from, which is watched. */
  readonly feedFolder?: string
  /** What images have to meet before they are signed. */
  readonly policy?: Policy
  readonly promotion: Promotion
  readonly sla: Sla
  /** Whose images are. */
  readonly owners: readonly Owner[]
  /** Who is told of what. */
  readonly channels: readonly Channel[]
  /** Hosts of registries whose images may be watched; "*" for any. */
  readonly foreignRegistries: readonly string[]
  /** Absent: builds run here. */
  readonly workers?: Workers
  readonly signing: OwnSigning
  /** How builds that run here are kept apart from the service. */
  readonly isolation: Isolation
  /** The words that run Temper: builds run in processes of their own. */
  readonly program: readonly string[]
  /** Variables of the environment that builds see. */
  readonly environment: Readonly<Record<string, string>>
  readonly log: Logger
  readonly now: () => Date
}
