import type { AuditEntry } from '../../audit.ts'
import { parseManifestDocument } from '../manifest-document.ts'
import type { RegistryRules } from '../rules/rules.ts'
import type { Storage } from '../storage/storage.ts'
import { type SweepResult, sweep } from '../storage/sweep.ts'
import { type Decided, planRetention, type RetentionPlan } from './plan.ts'

/** Milliseconds for which what nothing names yet is left alone: longer than any push takes. */
const sweepGrace = 24 * 3600 * 1000

export interface HousekeeperOptions {
  readonly storage: Storage
  readonly rules: RegistryRules
  /** Digests that are known to run somewhere. */
  readonly running?: () => Promise<ReadonlySet<string>>
  readonly audit: (entry: AuditEntry) => Promise<void>
  readonly now: () => Date
  /** Is told when work that nobody ordered fails. */
  readonly failed: (error: unknown) => void
}

/** Removes what the rules no longer keep and what nothing needs, one task at a time. */
export class Housekeeper {
  readonly #options: HousekeeperOptions
  #working: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(options: HousekeeperOptions) {
    this.#options = options
  }

  /** What `retain` would do now. */
  async plan(): Promise<RetentionPlan> {
    const { storage, rules, running, now } = this.#options
    return planRetention(storage, { now: now(), rules, running: (await running?.()) ?? new Set() })
  }

  /** Removes what the rules no longer keep; `who` ordered it. Content is freed by the next sweep. */
  retain(who: string): Promise<RetentionPlan> {
    return this.#next(async () => {
      const plan = await this.plan()
      const removed: Decided[] = []
      for (const each of plan.removed) {
        if (!(await remove(this.#options.storage, each))) continue
        removed.push(each)
        const { repository, tag, digest, why } = each
        const subject = tag === undefined ? `${repository}@${digest}` : `${repository}:${tag}`
        await this.#options.audit({ who, action: 'retire', subject, detail: { digest, why } })
      }
      return { ...plan, removed }
    })
  }

  /** Frees content that nothing names any more. */
  sweep(who: string): Promise<SweepResult> {
    return this.#next(async () => {
      const { storage, now, audit } = this.#options
      const swept = await sweep(storage, { now: now(), grace: sweepGrace })
      await audit({ who, action: 'sweep', subject: 'registry', detail: { ...swept } })
      return swept
    })
  }

  /** Applies the rules and sweeps, at intervals, where there are rules. */
  start(): void {
    const { rules, failed } = this.#options
    if (rules.retention.length === 0) return
    this.#timer = setInterval(() => {
      this.retain('retention')
        .then(() => this.sweep('retention'))
        .catch(failed)
    }, rules.every)
  }

  /** Ends when no task is running any more. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#working
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#working.then(work)
    this.#working = done.catch(() => undefined)
    return done
  }
}

/** Tells whether it was still as planned. */
async function remove(
  storage: Storage,
  { repository: name, tag, digest, before }: Decided,
): Promise<boolean> {
  const repository = storage.repository(name)
  if (tag !== undefined) return repository.removeTagOlder(tag, { digest, before })
  const type = await repository.manifestType(digest)
  const bytes = await storage.content.read(digest)
  if (!(await repository.removeManifestOlder(digest, before))) return false
  if (type === undefined || bytes === undefined) return true
  const { subject } = parseManifestDocument(bytes, type)
  if (subject !== undefined) await repository.removeReferrerOlder(subject, { digest, before })
  return true
}
