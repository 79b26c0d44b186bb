import { covers } from '../../auth/principal.ts'
import { RegistryError } from '../error.ts'
import type { Storage } from '../storage/storage.ts'
import { bytesText } from './quantity.ts'
import type { Quota } from './rules.ts'

/** Milliseconds after which a repository is measured anew: deletions, sweeps and other processes are seen then. */
const freshFor = 30_000

/** What a repository or a project holds. What several repositories have counts in each. */
interface Used {
  readonly bytes: number
  readonly contents: number
}

/** How much more fits, and the message when it does not. */
export interface Room {
  readonly bytes: number
  readonly beyond: RegistryError | undefined
}

interface Measured {
  bytes: number
  contents: number
  readonly at: number
}

/** The usage of projects, compared with their quotas. */
export class Usage {
  readonly #storage: Storage
  readonly #quotas: readonly Quota[]
  readonly #measured = new Map<string, Promise<Measured>>()
  #names: { readonly all: Promise<readonly string[]>; readonly at: number } | undefined
  #taking: Promise<void> = Promise.resolve()

  constructor(storage: Storage, quotas: readonly Quota[]) {
    this.#storage = storage
    this.#quotas = quotas
  }

  /** How many more bytes a repository may take; undefined where no quota applies. Throws `DENIED` when it is full. */
  async room(repository: string): Promise<Room | undefined> {
    let room: Room | undefined
    for (const quota of this.#of(repository)) {
      const used = await this.of(quota.project, repository)
      const full = refusal(quota, used, { bytes: 0, contents: 1 })
      if (full !== undefined) throw full
      const bytes = quota.bytes === undefined ? Infinity : quota.bytes - used.bytes
      if (bytes < (room?.bytes ?? Infinity))
        room = { bytes, beyond: refusal(quota, used, { bytes: bytes + 1, contents: 1 }) }
    }
    return room
  }

  /** Counts content that a repository is about to get and does not have yet. Throws `DENIED` when it does not fit. */
  take(repository: string, bytes: number): Promise<void> {
    const quotas = this.#of(repository)
    if (quotas.length === 0) return Promise.resolve()
    // One after another, so that of two that fit alone, one does.
    const work = this.#taking.then(async () => {
      for (const quota of quotas) {
        const full = refusal(quota, await this.of(quota.project, repository), { bytes, contents: 1 })
        if (full !== undefined) throw full
      }
      const own = await this.#repository(repository)
      own.bytes += bytes
      own.contents += 1
    })
    this.#taking = work.catch(() => undefined)
    return work
  }

  /** The usage of all repositories of a project, including one that is about to be created. */
  async of(project: string, repository: string): Promise<Used> {
    const names = new Set((await this.#repositories()).filter((name) => covers(project, name)))
    names.add(repository)
    const all = await Promise.all([...names].map((name) => this.#repository(name)))
    return {
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      contents: all.reduce((sum, { contents }) => sum + contents, 0),
    }
  }

  /** Discards the count of a repository after something in it was deleted. */
  forget(repository: string): void {
    this.#measured.delete(repository)
  }

  #of(repository: string): readonly Quota[] {
    return this.#quotas.filter(({ project }) => covers(project, repository))
  }

  async #repository(name: string): Promise<Measured> {
    const known = this.#measured.get(name)
    if (known !== undefined && performance.now() - (await known).at < freshFor) return known
    const measuring = this.#measure(name)
    this.#measured.set(name, measuring)
    measuring.catch(() => this.#measured.delete(name))
    return measuring
  }

  #repositories(): Promise<readonly string[]> {
    if (this.#names === undefined || performance.now() - this.#names.at >= freshFor)
      this.#names = { all: this.#storage.repositories(), at: performance.now() }
    return this.#names.all
  }

  async #measure(name: string): Promise<Measured> {
    const at = performance.now()
    let [bytes, contents] = [0, 0]
    for await (const digest of this.#storage.repository(name).digests()) {
      bytes += (await this.#storage.content.size(digest)) ?? 0
      contents += 1
    }
    return { bytes, contents, at }
  }
}

/** What to say of more than a quota allows; undefined where it fits. */
function refusal({ project, bytes, contents }: Quota, used: Used, more: Used): RegistryError | undefined {
  const whole = project === '*' ? 'the registry' : project
  if (bytes !== undefined && used.bytes + more.bytes > bytes)
    return new RegistryError(
      'DENIED',
      `the quota of ${whole} is ${bytesText(bytes)}, ${bytesText(used.bytes)} are used, and this does not fit: delete something, or ask for a larger quota`,
      { detail: { project, quota: bytes, used: used.bytes } },
    )
  if (contents !== undefined && used.contents + more.contents > contents)
    return new RegistryError(
      'DENIED',
      `the quota of ${whole} is ${contents} manifests and blobs, all of which it has: delete something, or ask for a larger quota`,
      { detail: { project, quota: contents, used: used.contents } },
    )
  return undefined
}
