import { TemperError } from '../../base/error.ts'
import type { AdvisoryIndex, AsOf } from '../../model/advisory/advisory.ts'

export interface RebuildableIndex {
  open(): AdvisoryIndex
  /** Puts a sound index in place of a damaged one; false when that cannot be done. */
  rebuild(): Promise<boolean>
}

/**
 * An index that is open. Each block of it proves itself when it is read, so that damage may show at any look-up, which
 * then throws `bad-index`: `reading` builds the index anew and looks again.
 */
export interface OpenFeeds extends AdvisoryIndex {
  /** Runs look-ups, once more when they met damage that could be mended. They must have no effect outside. */
  reading<T>(lookUps: (index: AdvisoryIndex) => T): Promise<T>
}

/** Opens an index, and builds it anew when it cannot be opened. */
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
