import { execFile, spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { Context, GitHost } from '../context.ts'

const run = promisify(execFile)

/** What git may take. */
export interface GitLimits {
  /** Milliseconds for one of its commands. */
  readonly time: number
  /** Bytes of what a server sends for one commit. */
  readonly pack: number
  /** Bytes of the names of one commit's files. */
  readonly list: number
}

const gitLimits: GitLimits = { time: 600_000, pack: 1024 * 1024 * 1024, list: 64 * 1024 * 1024 }

/** Git with a repository of its own, without anybody's configuration, hooks, filters or credentials. */
export class GitProgram {
  readonly #host: GitHost
  readonly #folder: string
  readonly #signal: AbortSignal
  readonly #limits: GitLimits

  constructor(host: GitHost, folder: string, { signal }: Pick<Context, 'signal'>, limits = gitLimits) {
    this.#host = host
    this.#folder = folder
    this.#signal = signal
    this.#limits = limits
  }

  /** Fetches one commit without its history. Every object is checked against its id and the rules for its content. */
  async fetch(address: string, commit: string): Promise<void> {
    const format = commit.length === 64 ? 'sha256' : 'sha1'
    await this.#run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, this.#folder])
    const stopped = new AbortController()
    let tooLarge = false
    const watch = setInterval(() => {
      void sizeOf(join(this.#folder, 'objects', 'pack')).then((size) => {
        tooLarge ||= size > this.#limits.pack
        if (tooLarge) stopped.abort()
      })
    }, 500)
    try {
      const words = ['--quiet', '--no-tags', '--depth=1', '--no-recurse-submodules', '--no-write-fetch-head']
      await this.#run(['fetch', ...words, '--', address, commit], stopped.signal)
    } catch (error) {
      if (tooLarge)
        throw new TemperError('limit-exceeded', `git fetch: it has more than ${this.#limits.pack} bytes`)
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

  /** The bytes of objects of one type, in the order of their ids; `limit`: of bytes of them all. */
  async objects(
    ids: readonly string[],
    { type, limit }: { readonly type: 'blob' | 'tree'; readonly limit: number },
  ): Promise<readonly Uint8Array[]> {
    const child = spawn(this.#host.program, [...this.#settings, 'cat-file', '--batch'], this.#options)
    const closed = new Promise<Error | number | null>((resolve) => {
      child.on('error', resolve)
      child.on('close', resolve)
    })
    // Where git ends before it has read all ids, how it ended says more.
    child.stdin.on('error', () => {})
    child.stdin.end(ids.map((id) => `${id}\n`).join(''))
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > limit) {
        child.kill('SIGKILL')
        throw new TemperError('limit-exceeded', `its files have more than ${limit} bytes`)
      }
    }
    const end = await closed
    this.#checkSignal()
    if (end !== 0)
      throw new TemperError('bad-archive', 'git cannot read what it has fetched', {
        ...(end instanceof Error ? { cause: end } : {}),
      })
    return splitBatch(Buffer.concat(chunks), ids, type)
  }

  async #run(words: readonly string[], stopped?: AbortSignal): Promise<Buffer> {
    try {
      const signal = stopped === undefined ? this.#signal : AbortSignal.any([this.#signal, stopped])
      const { stdout } = await run(this.#host.program, [...this.#settings, ...words], {
        ...this.#options,
        encoding: 'buffer',
        maxBuffer: this.#limits.list,
        signal,
      })
      return stdout
    } catch (error) {
      this.#checkSignal()
      throw this.#failure(error, words[0])
    }
  }

  #checkSignal(): void {
    if (this.#signal.aborted) throw new TemperError('interrupted', 'Stopped while git was fetching')
  }

  #failure(error: unknown, command: string | undefined): TemperError {
    const { stderr, code, killed } = error as { stderr?: Buffer; code?: unknown; killed?: boolean }
    if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
      const why = `git ${command}: it says more than ${this.#limits.list} bytes`
      return new TemperError('limit-exceeded', why, { cause: error })
    }
    const why =
      killed === true
        ? `did not end in ${this.#limits.time / 1000} s`
        : (lastWords(stderr) ?? `ended with ${String(code)}`)
    const isRefused = /Authentication failed|could not read Username|returned error: 40[13]/.test(why)
    const hint = isRefused
      ? 'Repositories are asked without a password, and answer so for those that do not exist, too. Fetch it yourself: name the clone, a folder beside the recipe, or an archive of the commit with its checksum.'
      : undefined
    return new TemperError('network', `git ${command}: ${why}`, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    })
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
      signal: this.#signal,
      timeout: this.#limits.time,
      killSignal: 'SIGKILL' as const,
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
function splitBatch(bytes: Buffer, ids: readonly string[], wanted: string): readonly Uint8Array[] {
  let at = 0
  return ids.map((id) => {
    const end = bytes.indexOf(10, at)
    const [named, type, size] = bytes.subarray(at, end).toString('latin1').split(' ')
    if (end < 0 || named !== id || type !== wanted)
      throw new TemperError('bad-archive', `git has no ${wanted} ${id}`)
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

/** What git says went wrong, on one line; undefined when it says nothing. */
function lastWords(stderr: Buffer | undefined): string | undefined {
  const lines = (stderr?.toString('utf8') ?? '').trim().split('\n')
  const line = lines.find((each) => /^(?:fatal|error|remote):/.test(each)) ?? lines.at(-1)
  return line ? printableLine(line, { most: 300 }) : undefined
}
