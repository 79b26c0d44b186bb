import { dirname, resolve } from 'node:path'
import { readTrustFile, type TrustFile } from '../../attest/trust/trust-file.ts'
import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'

/** A policy of whom to trust about which images. */
export interface TrustPolicy {
  /** What messages call it. */
  readonly name: string
  readonly rules: TrustFile
  /** The bytes of a file that the policy names: a key, a trusted root. Undefined when it does not exist. */
  read(name: string): Promise<Uint8Array | undefined>
}

/** Loads a policy when it is first needed. */
export type LoadTrustPolicy = () => Promise<TrustPolicy>

/** A trusted root that is read when it is needed: `name` is what messages call it. */
export interface TrustedRoot {
  readonly name: string
  /** Undefined: there is none. */
  read(): Promise<Uint8Array | undefined>
}

/** Most bytes of a trust file. */
const fileLimit = 1 << 20

/** The policy in a trust file; paths in it are relative to the file. Throws `bad-trust`, `not-found`. */
export async function trustPolicyOf(path: string): Promise<TrustPolicy> {
  const text = await readTrustText(path)
  return {
    name: path,
    rules: readTrustFile(await parseTrustText(text, path), path),
    read: (name) => readFileIfExists(resolve(dirname(path), name)),
  }
}

/** The text of a trust file. Throws `bad-trust`, `not-found`. */
export async function readTrustText(path: string): Promise<string> {
  const bytes = await readFileIfExists(path)
  if (bytes === undefined)
    throw new TemperError('not-found', `There is no trust file ${path}`, {
      next: { action: 'make-trust-file' },
    })
  const text = bytes.length > fileLimit ? undefined : tryUtf8(bytes)
  if (text !== undefined) return text
  throw new TemperError('bad-trust', `${path}: expected UTF-8 text of at most ${fileLimit} bytes`)
}

/** The value that a trust file's YAML stands for, unchecked. Throws `bad-trust`. */
export async function parseTrustText(text: string, path: string): Promise<unknown> {
  const { parse, YAMLError } = await import('yaml')
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError)) throw error
    throw new TemperError('bad-trust', `${path}: ${error.message.split('\n')[0]}`, { cause: error })
  }
}
