import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable } from 'kysely'
import { z } from 'zod'
import type { Grant } from '../auth/principal.ts'
import type { EventKind } from '../telling/event.ts'
import type { ImageInterface } from '../temper.ts'

/* What the database holds: a projection of the registry, of recipes and of what the watcher saw. */

type Time = ColumnType<Date, Date, Date>
type MaybeTime = ColumnType<Date | null, Date | null, Date | null>
/** Written as text, read as a value: both drivers would otherwise take a list for an array of PostgreSQL's. */
type Json<T> = ColumnType<T, string, string>
type Text = string | null

export const buildStates = [
  'waiting',
  'running',
  'published',
  'unchanged',
  'refused',
  'failed',
  'cancelled',
] as const
export type BuildState = (typeof buildStates)[number]

export const stepNames = ['lock', 'build', 'test', 'scan', 'gate', 'sign', 'publish'] as const
export type StepName = (typeof stepNames)[number]
export const stepStates = ['waiting', 'running', 'done', 'skipped', 'failed'] as const

/** As it is kept, published and shown. */
export const stepSchema = z.strictObject({
  name: z.enum(stepNames),
  state: z.enum(stepStates),
  /** Seconds that the step took. */
  seconds: z.number().nullable(),
  /** Why the step was skipped or failed, or what it found. */
  note: z.string().exactOptional(),
})
export type BuildStep = Readonly<z.output<typeof stepSchema>>

export const triggers = ['recipe', 'advisory', 'calendar', 'person', 'base'] as const
export type Trigger = (typeof triggers)[number]

export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const
export type Severity = (typeof severities)[number]

interface RecipeTable {
  name: string
  text: string
  /** "api", or "folder" for one of the watched folder. */
  source: 'api' | 'folder'
  /** Absolute path of its file, on the server that read it last: `atHand` finds it on this one. */
  path: string
  /** Its path below the watched folder; null for recipes that came by the API, and while no server of this version has read it. */
  below: Text
  /** Of a recipe that came by the API: the files beside it, as a JSON object of texts by name; null when a server has them in its folder alone. */
  files: Text
  /** Name of the recipe that it extends. */
  extends: Text
  updated: Time
  /** Inputs of the last search for newer packages; as long as they stay the same, so does the result. */
  checked: Text
  removed: boolean
  /** SHA-256 of what lies beside it in a watched folder. */
  beside: Text
}

interface BuildTable {
  id: string
  image: string
  reason: string
  trigger: Trigger
  state: BuildState
  steps: Json<readonly BuildStep[]>
  /** The lock to build from; null: one is made. */
  lock: Text
  digest: Text
  error: Text
  cancelled: boolean
  created: Time
  started: MaybeTime
  ended: MaybeTime
}

interface BuildLogTable {
  position: Generated<number>
  build: string
  time: Time
  line: string
}

interface ImageTable {
  name: string
  digest: string
  built: Time
  published: Time
  build: string
  reason: string
  grade: Text
  lock: string
  signer: string
  /** Tags of its recipe: those that it has, had or may get in the stable channel. */
  tags: Json<readonly string[]>
  /** What each of its platforms offers. */
  interfaces: Json<readonly ImageInterface[]>
  /** What it takes away from whoever uses the image before it. */
  breaks: Json<readonly string[]>
  /** When its tags moved to it; null for a candidate. */
  promoted: MaybeTime
  withdrawn: MaybeTime
  withdrawal: ColumnType<Withdrawal | null, string | null, string | null>
}

export interface Withdrawal {
  readonly by: string
  readonly reason: string
}

interface TagTable {
  name: string
  tag: string
  digest: string
  channel: string
  moved: Time
}

interface PackageTable {
  /** SHA-256 of its component. */
  id: string
  number: GeneratedAlways<number>
  name: string
  version: string
  type: string
  source: Text
  purl: string
  component: Json<object>
}

/** What images hold, once for all that hold the same. */
interface PackageSetTable {
  number: GeneratedAlways<number>
  /** SHA-256 of the ids of its packages, in order, one per line. */
  id: string
  /** Numbers of the packages, in order. */
  packages: readonly number[]
}

interface ImageSetTable {
  digest: string
  set: number
}

/** What images hold, a row for each package: read only. */
interface ImagePackageView {
  digest: GeneratedAlways<string>
  /** Id of the package. */
  package: GeneratedAlways<string>
}

