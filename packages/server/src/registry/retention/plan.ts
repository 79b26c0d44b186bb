import { covers } from '../../auth/principal.ts'
import type { ContentDigest } from '../name.ts'
import { isImmutable } from '../rules/immutable.ts'
import type { RegistryRules, RetentionRule } from '../rules/rules.ts'
import { matchesTag } from '../rules/tag-pattern.ts'
import type { Repository } from '../storage/repository.ts'
import type { Storage } from '../storage/storage.ts'
import { graphOf, type ManifestGraph } from './graph.ts'

/** A tag or a manifest, and why it stays or goes. */
export interface Decided {
  readonly repository: string
  /** Undefined: the manifest itself, to which no tag leads. */
  readonly tag: string | undefined
  readonly digest: ContentDigest
  readonly why: string
  /** Milliseconds since 1970: what was pushed again after this moment stays after all. */
  readonly before: number
}

export interface RetentionPlan {
  readonly removed: readonly Decided[]
  readonly kept: readonly Decided[]
}

export interface PlanOptions {
  readonly now: Date
  readonly rules: Pick<RegistryRules, 'retention' | 'immutable' | 'keepPulled'>
  /** Digests that are known to run somewhere. */
  readonly running: ReadonlySet<string>
}

/** Tags that stand for what is attached to an image; they go with it. */
const attachment = /^sha256-([0-9a-f]{64})(?:\.[a-z]+)?$/

/** What the rules would remove now, and what they keep and why. Changes nothing. */
export async function planRetention(storage: Storage, options: PlanOptions): Promise<RetentionPlan> {
  const removed: Decided[] = []
  const kept: Decided[] = []
  for (const name of await storage.repositories()) {
    const rules = options.rules.retention.filter(({ project }) => covers(project, name))
    if (rules.length === 0) continue
    const plan = await planRepository({ name, repository: storage.repository(name), storage }, rules, options)
    removed.push(...plan.removed)
    kept.push(...plan.kept)
  }
  return { removed, kept }
}

interface Place {
  readonly name: string
  readonly repository: Repository
  readonly storage: Storage
}

interface Tag {
  readonly tag: string
  readonly digest: ContentDigest
  readonly set: number
}

async function planRepository(
  { name, repository, storage }: Place,
  rules: readonly RetentionRule[],
  options: PlanOptions,
): Promise<RetentionPlan> {
  const now = options.now.getTime()
  const tags = await tagsOf(repository)
  const graph = await graphOf(repository, storage)
  const used = await inUse(repository, graph, options)
  const removed: Decided[] = []
  const kept: Decided[] = []
  const stay = new Set<ContentDigest>()
  for (const each of tags.filter(({ tag }) => !attachment.test(tag))) {
    const why = keeps(each, { name, tags, rules, used, graph, options })
    const decided = { repository: name, tag: each.tag, digest: each.digest, before: now }
    if (why !== undefined) {
      kept.push({ ...decided, why })
      stay.add(each.digest)
    } else removed.push({ ...decided, why: `no rule keeps it: set ${day(each.set)}` })
  }
  const span = Math.max(...rules.map(({ untaggedAfter }) => untaggedAfter ?? -1))
  if (span < 0) return { removed, kept }

  for (const each of tags)
    if (removed.every(({ tag }) => tag !== each.tag)) await lastGood(repository, each, stay)
  for (const digest of used.keys()) stay.add(digest)
  for (const { digest } of await repository.quarantined()) stay.add(digest)
  const reached = graph.reachable(stay)
  const attached = tags.filter(({ tag, digest }) => isAttached(tag, reached) && graph.has(digest))
  for (const { digest } of attached) for (const each of graph.reachable(new Set([digest]))) reached.add(each)
  for (const [digest, { pushed }] of graph.manifests) {
    if (reached.has(digest) || pushed >= now - span) continue
    const why = `no tag has led to it since ${day(pushed)}`
    removed.push({ repository: name, tag: undefined, digest, why, before: now - span })
  }
  return { removed, kept }
}

async function tagsOf(repository: Repository): Promise<readonly Tag[]> {
  const tags: Tag[] = []
  for (const tag of await repository.tags()) {
    const [digest, set] = [await repository.tagged(tag), await repository.tagTime(tag)]
    if (digest !== undefined && set !== undefined) tags.push({ tag, digest, set: set.getTime() })
  }
  return tags.sort((a, b) => b.set - a.set || (a.tag < b.tag ? -1 : 1))
}

/** What a tag was on before: it can go back there. */
async function lastGood(repository: Repository, { tag }: Tag, stay: Set<ContentDigest>): Promise<void> {
  const digest = await repository.previous(tag)
  if (digest !== undefined) stay.add(digest)
}

/** A tag for attachments names the manifest that they are about. */
function isAttached(tag: string, reached: ReadonlySet<ContentDigest>): boolean {
  const hex = attachment.exec(tag)?.[1]
  return hex !== undefined && reached.has(`sha256:${hex}`)
}

/** Manifests that run somewhere or were pulled lately, and why they are held to be in use. */
async function inUse(
  repository: Repository,
  graph: ManifestGraph,
  { now, rules, running }: PlanOptions,
): Promise<ReadonlyMap<ContentDigest, string>> {
  const reasons = new Map<ContentDigest, string>()
  for (const digest of graph.manifests.keys()) {
    const pulled = await repository.pulled(digest)
    if (running.has(digest)) reasons.set(digest, 'it runs')
    else if (pulled !== undefined && pulled.getTime() >= now.getTime() - rules.keepPulled)
      reasons.set(digest, `it was pulled ${day(pulled.getTime())}`)
  }
  return reasons
}

interface Question {
  readonly name: string
  readonly tags: readonly Tag[]
  readonly rules: readonly RetentionRule[]
  readonly used: ReadonlyMap<ContentDigest, string>
  readonly graph: ManifestGraph
  readonly options: PlanOptions
}

/** Why a tag stays; undefined when nothing keeps it. */
function keeps(each: Tag, { name, tags, rules, used, graph, options }: Question): string | undefined {
  const { tag, digest, set } = each
  if (isImmutable(options.rules.immutable, name, tag)) return 'it is immutable'
  for (const part of graph.reachable(new Set([digest]))) {
    const why = used.get(part)
    if (why !== undefined) return why
  }
  const about = rules.filter((rule) => speaksOf(rule, tag))
  if (about.length === 0) return 'no rule is about it'
  const now = options.now.getTime()
  for (const rule of about) {
    const line = rule.lines.find(({ line, until }) => inLine(tag, line) && (until ?? Infinity) >= now)
    if (line !== undefined) return `the line ${line.line} is supported`
    if (rule.keepFor !== undefined && set >= now - rule.keepFor) return `it was set ${day(set)}`
    const newest = tags.filter((other) => speaksOf(rule, other.tag)).slice(0, rule.keepNewest ?? 0)
    if (newest.includes(each)) return `it is one of the newest ${rule.keepNewest}`
  }
  return undefined
}

function speaksOf(rule: RetentionRule, tag: string): boolean {
  if (rule.keepNewest === undefined && rule.keepFor === undefined) return false
  return !attachment.test(tag) && rule.tags.some((pattern) => matchesTag(pattern, tag))
}

/** 1.26, 1.26.3 and 1.26-dev are of the line 1.26. */
function inLine(tag: string, line: string): boolean {
  return tag === line || tag.startsWith(`${line}.`) || tag.startsWith(`${line}-`)
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
