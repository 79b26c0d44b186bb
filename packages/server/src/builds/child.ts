import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'

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
  /** Gets each line of its progress. */
  readonly onLine: (line: string) => void
}

export interface ChildResult {
  readonly code: number
  /** What it printed as JSON. */
  readonly json: unknown
}

/** What a command that fails prints (docs/reference/errors.md). */
const failure = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
})

export class ChildFailed extends Error {
  readonly code: string
  /** 1: refused, 2: wrong input, 3: the environment; anything else: it broke. */
  readonly exitCode: number
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    message: string,
    facts: {
      readonly code: string
      readonly exitCode: number
      readonly details?: Readonly<Record<string, unknown>> | undefined
    },
  ) {
    super(message)
    this.name = 'ChildFailed'
    this.code = facts.code
    this.exitCode = facts.exitCode
    this.details = facts.details ?? {}
  }
}

/**
 * Runs a command of Temper in a process of its own, which knows of the service nothing but what stands in `environment`, and is ended
 * with all that it started when `signal` is aborted. Throws `ChildFailed`.
 */
export async function runTemper({
  words,
  folder,
  environment,
  signal,
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

function resultOf(code: number, text: string): ChildResult {
  const json = jsonOf(text)
  const failed = failure.safeParse(json)
  if (failed.success) {
    const { message, hint, code: name, details } = failed.data.error
    throw new ChildFailed(hint === undefined ? message : `${message}. ${hint}`, {
      code: name,
      exitCode: code,
      details,
    })
  }
  if (json === undefined)
    throw new ChildFailed(`It ended with ${code} and no result`, { code: 'internal', exitCode: code })
  return { code, json }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
