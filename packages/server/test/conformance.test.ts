import { createHttp } from '../../temper/src/base/http/http.ts'
import { createNodeFetch } from '../../temper/src/base/http/node-fetch.ts'
import { storeConformance } from '../../temper/src/oci/fixtures/store.conformance.ts'
import { openRemote } from '../../temper/src/oci/registry/remote.ts'
import { startServer } from './server.ts'

/* The suite that every store passes, run against the service over the network. */

const http = createHttp({ fetch: createNodeFetch(), firstDelay: 1, stallTimeout: 5000, retries: 2 })

for (const [name, upload] of [
  ['streams', {}],
  ['chunks', { chunkSize: 100_000 }],
] as const)
  storeConformance(`the service, sent ${name}`, {
    create: async () => {
      const server = await startServer()
      const credentials = async () => ({ kind: 'password', username: 'any', password: server.token }) as const
      return {
        open: async () =>
          openRemote({ registry: server.host, repository: 'team/app' }, { http, credentials, upload }),
        dispose: () => server.close(),
      }
    },
  })
