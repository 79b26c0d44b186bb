import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { TemperError } from '../temper.ts'
import { type Grant, grantedRoles, type Principal } from './principal.ts'
import { createToken, principalOf, type TokenRecord, validTokens } from './token.ts'
import type { Tokens } from './tokens.ts'

const tokenFile = z.strictObject({
  tokens: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      hash: z.string(),
      grants: z.array(z.strictObject({ project: z.string(), role: z.enum(grantedRoles) })),
      created: z.iso.datetime(),
      expires: z.iso.datetime().exactOptional(),
    }),
  ),
})

/** The tokens of a service that has one process, in a file that only its owner can read. */
export class TokenFile implements Tokens {
  readonly #path: string
  #records: ReadonlyMap<string, TokenRecord>
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(path: string, records: readonly TokenRecord[]) {
    this.#path = path
    this.#records = byHash(records)
  }

  /** Throws `bad-configuration` when the file does not have the form that this class writes. */
  static async open(path: string): Promise<TokenFile> {
    return new TokenFile(path, await readRecords(path))
  }

  get isEmpty(): boolean {
    return this.#records.size === 0
  }

  find(token: string, now: Date): Principal | undefined {
    return principalOf(token, this.#records, now)
  }

  /** The valid tokens, in the order in which they were made. */
  list(now: Date): readonly TokenRecord[] {
    return validTokens(this.#records.values(), now)
  }

  /** Makes a token. Its text is returned here and nowhere else. */
  async create(
    name: string,
    grants: readonly Grant[],
    times: { readonly now: Date; readonly expires?: Date },
  ): Promise<{ readonly token: string; readonly record: TokenRecord }> {
    const made = createToken(name, grants, times)
    // Those that expired are forgotten on the way.
    await this.#replace((records) => [...records, made.record], times.now)
    return made
  }

  /** Makes a token invalid at once. Returns whether there was a token with that id. */
  async revoke(id: string): Promise<boolean> {
    if (![...this.#records.values()].some((record) => record.id === id)) return false
    await this.#replace((records) => records.filter((record) => record.id !== id))
    return true
  }

  /** Makes one change after another, so that none is lost. */
  #replace(change: (records: readonly TokenRecord[]) => readonly TokenRecord[], now?: Date): Promise<void> {
    const work = this.#writing.then(async () => {
      const valid = now === undefined ? [...this.#records.values()] : this.list(now)
      const records = change(valid)
      await writeRecords(this.#path, records)
      this.#records = byHash(records)
    })
    this.#writing = work.catch(() => undefined)
    return work
  }
}

/** Throws `bad-configuration` for a file of another form. */
export async function readRecords(path: string): Promise<readonly TokenRecord[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const read = tokenFile.safeParse(jsonOf(text))
  if (read.success) return read.data.tokens
  throw new TemperError(
    'bad-configuration',
    `${path}: expected the tokens of this service, found something else`,
    {
      hint: 'Restore the file from a backup, or remove it: a new token for an administrator is then made.',
    },
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export async function writeRecords(path: string, tokens: readonly TokenRecord[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify({ tokens }, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

function byHash(records: readonly TokenRecord[]): ReadonlyMap<string, TokenRecord> {
  return new Map(records.map((record) => [record.hash, record]))
}
