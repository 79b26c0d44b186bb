import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type ChildResult, resultOf } from './result.ts'

/** Most characters that are kept of what a build prints as its result. */
const resultLimit = 64 << 20
/** Milliseconds that a build which was told to stop may take to do so. */
const stopLimit = 10_000

export interface ChildRequest {
  /** The words that run Temper, then those of the command. */
  readonly words: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Whether everything that it works with is thrown away: then nothing is lost when it is killed. */
  readonly isSandboxed?: boolean
  /** Receives each line of its progress. */
  readonly onLine: (line: string) => void
}

/**
 * Runs a command of Temper in its own process, which knows nothing about the service except `environment`. When
 * `signal` is aborted, it is ended with everything that it started. Throws `ChildFailed`.
 */
export async function runTemper({
  words,
  folder,
  environment,
  signal,
  isSandboxed = false,
  onLine,
}: ChildRequest): Promise<ChildResult> {
  signal.throwIfAborted()
  const [program = '', ...rest] = words
  const child = spawn(program, rest, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Of a group of its own, so that what it starts can be ended with it.
    detached: true,
  })
  const end = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, name)
    } catch {
      // It has ended.
    }
  }
  const stop = () => {
    // The first process of a sandbox takes no other signal.
    if (isSandboxed) return end('SIGKILL')
    end('SIGTERM')
    setTimeout(() => end('SIGKILL'), stopLimit).unref()
  }
  signal.addEventListener('abort', stop, { once: true })
  createInterface({ input: child.stderr }).on('line', onLine)
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < resultLimit) text += chunk
  })
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exit) => resolve(exit ?? 128))
    })
    signal.throwIfAborted()
    return resultOf(code, text)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