/** Packages of which something new is known, and by which clocks have not been set yet. */
interface UnsettledTable {
  package: number
  /** Changes with every new finding, so that findings that arrive while clocks are set are not taken for settled. */
  mark: string
}

interface FindingTable {
  /** Number of the package. */
  package: number
  advisory: string
  severity: Severity
  score: number | null
  fixed: Text
  exploited: boolean
  title: Text
  published: MaybeTime
  fix_published: MaybeTime
  unfixed: Text
  seen: Time
}

/** One problem of one package of one image, from when it was told to when it was gone. */
interface ClockTable {
  image: string
  advisory: string
  package: string
  severity: Severity
  exploited: boolean
  version: string
  fixed: Text
  /** Digest of the image that has it, or had it last. */
  digest: string
  disclosed: Time
  upstream: MaybeTime
  archive: MaybeTime
  built: MaybeTime
  published: MaybeTime
  due: Time
  /** When it, or a later one, was seen running, and nothing older. */
  running: MaybeTime
  /** When people were told that it is late. */
  told: MaybeTime
}

interface EventTable {
  id: string
  at: Time
  kind: EventKind
  image: Text
  digest: Text
  text: string
  details: Json<Readonly<Record<string, unknown>>>
}

interface DeliveryTable {
  id: string
  event: string
  channel: string
  state: 'waiting' | 'told' | 'failed'
  attempts: number
  error: Text
  /** What was opened for it: the number of an issue. */
  opened: Text
  ended: MaybeTime
}

interface WaiverTable {
  id: string
  project: string
  finding: string
  package: Text
  owner: string
  reason: string
  expires: Time
  created: Time
  by: string
}

/** By what else an image is known: manifests of its platforms, and their configurations. */
interface ImageIdTable {
  id: string
  name: string
  digest: string
}

interface RunningTable {
  place: string
  image: string
  digest: string
  count: number
  seen: Time
}

/** Images of other registries. */
interface WatchedTable {
  image: string
  added: Time
  by: string
  digest: Text
  checked: MaybeTime
  error: Text
  grade: Text
}

interface FeedTable {
  id: string
  kind: string
  date: Text
  fetched: Text
  count: number
  stale: boolean
  seen: Time
  /** Why it, or a file of the folder, could not be read: then it is as it was before. */
  error: Text
}

/** When something was last looked at that has to be looked at again and again. */
interface LookTable {
  name: string
  begun: Time
  /** When it last succeeded. */
  done: MaybeTime
  error: Text
}

/** One row, made together with the tables. */
interface FillingTable {
  /** When all was there that the registry has; null while that is being brought in, or was when a process ended. */
  done: MaybeTime
}

/** Where the queue of jobs keeps its own tables. */
export const jobsSchema = 'jobs'

/** Tokens of servers that share a database; without their texts. */
interface TokenTable {
  id: string
  name: string
  hash: string
  grants: Json<readonly Grant[]>
  created: Time
  expires: MaybeTime
}

/** Keys that signed here, by their ids. One has not been replaced. */
interface SignerTable {
  id: string
  since: Time
  replaced: MaybeTime
}

export interface Schema {
  tokens: TokenTable
  signers: SignerTable
  recipes: RecipeTable
  builds: BuildTable
  build_log: BuildLogTable
  images: ImageTable
  tags: TagTable
  packages: PackageTable
  package_sets: PackageSetTable
  image_sets: ImageSetTable
  image_packages: ImagePackageView
  unsettled: UnsettledTable
  findings: FindingTable
  clocks: ClockTable
  feeds: FeedTable
  looks: LookTable
  filling: FillingTable
  events: EventTable
  deliveries: DeliveryTable
  waivers: WaiverTable
  image_ids: ImageIdTable
  running: RunningTable
  watched: WatchedTable
}

export type RecipeRow = Selectable<RecipeTable>
export type WaiverRow = Selectable<WaiverTable>
export type ImageRow = Selectable<ImageTable>
export type BuildRow = Selectable<BuildTable>
/** A finding about a package, named by the package's id: the package may not be stored yet. */
export type FindingRow = Omit<Insertable<FindingTable>, 'package'> & { readonly package: string }
export type ClockRow = Selectable<ClockTable>
