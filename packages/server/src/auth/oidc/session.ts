import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import { TemperError } from '../../temper.ts'

/** Of AES-256. */
const keyBytes = 32

/** Seconds that a person stays signed in, and seconds that a sign-in may take. */
export const [sessionSeconds, flowSeconds] = [8 * 3600, 600]

/** What a provider said of somebody, as far as the settings ask: what that lets do is decided anew each time. */
const sessionClaims = z.object({ issuer: z.string(), claims: z.record(z.string(), z.unknown()) })
export type Session = z.output<typeof sessionClaims>
const flowClaims = z.object({
  issuer: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
})
export type Flow = z.output<typeof flowClaims>

/**
 * What browsers are given to keep: who has signed in, and how a sign-in in progress began. Both are encrypted (JWE)
 * with a key that only the service has, so that nothing is kept here and a restart signs nobody out.
 */
export class Sessions {
  readonly #key: Uint8Array
  readonly #now: () => Date

  private constructor(key: Uint8Array, now: () => Date) {
    this.#key = key
    this.#now = now
  }

  /** Reads the key from its file, which is made when there is none. Throws `bad-configuration` for one that is no key. */
  static async open(path: string, now: () => Date): Promise<Sessions> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(randomBytes(keyBytes))
      await file.close()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    return new Sessions(await readKey(path), now)
  }

  /** With a key that several servers are given. Throws `bad-configuration` for one that is shorter than 32 bytes. */
  static async given(path: string, now: () => Date): Promise<Sessions> {
    const bytes = await readFile(path).catch((error: Error) => {
      throw new TemperError(
        'bad-configuration',
        `The key of sessions ${path} cannot be read: ${error.message}`,
      )
    })
    if (bytes.length < 32)
      throw new TemperError(
        'bad-configuration',
        `The key of sessions ${path} is too short: expected 32 bytes or more, found ${bytes.length}`,
        { hint: 'Make one with: openssl rand -out FILE 32' },
      )
    // As a whole, however it is written.
    return new Sessions(createHash('sha256').update(bytes).digest(), now)
  }

  sealSession(session: Session): Promise<string> {
    return this.#seal('session', session, sessionSeconds)
  }

  async openSession(text: string): Promise<Session | undefined> {
    return sessionClaims.safeParse(await this.#open('session', text)).data
  }

  sealFlow(flow: Flow): Promise<string> {
    return this.#seal('flow', flow, flowSeconds)
  }

  async openFlow(text: string): Promise<Flow | undefined> {
    return flowClaims.safeParse(await this.#open('flow', text)).data
  }

  #seal(kind: string, claims: object, seconds: number): Promise<string> {
    const at = Math.floor(this.#now().getTime() / 1000)
    return new EncryptJWT({ ...claims })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(kind)
      .setExpirationTime(at + seconds)
      .encrypt(this.#key)
  }

  /** Undefined for text that was not made here or is too old: one kind is never accepted as another. */
  async #open(kind: string, text: string): Promise<unknown> {
    if (text === '' || text.length > 8192) return undefined
    const options = {
      audience: kind,
      currentDate: this.#now(),
      requiredClaims: ['exp'],
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    }
    return await jwtDecrypt(text, this.#key, options).then(
      ({ payload }) => payload,
      () => undefined,
    )
  }
}

/** Another process may be about to write it: one that stays too short was left so by a full disk or a crash. */
async function readKey(path: string): Promise<Uint8Array> {
  for (let attempt = 0; ; attempt++) {
    const key = await readFile(path)
    if (key.length === keyBytes) return key
    if (attempt < 10 && key.length < keyBytes) await delay(50)
    else
      throw new TemperError(
        'bad-configuration',
        `The key of sessions in ${path} cannot be used: expected ${keyBytes} bytes, found ${key.length}`,
        { hint: 'Delete the file: a new one is made at the next start, and everybody has to sign in again.' },
      )
  }
}
