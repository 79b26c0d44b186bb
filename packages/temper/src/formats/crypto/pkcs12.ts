import { BerReader, type BerValue, berTags } from './der.ts'
import { passwordCipher } from './password-encryption.ts'

/** What can be read of a PKCS #12 store (RFC 7292). */
export interface Pkcs12 {
  /** DER. */
  readonly certificates: readonly Uint8Array[]
  /** What could not be read, as a phrase; absent when everything was. Private keys are skipped and do not count. */
  readonly unread?: string
}

/** Passwords that protect from nobody: Java's own, those of its documentation, and none. */
const usualPasswords = ['changeit', '', 'changeme', 'password']

/**
 * Most rounds of hashing that stores together may cost, unless somebody says otherwise; Java asks for 10,000 a password, and
 * asked for 50,000.
 */
const mostRounds = 1_000_000
const certificateLimit = 10_000

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  certBag: '1.2.840.113549.1.12.10.1.3',
  nestedBag: '1.2.840.113549.1.12.10.1.6',
  x509: '1.2.840.113549.1.9.22.1',
} as const

/** Whether bytes begin as a PKCS #12 store does: a sequence whose first member is the version 3. */
export function isPkcs12(bytes: Uint8Array): boolean {
  try {
    const reader = new BerReader(bytes.subarray(0, 16))
    const length = bytes[1] ?? 0
    const at = length <= 0x80 ? 2 : 2 + (length & 0x7f)
    return bytes[0] === berTags.sequence && reader.integer(reader.read(at)) === 3
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The number of hashing rounds that are left for all stores of an image. */
export interface RoundsLeft {
  left: number
}

export function allRounds(): RoundsLeft {
  return { left: mostRounds }
}

/**
 * The certificates of a store: those that are not encrypted, as in Java's own since version 18, and those that are
 * encrypted with a well-known password.
 */
export function readPkcs12(bytes: Uint8Array, rounds: RoundsLeft = allRounds()): Pkcs12 {
  const store = new Store(rounds)
  try {
    store.read(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { certificates: store.certificates, unread: 'it is damaged' }
  }
  const [unread] = store.unread
  return { certificates: store.certificates, ...(unread === undefined ? {} : { unread }) }
}

class Store {
  readonly certificates: Uint8Array[] = []
  readonly unread = new Set<string>()
  readonly #rounds: RoundsLeft

  constructor(rounds: RoundsLeft) {
    this.#rounds = rounds
  }

  read(bytes: Uint8Array): void {
    const reader = new BerReader(bytes)
    const [version, authenticated] = reader.within(reader.read())
    if (reader.integer(version) !== 3) throw new RangeError('another version')
    const safes = contentOf(reader, authenticated, oids.data)
    // Signed with a public key: nothing makes such stores.
    if (safes === undefined) throw new RangeError('not authenticated with a password')
    const inner = new BerReader(safes)
    for (const info of inner.within(inner.read())) this.#safe(inner, info)
  }

  #safe(reader: BerReader, info: BerValue): void {
    const plain = contentOf(reader, info, oids.data)
    if (plain !== undefined) {
      this.#bags(plain)
      return
    }
    const [type, content] = reader.within(info)
    if (reader.oid(type) !== oids.encryptedData) {
      this.unread.add('a part of it is encrypted for somebody')
      return
    }
    const [data] = reader.within(content, berTags.context0)
    const [, encrypted] = reader.within(data)
    const [, algorithm, octets] = reader.within(encrypted)
    const cipher = passwordCipher(reader, algorithm)
    if (cipher === undefined) {
      this.unread.add('it is encrypted in a way that is not known')
      return
    }
    const bytes = reader.octets(octets, berTags.context0)
    for (const password of usualPasswords) {
      if (cipher.iterations < 1 || cipher.iterations > this.#rounds.left) {
        this.unread.add(`trying passwords takes more than ${mostRounds} rounds of hashing`)
        return
      }
      this.#rounds.left -= cipher.iterations
      const decrypted = cipher.decrypt(bytes, password)
      if (decrypted !== undefined && this.#tryBags(decrypted)) return
    }
    this.unread.add('it is encrypted with an unusual password')
  }

  /** One in 256 wrong passwords gives valid padding, but the result is then not a list of bags. */
  #tryBags(bytes: Uint8Array): boolean {
    const before = this.certificates.length
    try {
      this.#bags(bytes)
      return true
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.certificates.length = before
      return false
    }
  }

  #bags(bytes: Uint8Array, depth = 0): void {
    const reader = new BerReader(bytes)
    this.#bagsIn(reader, reader.read(), depth)
  }

  #bagsIn(reader: BerReader, list: BerValue, depth: number): void {
    if (depth > 8) throw new RangeError('bags in bags')
    for (const bag of reader.within(list)) {
      const [type, value] = reader.within(bag)
      const id = reader.oid(type)
      const inside = reader.within(value, berTags.context0)[0]
      if (id === oids.certBag) this.#certificate(reader, inside)
      else if (id === oids.nestedBag && inside !== undefined) this.#bagsIn(reader, inside, depth + 1)
    }
  }

  #certificate(reader: BerReader, bag: BerValue | undefined): void {
    const [type, value] = reader.within(bag)
    if (reader.oid(type) !== oids.x509) return
    if (this.certificates.length >= certificateLimit) throw new RangeError('too many certificates')
    this.certificates.push(reader.octets(reader.within(value, berTags.context0)[0]))
  }
}

/** The octets of a ContentInfo of one type; undefined when it is of another. */
function contentOf(reader: BerReader, info: BerValue | undefined, type: string): Buffer | undefined {
  const [oid, content] = reader.within(info)
  if (reader.oid(oid) !== type) return undefined
  return reader.octets(reader.within(content, berTags.context0)[0])
}
