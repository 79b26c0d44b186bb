import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { temperProgram } from './program.ts'

export interface CliOptions {
  /** Working folder. */
  readonly cwd?: string
  /** Added to a small environment of its own; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Path of Node; default: the one that runs the test. */
  readonly node?: string
  /** A command that runs the rest of its line, such as ["unshare", "-n"]. */
  readonly through?: readonly string[]
  /** Words that come after Node's path, in place of those of the program that is tested. */
  readonly program?: readonly string[]
  /** Milliseconds after which it is ended; default: four minutes. */
  readonly timeout?: number
}

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The cache that all test files share. */
export function sharedCache(): string {
  return join(inject('sharedFolder'), 'cache')
}

/** A command that is running. */
export interface RunningCli {
  readonly child: ChildProcess
  readonly done: Promise<CliResult>
}

/** Starts the CLI as a person would, with the shared cache and nothing of this machine's own settings. */
export function startTemper(args: readonly string[], options: CliOptions = {}): RunningCli {
  const home = join(inject('sharedFolder'), 'home')
  mkdirSync(home, { recursive: true })
  const { through = [], node = process.execPath, program = temperProgram } = options
  const command = [...through, node, ...program, ...args]
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: options.cwd ?? inject('sharedFolder'),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A test that gives up on it leaves no process behind.
    timeout: options.timeout ?? 240_000,
    env: { ...environment(), HOME: home, TEMPER_CACHE_DIR: sharedCache(), ...options.env },
  })
  return { child, done: gather(child) }
}

/** Only what the network may need: people's settings must not decide a test. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  const more = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'NODE_V8_COVERAGE', 'TMPDIR']
  return Object.fromEntries([...names, ...more].flatMap((name) => [[name, process.env[name]]]))
}

async function gather(child: ChildProcess): Promise<CliResult> {
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => output[name].push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const text = (name: 'stdout' | 'stderr') => Buffer.concat(output[name]).toString('utf8')
  return { code, stdout: text('stdout'), stderr: text('stderr') }
}

export async function temper(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return await startTemper(args, options).done
}

/** Runs a command that has to succeed with `--json`; what it printed is exactly one object. */
export async function temperJson<T>(args: readonly string[], options: CliOptions = {}): Promise<T> {
  const result = await temper([...args, '--json'], options)
  if (result.code !== 0)
    throw new Error(`temper ${args.join(' ')}: ${result.code}\n${result.stderr}${result.stdout}`)
  return onlyObject(result.stdout) as T
}

/** An error as `--json` prints it. */
export interface CliError {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly exitCode: number
  readonly details: Readonly<Record<string, unknown>>
}

/** Runs a command that has to fail; gives the error object, which is all that standard output may hold. */
export async function temperError(args: readonly string[], options: CliOptions = {}): Promise<CliError> {
  const { code, stdout } = await temper([...args, '--json'], options)
  const { error } = onlyObject(stdout) as { readonly error: CliError }
  expect(code).toBe(error.exitCode)
  return error
}

/** Standard output as the one JSON object that `--json` promises, on one line. */
export function onlyObject(stdout: string): unknown {
  expect(stdout).toMatch(/^\{.*\}\n$/)
  return JSON.parse(stdout)
}
