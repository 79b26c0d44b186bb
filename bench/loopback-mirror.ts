import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BenchLock } from './lock.ts'

/** The archive on loopback: so that a measurement is of the program, and not of a network. */
export interface LoopbackMirror {
  readonly debian: string
  readonly security: string
  close(): void
}

interface Kept {
  readonly status: number
  readonly body: Buffer
}

/**
 * Serves the archives that a lock is of. What was asked for once is answered out of memory, so it stays the same for the
 * whole run.
 */
export async function startLoopbackMirror({ lock }: BenchLock): Promise<LoopbackMirror> {
  const archives = new Map(lock.suites.map(({ repository, address }) => [repository, address]))
  const kept = new Map<string, Promise<Kept>>()
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const answer = kept.get(path) ?? fetchOnce(path, archives)
    kept.set(path, answer)
    answer.then(
      ({ status, body }) => response.writeHead(status, { 'content-length': body.length }).end(body),
      () => response.writeHead(502).end(),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const at = `http://127.0.0.1:${port}`
  return { debian: `${at}/debian`, security: `${at}/debian-security`, close: () => server.close() }
}

async function fetchOnce(path: string, archives: ReadonlyMap<string, string>): Promise<Kept> {
  const [, name = '', rest = ''] = /^\/([a-z-]+)\/(.*)$/.exec(path) ?? []
  const archive = archives.get(name)
  if (archive === undefined) return { status: 404, body: Buffer.alloc(0) }
  const response = await fetch(`${archive}/${rest}`)
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
}
