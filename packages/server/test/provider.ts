import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { onTestFinished } from 'vitest'
import { createNodeFetch } from '../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../temper/src/flows/fixtures/sample-context.ts'
import { folderOf, startServer, type TestServer } from './server.ts'

/** A server of which the address is known before it serves. */
async function listening() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => server.close().closeAllConnections())
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/**
 * A service, and a real provider of identities on whose page people sign in: whoever is called ada is a developer, others
 * are nobody. Both end with the test.
 */
export async function startWithProvider(): Promise<{
  readonly service: TestServer
  readonly issuer: string
}> {
  const { server, address: issuer } = await listening()
  const { server: placeholder, address } = await listening()
  placeholder.close()
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'temper', client_secret: 'shared', redirect_uris: [`${address}/sign-in/callback`] },
    ],
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, groups: id === 'ada' ? ['web'] : ['none'] }),
    }),
    claims: { openid: ['sub', 'groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['a key of a test'] },
  })
  server.on('request', provider.callback())
  const data = await folderOf()
  const context = sampleContext(data, { fetch: createNodeFetch(), offline: false })
  const secretFile = `${data}/client-secret`
  await writeFile(secretFile, 'shared\n')
  const service = await startServer({
    data,
    context,
    port: Number(new URL(address).port),
    identities: [
      {
        issuer,
        audience: 'api',
        signIn: { clientId: 'temper', clientSecretFile: secretFile },
        grants: [{ claims: { groups: 'web' }, project: 'team', role: 'developer' }],
      },
    ],
  })
  return { service, issuer }
}
