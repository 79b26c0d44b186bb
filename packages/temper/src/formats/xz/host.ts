import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { observeSource } from '../bytes/observed-source.ts'
import { bounded, type DecompressOptions, notValid } from '../compress/decompress-fault.ts'
import type { HostXz } from './host-version.ts'

/** What the host's program reads: bytes that are pumped to it, or an open file at its current position. */
export type XzInput =
  | { readonly kind: 'stream'; readonly source: ByteStream }
  /** One xz stream that is known to be complete; what follows it in the file is not read. */
  | { readonly kind: 'file'; readonly descriptor: number }

export interface HostXzOptions extends DecompressOptions {
  /** Path of the program. */
  readonly xzProgram: string
  /** Its capabilities. */
  readonly host: HostXz
  /** Threads for data of several blocks; default 0, one for each CPU. */
  readonly threads?: number
  /** Memory limit in MiB for decoding with several threads; fewer threads are used to stay below it. Default 128. */
  readonly threadMemory?: number
}

/** MiB for decoding with one thread: dictionaries may be that large. xz -9 needs 65. */
const memoryLimit = 512

/**
 * Decodes with the host's xz. The stream ends normally only when the program reported success. When the consumer
 * stops early, the program is killed. Errors: `bad-archive` with the program's message; `tool-missing`,
 * `tool-failed`; those of the source unchanged.
 */
export function decodeWithHost(input: XzInput, options: HostXzOptions): AsyncGenerator<Uint8Array> {
  return bounded(run(input, options), options)
}

async function* run(input: XzInput, options: HostXzOptions): AsyncGenerator<Uint8Array> {
  const child = start(input, options)
  const messages = readMessages(child.stderr as Readable)
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => resolve({ error }))
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const feeding = input.kind === 'stream' ? feed(input.source, child.stdin as Writable) : undefined
  let finished = false
  try {
    yield* child.stdout as AsyncIterable<Buffer>
    const ending = await ended
    finished = true
    const fed = await feeding
    if (fed?.side === 'source') throw fed.error
    const failure = explain(ending, { messages: messages(), options })
    if (failure) throw failure
    if (fed) throw notValid('xz', 'the decoder stopped before its end', options)
  } finally {
    if (!finished) child.kill('SIGKILL')
    child.stdin?.destroy()
    await ended
    await feeding
  }
}

type Ending =
  | { readonly error: Error }
  | { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** Nothing of the environment is passed on: XZ_OPT could change what the program does, LC_ALL its words. */
function start(input: XzInput, options: HostXzOptions): ChildProcess {
  const args = [
    '--decompress',
    '--stdout',
    '--quiet',
    `--memlimit-decompress=${memoryLimit}MiB`,
    ...(options.host.threads
      ? [`--threads=${options.threads ?? 0}`, `--memlimit-mt-decompress=${options.threadMemory ?? 128}MiB`]
      : []),
    ...(input.kind === 'file' ? ['--single-stream'] : []),
  ]
  return spawn(options.xzProgram, args, {
    stdio: [input.kind === 'file' ? input.descriptor : 'pipe', 'pipe', 'pipe'],
    env: { LC_ALL: 'C' },
  })
}

function readMessages(stderr: Readable): () => string {
  let text = ''
  stderr.setEncoding('utf8')
  stderr.on('data', (part: string) => {
    if (text.length < 2000) text += part
  })
  return () => text.trim()
}

/** Pumps the source into the program. Resolves always; says which side failed. */
async function feed(
  source: ByteStream,
  stdin: Writable,
): Promise<{ readonly side: 'source' | 'program'; readonly error: unknown } | undefined> {
  const { stream, failure } = observeSource(source)
  try {
    await pipeline(stream, stdin)
    return undefined
  } catch (error) {
    const failed = failure()
    return failed ? { side: 'source', ...failed } : { side: 'program', error }
  }
}

function explain(
  ending: Ending,
  facts: { readonly messages: string; readonly options: HostXzOptions },
): TemperError | undefined {
  const { messages, options } = facts
  const program = options.xzProgram
  if ('error' in ending) {
    const missing = (ending.error as NodeJS.ErrnoException).code === 'ENOENT'
    return new TemperError(
      missing ? 'tool-missing' : 'tool-failed',
      `${options.what}: cannot run ${program}: ${ending.error.message}`,
      { hint: 'Install xz (package xz-utils), or remove it from PATH to use the built-in decoder.' },
    )
  }
  if (ending.code === 0) return undefined
  if (ending.signal) {
    return new TemperError('tool-failed', `${options.what}: ${program} was ended by ${ending.signal}`, {
      hint: 'The machine may be short of memory.',
    })
  }
  const words = messages.replaceAll(`${program}: `, '').replaceAll('(stdin): ', '')
  return notValid('xz', words === '' ? `${program} ended with code ${ending.code}` : words, options)
}
