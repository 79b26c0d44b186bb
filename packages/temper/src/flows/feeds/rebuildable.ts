import { TemperError } from '../../base/error.ts'
import type { AdvisoryIndex, AsOf } from '../../model/advisory/advisory.ts'

export interface RebuildableIndex {
  open(): AdvisoryIndex
  /** Replaces a damaged index with an intact one; false when that is not possible. */
  rebuild(): Promise<boolean>
}

/**
 * An open index. Each block is verified when it is read, so that any look-up may find damage and throw `bad-index`;
 * `reading` then rebuilds the index and looks again.
 */
export interface OpenFeeds extends AdvisoryIndex {
  /** Runs look-ups, and runs them again after damage that could be repaired. They must have no side effects. */
  reading<T>(lookUps: (index: AdvisoryIndex) => T): Promise<T>
}

/** Opens an index, and rebuilds it when it cannot be opened. */
export async function openRebuildable(source: RebuildableIndex): Promise<OpenFeeds> {
  try {
    return new Rebuildable(source)
  } catch (error) {
    if (!isDamage(error) || !(await source.rebuild())) throw error
    return new Rebuildable(source)
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof TemperError && error.code === 'bad-index'
}

class Rebuildable implements OpenFeeds {
  readonly asOf?: AsOf
  readonly #source: RebuildableIndex
  #index: AdvisoryIndex

  constructor(source: RebuildableIndex) {
    this.#source = source
    this.#index = source.open()
    if (this.#index.asOf !== undefined) this.asOf = this.#index.asOf
  }

  get feeds() {
    return this.#index.feeds
  }

  lookup: AdvisoryIndex['lookup'] = (ecosystem, name) => this.#index.lookup(ecosystem, name)
  releases: AdvisoryIndex['releases'] = (family) => this.#index.releases(family)
  exploited: AdvisoryIndex['exploited'] = (id) => this.#index.exploited(id)
  prediction: AdvisoryIndex['prediction'] = (id) => this.#index.prediction(id)
  archive: AdvisoryIndex['archive'] = (sha1) => this.#index.archive(sha1)
  facts: AdvisoryIndex['facts'] = (id) => this.#index.facts(id)
  close = () => this.#index.close()

  async reading<T>(lookUps: (index: AdvisoryIndex) => T): Promise<T> {
    try {
      return lookUps(this.#index)
    } catch (error) {
      if (!isDamage(error) || !(await this.#source.rebuild())) throw error
      this.#index.close()
      this.#index = this.#source.open()
      return lookUps(this.#index)
    }
  }
}
