import { sign } from 'node:crypto'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { type KeyPair, sha256Of, spki } from './authority.ts'

/** An append-only log with inclusion proofs, promises and checkpoints, as Rekor's first version is. For tests. */
export class MerkleLog {
  readonly keys: KeyPair
  /** What checkpoints call it: host and port. */
  readonly origin: string
  readonly #leaves: Buffer[] = []

  constructor(keys: KeyPair, origin: string) {
    this.keys = keys
    this.origin = origin
  }

  get id(): Buffer {
    return sha256Of(spki(this.keys.publicKey))
  }

  /** Enters a body; the entry as Rekor's API gives it, under its name. */
  append(body: unknown, time: Date): Readonly<Record<string, unknown>> {
    const bytes = Buffer.from(canonicalJson(body))
    const index = this.#leaves.push(sha256Of(Buffer.from([0]), bytes)) - 1
    const integratedTime = Math.floor(time.getTime() / 1000)
    const entry = {
      body: bytes.toString('base64'),
      integratedTime,
      logID: this.id.toString('hex'),
      logIndex: index,
    }
    const promise = sign('sha256', Buffer.from(canonicalJson(entry)), this.keys.privateKey)
    const size = this.#leaves.length
    return {
      [sha256Of(bytes).toString('hex')]: {
        ...entry,
        verification: {
          signedEntryTimestamp: promise.toString('base64'),
          inclusionProof: {
            logIndex: index,
            treeSize: size,
            rootHash: this.#hash(0, size).toString('hex'),
            hashes: this.#path(index, 0, size).map((hash) => hash.toString('hex')),
            checkpoint: this.#checkpoint(),
          },
        },
      },
    }
  }

  /** transparency-dev/formats, log/README.md. */
  #checkpoint(): string {
    const size = this.#leaves.length
    const note = `${this.origin} - 1\n${size}\n${this.#hash(0, size).toString('base64')}\n`
    const signature = sign('sha256', Buffer.from(note), this.keys.privateKey)
    const line = Buffer.concat([this.id.subarray(0, 4), signature]).toString('base64')
    return `${note}\n\u2014 ${this.origin} ${line}\n`
  }

  /** Hash of the tree over some leaves (RFC 6962, 2.1). */
  #hash(from: number, to: number): Buffer {
    if (to - from === 1) return this.#leaves[from] ?? Buffer.alloc(0)
    const middle = from + split(to - from)
    return sha256Of(Buffer.from([1]), this.#hash(from, middle), this.#hash(middle, to))
  }

  /** The hashes beside the way from a leaf up to the root (RFC 6962, 2.1.1), the lowest first. */
  #path(index: number, from: number, to: number): Buffer[] {
    if (to - from === 1) return []
    const middle = from + split(to - from)
    return index < middle
      ? [...this.#path(index, from, middle), this.#hash(middle, to)]
      : [...this.#path(index, middle, to), this.#hash(from, middle)]
  }
}

/** The largest power of two below a size. */
function split(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1))
}
