import { fstatSync } from 'node:fs'
import { constants } from 'node:os'
import { collect } from '../base/bytes.ts'

/** A stream that the CLI writes text to, and what it knows of the other side. */
export interface Output {
  /** Text, or text in UTF-8. */
  write(text: string | Uint8Array): void
  /** Ends once all that was written is taken or lost: what is written meanwhile waits in memory. */
  taken(): Promise<void>
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
  /** Whether a person is there who could answer. */
  readonly isAnswered: boolean
  /** Asks the person for a line; undefined when no person is there, or none wants to answer. */
  ask(question: string): Promise<string | undefined>
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

/** The real process, and how it ends. */
export interface ProcessHost extends Host {
  /**
   * The exit code of a verdict: the verdict itself, whether or not its output was read. Only a command that succeeded and
   * whose output could not be written (a full disk) ends with 3.
   */
  exitCode(verdict: number): number
}

/** The real process. Installs signal handlers: the first signal asks work to stop, the second one ends the process. */
export function processHost(): ProcessHost {
  const lost = { output: false }
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
    stdout: output('stdout', lost),
    stderr: output('stderr', lost),
    now: () => new Date(),
    // Looked at by need: for standard input Node loads its streams of files, or of the network.
    get isAnswered() {
      return process.stderr.isTTY === true && process.stdin.isTTY === true
    },
    ask: async (question) => {
      const { stdin: input, stderr: output } = process
      if (!input.isTTY || !output.isTTY) return undefined
      const { askLine } = await import('./options/line-input.ts')
      return await askLine(question, { input, output, interrupt: () => stop('SIGINT') })
    },
    askSecret: async (question) => {
      const { stdin: input, stderr: output } = process
      if (!input.isTTY || !output.isTTY) return undefined
      const { askSecret } = await import('./options/secret-input.ts')
      return await askSecret(question, { input, output, interrupt: () => stop('SIGINT') })
    },
    readInput: (limit) => collect(process.stdin, { limit, what: 'standard input' }),
    signal: controller.signal,
    exitCode: (verdict) => (verdict === 0 && lost.output ? 3 : verdict),
  }
}

/** What a reader that has gone says of itself: a closed pipe, socket or terminal. */
const readerGone: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET', 'EIO'])

/** Standard output and standard error, by their numbers. */
const descriptors = { stdout: 1, stderr: 2 } as const

/** Node makes a stream when it is first asked for, which takes a millisecond that a quiet command need not spend. */
function output(name: keyof typeof descriptors, lost: { output: boolean }): Output {
  let opened: NodeJS.WriteStream | undefined
  const stream = () => {
    if (opened !== undefined) return opened
    opened = process[name]
    // A reader that leaves early (`temper scan … | head`) is no error of ours and stops no work: the gate may yet say no.
    return opened.on('error', (error: NodeJS.ErrnoException) => {
      if (!readerGone.has(error.code)) lost.output = true
    })
  }
  return {
    write: (text) => void stream().write(text),
    // What the reader of a pipe has not taken yet (a pipe holds 64 KiB) would be lost with the process.
    taken: () =>
      opened === undefined
        ? Promise.resolve()
        : new Promise((resolve) => stream().write('', () => resolve())),
    get isTerminal() {
      return isDevice(descriptors[name]) && stream().isTTY === true
    },
    columns: () => (isDevice(descriptors[name]) && stream().columns) || 80,
  }
}

/** Terminals are devices; a file or a pipe is no terminal. */
function isDevice(descriptor: number): boolean {
  return fstatSync(descriptor).isCharacterDevice()
}
