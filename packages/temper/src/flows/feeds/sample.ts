import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '../../base/digest.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../sample-context.ts'
import type { FeedConfiguration } from './configuration.ts'

/** A record of the OSV schema about a Debian package. */
export function osvRecord(number: number, name = 'openssl'): object {
  return {
    id: `DEBIAN-CVE-2024-${1000 + number}`,
    modified: '2024-05-01T00:00:00Z',
    published: '2024-04-01T00:00:00Z',
    upstream: [`CVE-2024-${1000 + number}`],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `1.${number}-1` }] }],
      },
    ],
  }
}

/** Records as NDJSON. */
export function ndjson(count: number, name?: string): string {
  return Array.from({ length: count }, (_, number) => `${JSON.stringify(osvRecord(number, name))}\n`).join('')
}

/** A context in a folder; everything in it is the test's own. */
export function feedsContext(folder: string, more: Partial<Context> = {}): Context {
  return sampleContext(folder, {
    fetch: globalThis.fetch,
    now: () => new Date('2026-05-01T10:00:00Z'),
    offline: false,
    ...more,
  })
}

/** Only the Alpine and Debian sources of a server, and KEV: small, and one of each kind of answer. */
export function servedBy(address: string): FeedConfiguration {
  return {
    addresses: {
      osv: 'off',
      'debian-tracker': 'off',
      'alpine-secdb': 'off',
      'wolfi-secdb': `${address}/wolfi.json`,
      'chainguard-secdb': 'off',
      kev: `${address}/kev.json`,
      epss: 'off',
    },
  }
}

export interface FeedServer {
  readonly address: string
  /** Files by path ("/kev.json"); may be changed at any time. */
  readonly files: Map<string, Buffer>
  /** Method, path, and status of every answer. */
  readonly answers: { readonly path: string; readonly status: number; readonly range?: string }[]
  close(): Promise<void>
}

/** A file server on loopback that knows ETags and ranges (RFC 9110). */
export async function feedServer(): Promise<FeedServer> {
  const files = new Map<string, Buffer>()
  const answers: FeedServer['answers'] = []
  const server = createServer((request, response) => {
    answer(request, response, { files, note: (each) => answers.push(each) })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    files,
    answers,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function answer(
  { url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  world: Pick<FeedServer, 'files'> & { note(each: FeedServer['answers'][number]): void },
): void {
  const file = world.files.get(url)
  const etag = file && `"${sha256(file).slice(7, 27)}"`
  const finish = (status: number, more: Readonly<Record<string, string>> = {}, body?: Buffer) => {
    const range = headers.range
    world.note({ path: url, status, ...(range === undefined ? {} : { range }) })
    response.writeHead(status, { ...(etag === undefined ? {} : { etag }), ...more })
    response.end(body)
  }
  if (file === undefined || etag === undefined) return void finish(404)
  if (headers['if-none-match'] === etag) return void finish(304)
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? Number.NaN)
  if (Number.isNaN(start) || headers['if-range'] !== etag)
    return void finish(200, { 'content-length': String(file.length) }, file)
  const rest = file.subarray(start)
  const range = {
    'content-range': `bytes ${start}-${file.length - 1}/${file.length}`,
    'content-length': String(rest.length),
  }
  return void finish(206, range, rest)
}

/** Fetches, but breaks the connection after so many bytes of an answer, the next `times` times. */
export function breakingFetch(bytes: number, options: { readonly times: number }): typeof globalThis.fetch {
  let left = options.times
  return async (...request) => {
    const response = await globalThis.fetch(...request)
    if (response.body === null || response.status === 304 || left-- <= 0) return response
    const start = Buffer.from(await response.arrayBuffer()).subarray(0, bytes)
    const pieces = [start]
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const piece = pieces.pop()
          if (piece === undefined) controller.error(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
          else controller.enqueue(piece)
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body, response)
  }
}
