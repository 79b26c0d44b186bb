import { constants } from 'node:os'
import { collect } from '../base/bytes.ts'

/** A stream that the CLI writes text to, and what it knows of the other side. */
export interface Output {
  write(text: string): void
  /** A person looks at it. */
  readonly isTerminal: boolean
  /** Width in columns, 80 when unknown. */
  columns(): number
}

export interface Machine {
  /** As Node names it: "x64", "arm64"… */
  readonly architecture: string
  /** Path of the running Node. */
  readonly node: string
}

/** The process around the CLI. Everything that is read from it goes through here, so that tests can replace it. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly workingDir: string
  readonly machine: Machine
  readonly stdout: Output
  readonly stderr: Output
  now(): Date
  /** Asks the person for a secret; undefined when no person is there, or none wants to answer. */
  askSecret(question: string): Promise<string | undefined>
  /** All of standard input; throws `limit-exceeded` for more than `limit` bytes. */
  readInput(limit: number): Promise<Uint8Array>
  /** Aborted by SIGINT and SIGTERM; the reason is a StopRequest. */
  readonly signal: AbortSignal
}

/** Why the host's signal was aborted. */
export class StopRequest extends Error {
  /** 128 + the number of the signal, as shells report it. */
  readonly exitCode: number

  constructor(name: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${name}`)
    this.name = 'AbortError'
    this.exitCode = 128 + constants.signals[name]
  }
}

/** The real process. Installs signal handlers: the first signal asks work to stop, the second one ends the process. */
export function processHost(): Host {
  const controller = new AbortController()
  let asked = false
  const stop = (name: 'SIGINT' | 'SIGTERM') => {
    const request = new StopRequest(name)
    if (asked) process.exit(request.exitCode)
    asked = true
    controller.abort(request)
  }
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('SIGTERM', () => stop('SIGTERM'))
  return {
    env: process.env,
    workingDir: process.cwd(),
    machine: { architecture: process.arch, node: process.execPath },
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    now: () => new Date(),
    askSecret: async (question) => {
      const { stdin: input, stderr: output } = process
      if (!input.isTTY || !output.isTTY) return undefined
      const { askSecret } = await import('./options/secret-input.ts')
      return await askSecret(question, { input, output, interrupt: () => stop('SIGINT') })
    },
    readInput: (limit) => collect(process.stdin, { limit, what: 'standard input' }),
    signal: controller.signal,
  }
}

function output(stream: NodeJS.WriteStream): Output {
  // A reader that closes early (`temper inspect … | head`) is no error of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3))
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: () => stream.columns || 80,
  }
}
