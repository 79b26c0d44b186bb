import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { TemperError } from '../../base/error.ts'
import type { ContainerResult } from '../../model/container.ts'

/** Most characters of a program's output that are kept: its start is what explains a failure. */
const outputLimit = 1024 * 1024

export interface ProcessOptions {
  readonly stdin?: string
  /** Seconds; without it the program may run as long as it likes. */
  readonly timeout?: number
  /** Ends what the program has started elsewhere; called before it is killed. */
  readonly end?: () => Promise<void>
  /** Ends it early; `done` then fails with the signal's reason. */
  readonly signal?: AbortSignal
}

/** A program that runs beside us, its output gathered. Ctrl-C in the terminal does not reach it: we end it. */
export class Program {
  readonly done: Promise<ContainerResult>
  readonly #child: ChildProcess
  #output = ''
  #result: ContainerResult | undefined
  #cause: 'timeout' | 'abort' | undefined

  constructor(program: string, args: readonly string[], options: ProcessOptions = {}) {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        this.#output += text.slice(0, outputLimit - this.#output.length)
      })
    }
    // A program that does not read its input closes it early; that is its own affair.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') this.#output += `\n${error.message}`
    })
    child.stdin.end(options.stdin ?? '')
    this.done = this.#wait(program, options)
    // Whoever needs the result awaits it; a program that nobody waits for any more must not end us.
    this.done.catch(() => {})
  }

  get output(): string {
    return this.#output
  }

  /** Set once it has ended. */
  get result(): ContainerResult | undefined {
    return this.#result
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** What the program left behind may still hold its output open. */
  #closeStreams(): void {
    const timer = setTimeout(() => {
      this.#child.stdout?.destroy()
      this.#child.stderr?.destroy()
    }, 1000)
    this.#child.once('close', () => clearTimeout(timer))
  }

  async #wait(program: string, options: ProcessOptions): Promise<ContainerResult> {
    const { timeout, signal } = options
    const end = (cause: 'timeout' | 'abort') => {
      this.#cause ??= cause
      const ended = options.end?.() ?? Promise.resolve()
      // If that fails there is still the program itself to kill, and its result tells the rest.
      void ended.catch(() => {}).finally(() => this.kill())
    }
    const onAbort = () => end('abort')
    const timer = timeout === undefined ? undefined : setTimeout(() => end('timeout'), timeout * 1000)
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
    try {
      const exitCode = await new Promise<number>((resolve, reject) => {
        this.#child.once('error', (error) => reject(cannotStart(program, error)))
        this.#child.once('exit', () => this.#closeStreams())
        this.#child.once('close', (code, killer) =>
          resolve(code ?? 128 + (killer ? constants.signals[killer] : 0)),
        )
      })
      signal?.throwIfAborted()
      this.#result = { exitCode: this.#cause === undefined ? exitCode : undefined, output: this.#output }
      return this.#result
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ContainerResult> {
  return await new Program(program, args, options).done
}

/** Runs a program that has to succeed; its output is the result. */
export async function requireProgram(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<string> {
  const result = await runProgram(program, args, options)
  if (result.exitCode === 0) return result.output
  const how = result.exitCode === undefined ? 'did not end in time' : `exit code ${result.exitCode}`
  throw new TemperError('tool-failed', `${program} ${args.join(' ')}: ${how}\n${result.output.trim()}`, {
    hint: 'Run the command by hand to see more.',
    details: { program, args },
  })
}

function cannotStart(program: string, error: Error): TemperError {
  return new TemperError('tool-missing', `Cannot start ${program}: ${error.message}`, {
    hint: 'Install it, or run Temper where it is installed.',
    cause: error,
  })
}
