import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { Grant, Principal } from './principal.ts'
import { createToken, principalOf, type TokenRecord, validTokens } from './token.ts'
import { readRecords, writeRecords } from './token-file.ts'
import type { Tokens } from './tokens.ts'

/** Milliseconds after which a token that another server revoked is refused here. */
const freshFor = 1000
/** Milliseconds between looks for a token that is not known: another server may have made it a moment ago. */
const unknownEvery = 100

/** The tokens of servers that share a database. What a server knows of them lies in its data folder too, for backups. */
export class TokenTable implements Tokens {
  readonly #db: Kysely<Schema>
  readonly #path: string
  #records: ReadonlyMap<string, TokenRecord> = new Map()
  #read = Number.NEGATIVE_INFINITY
  #begun = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined
  #written = ''

  private constructor(db: Kysely<Schema>, path: string) {
    this.#db = db
    this.#path = path
  }

  /** Takes over the tokens of the file when the database has none: they were made before it had any, or it was lost. */
  static async open(db: Kysely<Schema>, path: string): Promise<TokenTable> {
    const table = new TokenTable(db, path)
    const kept = await readRecords(path)
    if ((await table.isEmpty) && kept.length > 0)
      await db.insertInto('tokens').values(kept.map(rowOf)).execute()
    await table.#refresh()
    return table
  }

  get isEmpty(): Promise<boolean> {
    return this.#db
      .selectFrom('tokens')
      .select('id')
      .limit(1)
      .executeTakeFirst()
      .then((row) => row === undefined)
  }

  async find(token: string, now: Date): Promise<Principal | undefined> {
    if (performance.now() - this.#read > freshFor) await this.#refresh()
    const principal = principalOf(token, this.#records, now)
    if (principal !== undefined) return principal
    const asked = performance.now()
    await delay(Math.max(0, unknownEvery - (asked - this.#read)))
    // One look for all that wait, and none that began before they asked.
    await this.#reading
    if (this.#begun < asked) await this.#refresh()
    return principalOf(token, this.#records, now)
  }

  async list(now: Date): Promise<readonly TokenRecord[]> {
    await this.#refresh()
    return validTokens(this.#records.values(), now)
  }

  async create(
    name: string,
    grants: readonly Grant[],
    times: { readonly now: Date; readonly expires?: Date },
  ): Promise<{ readonly token: string; readonly record: TokenRecord }> {
    const made = createToken(name, grants, times)
    // Those that expired are forgotten on the way.
    await this.#db.deleteFrom('tokens').where('expires', '<=', times.now).execute()
    await this.#db.insertInto('tokens').values(rowOf(made.record)).execute()
    await this.#refresh()
    return made
  }

  async revoke(id: string): Promise<boolean> {
    const gone = await this.#db.deleteFrom('tokens').where('id', '=', id).returning('id').executeTakeFirst()
    // A look that began before may not count.
    await this.#reading
    await this.#refresh()
    return gone !== undefined
  }

  /** One look at a time, however many ask. */
  #refresh(): Promise<void> {
    this.#reading ??= this.#look().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #look(): Promise<void> {
    this.#begun = performance.now()
    const rows = await this.#db.selectFrom('tokens').selectAll().orderBy('created').orderBy('id').execute()
    const records = rows.map(({ expires, created, ...row }) => ({
      ...row,
      created: created.toISOString(),
      ...(expires === null ? {} : { expires: expires.toISOString() }),
    }))
    this.#records = new Map(records.map((record) => [record.hash, record]))
    this.#read = performance.now()
    const text = JSON.stringify(records)
    if (text === this.#written) return
    await writeRecords(this.#path, records)
    this.#written = text
  }
}

function rowOf({ created, expires, grants, ...record }: TokenRecord) {
  return {
    ...record,
    grants: JSON.stringify(grants),
    created: new Date(created),
    expires: expires === undefined ? null : new Date(expires),
  }
}
