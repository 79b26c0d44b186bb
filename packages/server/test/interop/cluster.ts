import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** Becomes what it runs, so that it can be told to stop. */
const as = ['--reuid=postgres', '--regid=postgres', '--clear-groups']

/** A cluster of its own, owned by Debian's user for it. */
export class Cluster {
  readonly folder: string
  url = ''
  readonly #settings: readonly string[]
  #bin = ''
  #port = 0
  #process: ChildProcess | undefined

  /** `settings` are words as `name=value`, besides the defaults of the distribution. */
  constructor(folder: string, settings: readonly string[] = []) {
    this.folder = folder
    this.#settings = settings
  }

  /** Starts it; the first time it is made. */
  async start(): Promise<void> {
    if (this.#port !== 0) return await this.#run()
    const [version = ''] = (await readdir('/usr/lib/postgresql')).sort((a, b) => Number(b) - Number(a))
    this.#bin = join('/usr/lib/postgresql', version, 'bin')
    const { stdout } = await run('id', ['-u', 'postgres'])
    const uid = Number(stdout.trim())
    await chown(this.folder, uid, uid)
    await chmod(this.folder, 0o700)
    const data = join(this.folder, 'data')
    const init = ['--auth=trust', '--username=temper', '--no-sync', '-E', 'UTF8', data]
    await run('setpriv', [...as, join(this.#bin, 'initdb'), ...init], { cwd: '/' })
    this.#port = await freePort()
    this.url = `postgres://temper@127.0.0.1:${this.#port}/postgres`
    await this.#run()
  }

  /** Makes another database; returns its address. */
  async database(name: string): Promise<string> {
    const client = new pg.Client({ connectionString: this.url })
    await client.connect()
    await client.query(`create database ${name}`)
    await client.end()
    return this.url.replace(/[^/]*$/, name)
  }

  /** Ends it as a power cut does, with all that it started, and starts it again: what was told to be written is there. */
  async crash(): Promise<void> {
    const server = this.#process
    if (server === undefined) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
    await this.#run()
  }

  async #run(): Promise<void> {
    const [data, port] = [join(this.folder, 'data'), String(this.#port)]
    const own = ['listen_addresses=127.0.0.1', ...this.#settings].flatMap((each) => ['-c', each])
    const words = ['-D', data, '-p', port, ...own, '-k', this.folder]
    const ready = () => run(join(this.#bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', port])
    for (let attempt = 0; attempt < 300; attempt++) {
      // What was killed may leave others that have not seen it yet: then it ends at once, and is tried again.
      if (this.#process === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null)
        this.#process = spawn('setpriv', [...as, join(this.#bin, 'postgres'), ...words], {
          cwd: '/',
          stdio: 'ignore',
        })
      const isReady = await ready().then(
        () => true,
        () => false,
      )
      if (isReady) return
      await delay(100)
    }
    throw new Error('PostgreSQL does not start')
  }

  /** CPU time of all its processes, those that have ended too (proc(5), "stat"). */
  async processorSeconds(): Promise<number> {
    const parent = String(this.#process?.pid ?? 0)
    let ticks = 0
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      const [, above, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
      // The times of a process and, for the first one, of all that ended below it.
      const times = rest.slice(9, pid === parent ? 13 : 11).map(Number)
      if (pid === parent || above === parent) ticks += times.reduce((sum, each) => sum + each, 0)
    }
    return ticks / 100
  }

  async stop(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGINT')
    await ended
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
