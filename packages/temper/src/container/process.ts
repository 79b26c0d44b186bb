import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { TemperError } from '../base/error.ts'
import type { ContainerResult } from '../model/container.ts'

/** Most characters of a program's output that are kept: its start is what explains a failure. */
const outputLimit = 1024 * 1024

export interface ProgramOptions {
  readonly stdin?: string
  /** Seconds. */
  readonly timeout: number
  /** Called instead of a kill when the time is up: the program may have to be ended from elsewhere. */
  readonly onTimeout?: () => Promise<void>
}

/** A program that runs beside us, its output gathered. */
export class Program {
  readonly child: ChildProcess
  readonly done: Promise<ContainerResult>
  #output = ''
  #result: ContainerResult | undefined

  constructor(program: string, args: readonly string[], options: ProgramOptions) {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.child = child
    const gather = (chunk: Buffer) => {
      if (this.#output.length < outputLimit) this.#output += chunk.toString('utf8')
    }
    child.stdout.on('data', gather)
    child.stderr.on('data', gather)
    // A program that does not read its input closes it early; that is its own affair.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') this.#output += `\n${error.message}`
    })
    child.stdin.end(options.stdin ?? '')
    this.done = this.#wait(child, program, options)
  }

  get output(): string {
    return this.#output
  }

  get result(): ContainerResult | undefined {
    return this.#result
  }

  async #wait(child: ChildProcess, program: string, options: ProgramOptions): Promise<ContainerResult> {
    let late = false
    const timer = setTimeout(() => {
      late = true
      if (options.onTimeout) void options.onTimeout().finally(() => child.kill('SIGKILL'))
      else child.kill('SIGKILL')
    }, options.timeout * 1000)
    try {
      const exitCode = await new Promise<number>((resolve, reject) => {
        child.once('error', (error) => reject(cannotStart(program, error)))
        child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
      })
      this.#result = { exitCode: late ? undefined : exitCode, output: this.#output }
      return this.#result
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ContainerResult> {
  return await new Program(program, args, options).done
}

/** Runs a program that has to succeed; its output is the result. */
export async function requireProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<string> {
  const result = await runProgram(program, args, options)
  if (result.exitCode === 0) return result.output
  throw new TemperError(
    'tool-failed',
    `${program} ${args.join(' ')}: ${result.exitCode === undefined ? 'no end in time' : `exit code ${result.exitCode}`}\n${result.output.trim()}`,
    {
      hint: 'Run the command by hand to see more.',
      details: { program, args },
    },
  )
}

function cannotStart(program: string, error: Error): TemperError {
  return new TemperError('tool-missing', `Cannot start ${program}: ${error.message}`, {
    hint: 'Install it, or run where it is installed.',
    cause: error,
  })
}
