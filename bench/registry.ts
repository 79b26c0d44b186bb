import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openStore } from '../packages/temper/src/oci/open-store.ts'
import { parseReference } from '../packages/temper/src/oci/reference.ts'
import { startCraneRegistry } from '../packages/temper/test/support/crane-registry.ts'
import { debianTool } from '../packages/temper/test/support/debian-tool.ts'
import { startDockerRegistry } from '../packages/temper/test/support/docker-registry.ts'
import { pushImage, smallImage } from '../packages/temper/test/support/small-image.ts'
import type { ContestOptions, ContestResult } from './contest.ts'
import { repositoryRoot } from './place.ts'
import { peer } from './programs.ts'
import { median } from './result.ts'

const run = promisify(execFile)

/** Seconds that one server is asked, and before that to have its code warm. */
const seconds = 4
/** Requests that the figures are of. */
const requests = 10_000
/** Ticks of the processor's time that a second has for programs (sysconf(_SC_CLK_TCK) of every Linux). */
const ticks = 100

interface Server {
  readonly name: string
  readonly pid: number
  readonly host: string
  /** The header by which it lets in. */
  readonly authorization?: string
  stop(): Promise<void>
}

/**
 * Manifests by digest and by tag, asked for by wrk over sixteen connections, of each server in turn. A machine that others
 * use, too, gives a server little time: its own time for so many requests is what is compared.
 */
export async function benchRegistry({ runs, scratch }: ContestOptions): Promise<readonly ContestResult[]> {
  const wrk = await debianTool('wrk')
  const [docker, crane] = [await debianTool('docker-registry'), await peer('registry')]
  const servers: Server[] = []
  try {
    servers.push(await startTemper(scratch))
    const other = await startDockerRegistry(docker)
    servers.push({ name: 'docker-registry', ...other })
    servers.push({ name: 'crane registry serve, in memory', ...(await startCraneRegistry(crane)) })
    const digest = await pushTo(servers)
    const results: ContestResult[] = []
    for (const [title, reference] of [
      ['by digest', digest],
      ['by tag', '1'],
    ] as const)
      results.push(await compare({ title: `${requests} manifests ${title}`, reference, wrk, servers, runs }))
    return results
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

async function startTemper(scratch: string): Promise<Server> {
  const data = await mkdtemp(join(scratch, 'registry-'))
  const main = join(repositoryRoot, 'packages/temper/src/cli/main.ts')
  const words = ['--conditions=temper-source', main, 'serve', '--port', '0', '--data', data]
  const child = spawn(process.execPath, words, { cwd: data, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const text = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\n')) resolve(said)
    })
    child.once('exit', () => reject(new Error('temper serve ended')))
  })
  const { url, token } = JSON.parse(text) as { readonly url: string; readonly token: string }
  return {
    name: 'temper serve',
    pid: child.pid ?? 0,
    host: new URL(url).host,
    authorization: `Basic ${Buffer.from(`me:${token}`).toString('base64')}`,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** The same image to all; returns its digest. */
async function pushTo(servers: readonly Server[]): Promise<string> {
  const image = smallImage({ bytes: 1000 })
  for (const { host, authorization } of servers) {
    const fetch: typeof globalThis.fetch = (input, init) => {
      const headers = new Headers(init?.headers)
      if (authorization !== undefined) headers.set('authorization', authorization)
      return globalThis.fetch(input, { ...init, headers })
    }
    const store = await openStore(parseReference(`${host}/team/app:1`), { fetch })
    await pushImage(store, image)
    await store.tag(image.root, '1')
  }
  return image.root.digest
}

interface Comparison {
  readonly title: string
  readonly reference: string
  readonly wrk: string
  readonly servers: readonly Server[]
  readonly runs: number
}

async function compare({ title, reference, wrk, servers, runs }: Comparison): Promise<ContestResult> {
  const samples = servers.map((): { cpu: number; wall: number }[] => [])
  const memory = servers.map(() => 0)
  for (let round = 0; round < runs; round++) {
    process.stderr.write(`${title}: round ${round + 1} of ${runs}\n`)
    for (const [at, server] of servers.entries()) {
      await ask(wrk, server, reference)
      const before = await usedBy(server.pid)
      const count = await ask(wrk, server, reference)
      const { cpu, memory: held } = await usedBy(server.pid)
      samples[at]?.push({
        cpu: ((cpu - before.cpu) / count) * requests,
        wall: (seconds / count) * requests,
      })
      memory[at] = Math.max(memory[at] ?? 0, held)
    }
  }
  const medians = servers.map(({ name }, at) => ({
    name,
    cpu: median((samples[at] ?? []).map(({ cpu }) => cpu)),
    wall: median((samples[at] ?? []).map(({ wall }) => wall)),
    memory: memory[at] ?? Number.NaN,
    largest: memory[at] ?? Number.NaN,
  }))
  const [base] = medians
  const cases = medians.map((each) => ({
    ...each,
    ratio: { wall: each.wall / (base?.wall ?? Number.NaN), cpu: each.cpu / (base?.cpu ?? Number.NaN) },
  }))
  const notes = [
    'temper serve signs in each request, looks at rights, counts it and logs it; the others do not.',
  ]
  return { title, cases, notes }
}

/** Asks for some seconds; returns how many answers came. */
async function ask(wrk: string, { host, authorization }: Server, reference: string): Promise<number> {
  const login = authorization === undefined ? [] : ['-H', `Authorization: ${authorization}`]
  // As clients ask: docker-registry has nothing for those that do not say so.
  const accept = ['-H', 'Accept: application/vnd.oci.image.manifest.v1+json']
  const words = [
    '-t1',
    '-c16',
    `-d${seconds}s`,
    ...accept,
    ...login,
    `http://${host}/v2/team/app/manifests/${reference}`,
  ]
  const { stdout } = await run(wrk, words)
  const [, count] = /(\d+) requests in/.exec(stdout) ?? []
  if (count === undefined || /Non-2xx/.test(stdout)) throw new Error(`${host}: ${stdout}`)
  return Number(count)
}

/** Seconds of the processor that a process has used, and MiB that it holds (proc_pid_stat(5), proc_pid_status(5)). */
async function usedBy(pid: number): Promise<{ readonly cpu: number; readonly memory: number }> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8'))
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number)
  const [, held] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return { cpu: ((fields[11] ?? 0) + (fields[12] ?? 0)) / ticks, memory: Number(held) / 1024 }
}
