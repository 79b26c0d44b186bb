import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { hashOf } from '../auth/token.ts'

const window = 60_000
/** Addresses and tokens that are counted at the same time: the ones seen last. */
const counted = 100_000

export const limitsSchema = z.strictObject({
  /** Wrong passwords and tokens that one address may send in a minute before it has to wait. */
  failures: z.int().positive().default(100),
  /** Requests with one token, or from one address without a token, in a minute. */
  requests: z.int().positive().optional(),
  /** Whether a proxy stands before the service, so that the client's address is the last one in X-Forwarded-For. */
  behindProxy: z.boolean().default(false),
})

type Limits = z.output<typeof limitsSchema>

interface Count {
  count: number
  readonly until: number
}

/** Counts requests and wrong sign-ins by the minute. */
export class RateLimits {
  readonly #limits: Limits
  readonly #failures = new LRUCache<string, Count>({ max: counted })
  readonly #requests = new LRUCache<string, Count>({ max: counted })

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Seconds that the client has to wait; 0 when it may go on. */
  wait(request: IncomingMessage): number {
    const now = performance.now()
    const failed = this.#failures.get(this.#addressOf(request))
    if (failed !== undefined && failed.until > now && failed.count >= this.#limits.failures)
      return secondsUntil(failed.until, now)
    const { requests } = this.#limits
    if (requests === undefined) return 0
    const { authorization } = request.headers
    const who = authorization === undefined ? this.#addressOf(request) : hashOf(authorization)
    const counts = add(this.#requests, who, now)
    return counts.count > requests ? secondsUntil(counts.until, now) : 0
  }

  /** Notes an answer: answers to wrong credentials count. */
  answered(request: IncomingMessage, status: number): void {
    if (status === 401 && request.headers.authorization !== undefined)
      add(this.#failures, this.#addressOf(request), performance.now())
  }

  #addressOf({ headers, socket }: IncomingMessage): string {
    const forwarded = this.#limits.behindProxy ? headers['x-forwarded-for'] : undefined
    const text = Array.isArray(forwarded) ? forwarded.at(-1) : forwarded
    // What stands before the last one was said by whoever asks.
    return text?.split(',').at(-1)?.trim() || (socket.remoteAddress ?? '')
  }
}

function add(counts: LRUCache<string, Count>, key: string, now: number): Count {
  const known = counts.get(key)
  const count = known !== undefined && known.until > now ? known : { count: 0, until: now + window }
  count.count += 1
  counts.set(key, count)
  return count
}

function secondsUntil(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now) / 1000))
}
