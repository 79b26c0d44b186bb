import { execFile, spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { Context, GitHost } from '../context.ts'

const run = promisify(execFile)

/** Milliseconds that git has to fetch one commit. */
const timeLimit = 600_000

/** Bytes of what a server sends for one commit. */
const packLimit = 1024 * 1024 * 1024

/** Bytes of the names of one commit's files. */
const listLimit = 64 * 1024 * 1024

/** Git with a repository of its own, without anybody's configuration, hooks, filters or credentials. */
export class GitProgram {
  readonly #host: GitHost
  readonly #folder: string
  readonly #signal: AbortSignal

  constructor({ program, environment }: GitHost, folder: string, { signal }: Pick<Context, 'signal'>) {
    this.#host = { program, environment }
    this.#folder = folder
    this.#signal = signal
  }

  /** Fetches one commit without its history. Every object is checked against its id and the rules for its content. */
  async fetch(address: string, commit: string): Promise<void> {
    const format = commit.length === 64 ? 'sha256' : 'sha1'
    await this.#run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, this.#folder])
    const stopped = new AbortController()
    let tooLarge = false
    const watch = setInterval(() => {
      void sizeOf(join(this.#folder, 'objects', 'pack')).then((size) => {
        tooLarge ||= size > packLimit
        if (tooLarge) stopped.abort()
      })
    }, 500)
    try {
      const words = ['--quiet', '--no-tags', '--depth=1', '--no-recurse-submodules', '--no-write-fetch-head']
      await this.#run(['fetch', ...words, '--', address, commit], stopped.signal)
    } catch (error) {
      if (tooLarge)
        throw new TemperError('limit-exceeded', `The commit ${commit} has more than ${packLimit} bytes`)
      throw error
    } finally {
      clearInterval(watch)
    }
  }

  async text(words: readonly string[]): Promise<string> {
    return (await this.#run(words)).toString('utf8')
  }

  /** The commit's own object. */
  async commit(id: string): Promise<Uint8Array> {
    return await this.#run(['cat-file', 'commit', id])
  }

  /** The bytes of objects, in the order of their ids. */
  async objects(ids: readonly string[], limit: number): Promise<readonly Uint8Array[]> {
    const child = spawn(this.#host.program, [...this.#settings, 'cat-file', '--batch'], this.#options)
    const closed = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(ids.map((id) => `${id}\n`).join(''))
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > limit) {
        child.kill('SIGKILL')
        throw new TemperError('limit-exceeded', `Its files have more than ${limit} bytes`)
      }
    }
    if ((await closed) !== 0) throw new TemperError('bad-archive', 'git cannot read what it has fetched')
    return splitBatch(Buffer.concat(chunks), ids)
  }

  async #run(words: readonly string[], stopped?: AbortSignal): Promise<Buffer> {
    try {
      const signal = stopped === undefined ? this.#signal : AbortSignal.any([this.#signal, stopped])
      const { stdout } = await run(this.#host.program, [...this.#settings, ...words], {
        ...this.#options,
        encoding: 'buffer',
        maxBuffer: listLimit,
        timeout: timeLimit,
        killSignal: 'SIGKILL',
        signal,
      })
      return stdout
    } catch (error) {
      if (this.#signal.aborted) throw new TemperError('interrupted', 'Stopped while git was fetching')
      throw new TemperError('network', `git ${words[0]}: ${reasonOf(error)}`, { cause: error })
    }
  }

  get #settings(): readonly string[] {
    return [
      ...['-c', 'transfer.fsckObjects=true', '-c', 'protocol.version=2', '-c', 'safe.directory=*'],
      ...['-c', 'core.hooksPath=/dev/null', '-c', 'credential.helper=', '-c', 'gc.auto=0'],
      ...['-c', 'http.followRedirects=initial', '-c', 'fetch.unpackLimit=1', '-c', 'maintenance.auto=false'],
    ]
  }

  get #options() {
    return {
      cwd: '/',
      env: {
        ...this.#host.environment,
        GIT_DIR: this.#folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_TERMINAL_PROMPT: '0',
        GIT_ASKPASS: 'true',
        GIT_ALLOW_PROTOCOL: 'https:http:file',
        GIT_NO_REPLACE_OBJECTS: '1',
        GIT_ATTR_NOSYSTEM: '1',
        LC_ALL: 'C',
        HOME: '/nonexistent',
      },
    }
  }
}

/** "ID SP TYPE SP SIZE LF BYTES LF" for each (git-cat-file(1), "BATCH OUTPUT"). */
function splitBatch(bytes: Buffer, ids: readonly string[]): readonly Uint8Array[] {
  let at = 0
  return ids.map((id) => {
    const end = bytes.indexOf(10, at)
    const [named, type, size] = bytes.subarray(at, end).toString('latin1').split(' ')
    if (end < 0 || named !== id || type !== 'blob')
      throw new TemperError('bad-archive', `git has no file ${id.slice(0, 64)}`)
    const start = end + 1
    at = start + Number(size) + 1
    return bytes.subarray(start, at - 1)
  })
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function reasonOf(error: unknown): string {
  const { stderr, code, killed } = error as { stderr?: Buffer; code?: unknown; killed?: boolean }
  if (killed === true) return `did not end in ${timeLimit / 1000} s`
  const lines = (stderr?.toString('utf8') ?? '').trim().split('\n')
  const last = lines.find((line) => /^(?:fatal|error|remote):/.test(line)) ?? lines.at(-1) ?? ''
  return last === '' ? `ended with ${String(code)}` : printableLine(last, { most: 300 })
}
