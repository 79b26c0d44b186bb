import { spawn } from 'node:child_process'
import { TemperError } from '../../base/error.ts'
import { tryJson } from '../../base/json/parse.ts'

const outputLimit = 256 << 10
const defaultTimeout = 60_000

export interface HelperOptions {
  /** The whole environment of the program, including the PATH in which it is looked up. */
  readonly environment: Readonly<Record<string, string>>
  /** Milliseconds. Default 60,000: helpers may ask the person or a cloud. */
  readonly timeout?: number
}

/**
 * Asks a credential helper of Docker (`docker-credential-NAME get`, the server on standard input) and returns
 * its JSON answer; undefined when it has no credentials for the server. Output and time are bounded. What
 * the program prints never appears in an error: it may hold secrets.
 */
export async function askHelper(
  name: string,
  server: string,
  options: HelperOptions,
): Promise<unknown | undefined> {
  const program = programOf(name)
  const { code, output } = await runHelper(program, { action: 'get', input: `${server}\n` }, options)
  if (code !== 0) {
    if (isAbsent(output)) return undefined
    throw failed(program, server, code)
  }
  const answer = tryJson(output)
  if (answer === undefined)
    throw new TemperError('tool-failed', `${program} for ${server}: expected JSON, found something else`)
  return answer
}

/** Has a credential helper store credentials (`docker-credential-NAME store`). */
export async function storeInHelper(
  name: string,
  {
    server,
    username,
    secret,
  }: { readonly server: string; readonly username: string; readonly secret: string },
  options: HelperOptions,
): Promise<void> {
  const input = JSON.stringify({ ServerURL: server, Username: username, Secret: secret })
  const { code } = await runHelper(programOf(name), { action: 'store', input }, options)
  if (code !== 0) throw failed(programOf(name), server, code)
}

/**
 * Has a credential helper forget a server (`docker-credential-NAME erase`); it is fine when there is nothing to
 * forget.
 */
export async function eraseInHelper(name: string, server: string, options: HelperOptions): Promise<void> {
  const { code, output } = await runHelper(
    programOf(name),
    { action: 'erase', input: `${server}\n` },
    options,
  )
  if (code !== 0 && !isAbsent(output)) throw failed(programOf(name), server, code)
}

function programOf(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return `docker-credential-${name}`
  throw new TemperError(
    'bad-configuration',
    `Docker configuration: "${name.slice(0, 60)}" cannot be a credential helper`,
  )
}

/** The protocol has no codes: this sentence is how helpers say that they have nothing. */
function isAbsent(output: string): boolean {
  return /credentials not found/i.test(output)
}

function failed(program: string, server: string, code: number | null): TemperError {
  return new TemperError('tool-failed', `${program} failed for ${server} (exit code ${code})`, {
    hint: `Run "echo ${server} | ${program} get" to see why, or log in again.`,
  })
}

function runHelper(
  program: string,
  { action, input }: { readonly action: 'get' | 'store' | 'erase'; readonly input: string },
  options: HelperOptions,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [action], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...options.environment },
    })
    const fail = (error: TemperError) => {
      child.kill('SIGKILL')
      child.stdout.destroy()
      reject(error)
    }
    const timeout = options.timeout ?? defaultTimeout
    const timer = setTimeout(
      () => fail(new TemperError('tool-failed', `${program} did not answer within ${timeout / 1000} s`)),
      timeout,
    )
    const chunks: Buffer[] = []
    let size = 0
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > outputLimit)
        fail(new TemperError('tool-failed', `${program} printed more than ${outputLimit} bytes`))
      else chunks.push(chunk)
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const missing = error.code === 'ENOENT'
      const problem = missing ? 'is not installed' : `cannot be run (${error.code})`
      fail(
        new TemperError(
          missing ? 'tool-missing' : 'tool-failed',
          `The credential helper ${program} ${problem}`,
          {
            hint: "Install it, or remove it from credsStore or credHelpers in Docker's config.json.",
          },
        ),
      )
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') })
    })
    // A program that does not read its input closes the pipe: its exit code says more than this error.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
