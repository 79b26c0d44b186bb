import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { createHttp } from '../../../base/http/http.ts'
import { createNodeFetch } from '../../../base/http/node-fetch.ts'
import type { Credentials } from '../../../model/credentials.ts'
import type { MountingStore } from '../../copy.ts'
import { blobOf, sampleBytes } from '../../sample.ts'
import { openRemote, type RemoteOptions } from '../remote.ts'
import { LoopbackRegistry, type LoopbackRegistryOptions } from './registry.ts'
import { loopbackUser } from './tokens.ts'

/** Registries and other servers for the tests of one file; all are stopped after each test. */

export const http = createHttp({ fetch: createNodeFetch(), firstDelay: 1, stallTimeout: 2000, retries: 2 })
const { username, password } = loopbackUser
export const login = async (): Promise<Credentials> => ({ kind: 'password', username, password })

const disposals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose()
})

export async function start(options: LoopbackRegistryOptions = {}): Promise<LoopbackRegistry> {
  const registry = await LoopbackRegistry.start(options)
  disposals.push(() => registry.stop())
  return registry
}

export function open(
  host: string,
  options: Partial<RemoteOptions> = {},
  repository = 'team/app',
): MountingStore {
  const upload = { firstDelay: 1, retries: 6, ...options.upload }
  return openRemote({ registry: host, repository }, { http, ...options, upload })
}

/** More than is sent in one request at its end. */
export const large = blobOf(sampleBytes(5_000_000, 3))

export interface Listener {
  readonly host: string
  readonly seen: IncomingMessage[]
}

export async function listener(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    handle(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  disposals.push(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}
