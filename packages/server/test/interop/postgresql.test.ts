import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { ArchiveFolder, advisoryOf } from '../factory/archive.ts'
import { type ListedBuild, Service } from '../factory/service.ts'

/* The same factory over a PostgreSQL server: what the embedded one does is no special case. */

const run = promisify(execFile)
const pgctl = await tryDebianTool('pg_ctlcluster')

/** A cluster of its own, owned by Debian's user for it. */
class Cluster {
  readonly folder: string
  url = ''
  #process: ChildProcess | undefined

  constructor(folder: string) {
    this.folder = folder
  }

  async start(): Promise<void> {
    const [version = ''] = (await readdir('/usr/lib/postgresql')).sort((a, b) => Number(b) - Number(a))
    const bin = join('/usr/lib/postgresql', version, 'bin')
    const { stdout } = await run('id', ['-u', 'postgres'])
    const uid = Number(stdout.trim())
    await chown(this.folder, uid, uid)
    await chmod(this.folder, 0o700)
    const data = join(this.folder, 'data')
    // Becomes what it runs, so that it can be told to stop.
    const as = ['--reuid=postgres', '--regid=postgres', '--clear-groups']
    const init = ['--auth=trust', '--username=temper', '--no-sync', '-E', 'UTF8', data]
    await run('setpriv', [...as, join(bin, 'initdb'), ...init], { cwd: '/' })
    const port = await freePort()
    const words = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', this.folder]
    this.#process = spawn('setpriv', [...as, join(bin, 'postgres'), ...words], { cwd: '/', stdio: 'ignore' })
    this.url = `postgres://temper@127.0.0.1:${port}/postgres`
    const ready = () => run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)])
    for (let attempt = 0; attempt < 300; attempt++) {
      const isReady = await ready().then(
        () => true,
        () => false,
      )
      if (isReady) return
      await delay(100)
    }
    throw new Error('PostgreSQL does not start')
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

describe.skipIf(pgctl === undefined || process.getuid?.() !== 0)('a factory over a PostgreSQL server', () => {
  let cluster: Cluster
  let service: Service
  let archive: ArchiveFolder

  beforeAll(async () => {
    cluster = new Cluster(await mkdtemp(join(tmpdir(), 'temper-postgresql-')))
    await cluster.start()
    service = await Service.inFolder()
    archive = await ArchiveFolder.make(service.path('mirror'))
    await archive.offer({ gadget: '1.0-1' })
  })
  afterAll(async () => {
    await service.remove()
    await cluster.stop()
    await rm(cluster.folder, { recursive: true, force: true })
  })

  it('builds, and rebuilds what an archive can repair', async () => {
    await service.start('--database', cluster.url)
    const { build } = await service.post<{ build: string }>('/api/recipes', {
      ...{ name: 'shop', recipe: archive.recipe('shop', ['gadget']), files: archive.files },
    })
    const first = await service.built(build)
    expect(first).toMatchObject({ error: null, state: 'published' })
    await archive.offer({ gadget: '1.0-2' })
    await service.feed('a.json', advisoryOf('CVE-2026-1000', 'gadget', '1.0-2'))
    await service.until(async () => {
      const now = await service.digestOf('shop', '1')
      return now === first.digest ? undefined : now
    }, 'the tag to move')
    const [second] = await service.get<readonly ListedBuild[]>('/api/builds')
    expect(await service.built(second?.id ?? '')).toMatchObject({
      reason: 'rebuilt because gadget 1.0-2 fixes CVE-2026-1000, high',
    })
    expect(await service.get('/api/metrics')).toMatchObject({
      builds: { published: 2 },
      findings: { fixed: 1, open: 0 },
    })
  })

  it('loses nothing when it is killed', async () => {
    const before = await service.get<readonly ListedBuild[]>('/api/builds')
    await service.stop('SIGKILL')
    await service.start('--database', cluster.url)
    expect(await service.get('/api/builds')).toEqual(before)
    expect(await service.get('/api/sla')).toEqual([])
  })
})
