import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface DockerRegistry {
  /** "127.0.0.1:12345" */
  readonly host: string
  readonly pid: number
  stop(): Promise<void>
}

export interface DockerRegistryOptions {
  /** Content of a htpasswd file (bcrypt); without it everyone may do everything. */
  readonly htpasswd?: string
}

/** Starts Debian's docker-registry on a loopback port with its storage in a temporary folder. */
export async function startDockerRegistry(
  program: string,
  options: DockerRegistryOptions = {},
): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-registry-'))
  const port = await freePort()
  const host = `127.0.0.1:${port}`
  await writeFile(join(folder, 'config.yml'), configuration(folder, host, options))
  if (options.htpasswd !== undefined) await writeFile(join(folder, 'htpasswd'), options.htpasswd)
  const child = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk).slice(-4000)
  })
  const stop = async () => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) break
    const up = await fetch(`http://${host}/v2/`).then(
      (response) => response.status === 200 || response.status === 401,
      () => false,
    )
    if (up) return { host, pid: child.pid ?? 0, stop }
    await sleep(50)
  }
  await stop()
  throw new Error(`docker-registry did not start: ${log}`)
}

function configuration(folder: string, host: string, options: DockerRegistryOptions): string {
  const auth =
    options.htpasswd === undefined
      ? ''
      : `auth:\n  htpasswd:\n    realm: temper\n    path: ${join(folder, 'htpasswd')}\n`
  return `version: 0.1
log:
  level: error
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${join(folder, 'storage')}
  delete:
    enabled: true
http:
  addr: ${host}
${auth}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await exit
}
