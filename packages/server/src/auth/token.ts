import { hash, randomBytes } from 'node:crypto'
import type { Grant, Principal } from './principal.ts'

/** What begins every token, so that scanners of secrets find one that got out. */
const prefix = 'temper_'
const pattern = /^temper_[A-Za-z0-9_-]{43}$/

/** A token as it is stored: without its text, since whoever reads the list must not be able to use it. */
export interface TokenRecord {
  readonly id: string
  readonly name: string
  /** SHA-256 of the token in hex. It has 256 random bits, so that a slow hash would add nothing. */
  readonly hash: string
  readonly grants: readonly Grant[]
  /** ISO 8601. */
  readonly created: string
  /** ISO 8601; undefined when the token does not expire. */
  readonly expires?: string
}

/** Makes a token. Its text is returned once and kept nowhere. */
export function createToken(
  name: string,
  grants: readonly Grant[],
  { now, expires }: { readonly now: Date; readonly expires?: Date },
): { readonly token: string; readonly record: TokenRecord } {
  const token = `${prefix}${randomBytes(32).toString('base64url')}`
  const record: TokenRecord = {
    id: randomBytes(8).toString('hex'),
    name,
    hash: hashOf(token),
    grants,
    created: now.toISOString(),
    ...(expires === undefined ? {} : { expires: expires.toISOString() }),
  }
  return { token, record }
}

/** The principal that a token stands for; undefined when the text is no token, or the token is no longer valid. */
export function principalOf(
  token: string,
  records: ReadonlyMap<string, TokenRecord>,
  now: Date,
): Principal | undefined {
  if (!pattern.test(token)) return undefined
  const record = records.get(hashOf(token))
  if (record === undefined) return undefined
  if (record.expires !== undefined && now >= new Date(record.expires)) return undefined
  return { name: record.name, grants: record.grants }
}

export function hashOf(token: string): string {
  return hash('sha256', token)
}

/** Those that have not expired, in the order in which they were made. */
export function validTokens(records: Iterable<TokenRecord>, now: Date): readonly TokenRecord[] {
  return [...records].filter(({ expires }) => expires === undefined || now < new Date(expires))
}
