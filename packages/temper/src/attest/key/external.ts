import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { TemperError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Signer, VerificationKey } from '../../model/attestation.ts'
import { base64Of, parseDocument, textOf } from '../json-document.ts'
import { loadVerificationKeys } from './keys.ts'

/** Most bytes of an answer. */
const answerLimit = 65_536

export interface ExternalOptions {
  /** Ends the command. */
  readonly signal: AbortSignal
  /** Folder that the command runs in. */
  readonly workingDir: string
  /** Milliseconds that one answer may take. Default 60,000, since a person may have to touch a token. */
  readonly timeout?: number
}

/**
 * Signing by a command that asks a key service or a token (docs/reference/signing-command.md). It is started
 * once for the public key and once for each signature, reads one JSON object from standard input and writes one
 * to standard output:
 *
 *     {"version":1,"operation":"public-key"} → {"publicKey":"<PEM>"}
 *     {"version":1,"operation":"sign","payload":"<base64>","sha256":"<hex>"} → {"signature":"<base64>"}
 *
 * The command line is split at spaces and started without a shell. Each signature is checked with the public
 * key before it is used. Throws `tool-missing`, `tool-failed`, `interrupted`.
 */
export async function externalSigner(commandLine: string, options: ExternalOptions): Promise<Signer> {
  const args = commandLine.split(' ').filter((word) => word !== '')
  const [program] = args
  if (program === undefined) {
    throw new TemperError('bad-usage', 'Expected a program that signs, found nothing', {
      hint: 'Write for example "/usr/local/bin/sign-with-kms key-1".',
    })
  }
  const ask = async (request: JsonObject): Promise<JsonObject> => {
    const answer = await run(args, JSON.stringify({ version: 1, ...request }), options)
    return understood(program, () => parseDocument(answer, `The answer of ${program}`))
  }
  const key = publicKeyOf(await ask({ operation: 'public-key' }), program)
  return {
    key,
    sign: async (bytes) => {
      const payload = Buffer.from(bytes).toString('base64')
      const digest = createHash('sha256').update(bytes).digest('hex')
      const answer = await ask({ operation: 'sign', payload, sha256: digest })
      const signature = understood(program, () =>
        base64Of(answer['signature'], `The answer of ${program}, signature`),
      )
      if (key.verify(bytes, signature)) return signature
      throw failed(program, 'its signature does not match the public key that it named')
    },
  }
}

function publicKeyOf(answer: JsonObject, program: string): VerificationKey {
  const where = `The answer of ${program}, publicKey`
  return understood(program, () => {
    const bytes = Buffer.from(textOf(answer['publicKey'], where, 10_000))
    const [key, ...others] = loadVerificationKeys({ bytes, where })
    if (key === undefined || others.length > 0) throw failed(program, 'it named several public keys')
    return key
  })
}

/** What is wrong with an answer is the command's fault, not the person's input. */
function understood<T>(program: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof TemperError && error.code !== 'tool-failed') throw failed(program, error.message)
    throw error
  }
}

function run(args: readonly string[], input: string, options: ExternalOptions): Promise<Uint8Array> {
  const [program = '', ...rest] = args
  const timeout = options.timeout ?? 60_000
  return new Promise((resolve, reject) => {
    let child: ChildProcessWithoutNullStreams
    try {
      child = spawn(program, rest, { cwd: options.workingDir, signal: options.signal, timeout })
    } catch (error) {
      // Most reasons not to start are thrown at once; a program that is not there is told by an event.
      return reject(startFault(program, error as Error, options.signal))
    }
    const chunks: Buffer[] = []
    let size = 0
    let complaint = ''
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > answerLimit) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-1000)
    })
    // A command that needs no input may close it early; its answer and exit code tell the rest.
    child.stdin.on('error', () => {})
    child.on('error', (error) => reject(startFault(program, error, options.signal)))
    child.on('close', (code, signal) => {
      if (options.signal.aborted) return reject(startFault(program, undefined, options.signal))
      if (size > answerLimit) return reject(failed(program, `it wrote more than ${answerLimit} bytes`))
      if (code === 0) return resolve(Buffer.concat(chunks))
      const end =
        code === null ? `it was killed by ${signal} (after at most ${timeout / 1000} s)` : `exit code ${code}`
      const words = complaint.trim()
      reject(failed(program, `${end}${words === '' ? '' : `: ${words}`}`))
    })
    child.stdin.end(input)
  })
}

function startFault(program: string, error: Error | undefined, signal: AbortSignal): TemperError {
  if (signal.aborted) return new TemperError('interrupted', `Stopped while ${program} was signing`)
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOENT' || code === 'EACCES') {
    return new TemperError('tool-missing', `Cannot sign: ${program} is not a program that can be started`, {
      hint: 'Check the path after "command:". Names without a slash are looked for in PATH.',
      cause: error,
    })
  }
  return failed(program, error?.message ?? 'it could not be started')
}

function failed(program: string, reason: string): TemperError {
  return new TemperError('tool-failed', `Cannot sign with ${program}: ${reason}`, {
    hint: 'docs/reference/signing-command.md says what the command has to read and write.',
  })
}
