import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** Milliseconds that lines wait for others to be written with, and for a database that is away. */
const [delay, patience] = [200, 2000]
/** Times in a row that lines are tried to be written. */
const tries = 30
/** Most lines that are kept of one build, and most characters of one. */
const lineLimit = 20_000
const lengthLimit = 2000

/** The output of a build while it runs. */
export class BuildLog {
  readonly #db: Kysely<Schema>
  readonly #build: string
  #lines: { build: string; time: Date; line: string }[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #count = 0
  #failed = 0

  constructor(db: Kysely<Schema>, build: string) {
    this.#db = db
    this.#build = build
  }

  add(line: string, now: Date): void {
    if (this.#count++ >= lineLimit) return
    this.#lines.push({ build: this.#build, time: now, line: line.slice(0, lengthLimit).replaceAll('\0', '') })
    this.#flushLater(delay)
  }

  /** Writes the lines that wait. Those that cannot be written are tried again later: no build fails for its log. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  #flushLater(milliseconds: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), milliseconds).unref()
  }

  async #write(): Promise<void> {
    const lines = this.#lines
    if (lines.length === 0) return
    this.#lines = []
    try {
      await this.#db.insertInto('build_log').values(lines).execute()
      this.#failed = 0
    } catch {
      if (++this.#failed >= tries) return
      this.#lines = [...lines, ...this.#lines]
      this.#flushLater(patience)
    }
  }
}

/** Lines after a position, in order; each with its own position. */
export async function linesAfter(
  db: Kysely<Schema>,
  build: string,
  position: number,
): Promise<readonly { readonly position: number; readonly time: Date; readonly line: string }[]> {
  return await db
    .selectFrom('build_log')
    .select(['position', 'time', 'line'])
    .where('build', '=', build)
    .where('position', '>', position)
    .orderBy('position')
    .limit(1000)
    .execute()
}
