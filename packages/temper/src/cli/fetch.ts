import { createNodeFetch } from '../base/http/node-fetch.ts'
import type { Host } from './host.ts'

type Fetch = typeof globalThis.fetch

/** Our own over node:http, or undici's with the proxies of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) when one is set. */
export function configuredFetch(env: Host['env']): Fetch {
  const httpProxy = env['http_proxy'] || env['HTTP_PROXY']
  const httpsProxy = env['https_proxy'] || env['HTTPS_PROXY']
  if (!httpProxy && !httpsProxy) return createNodeFetch()
  let proxied: Promise<Fetch> | undefined
  const make = async (): Promise<Fetch> => {
    const { EnvHttpProxyAgent, fetch } = await import('undici')
    const noProxy = env['no_proxy'] || env['NO_PROXY']
    const dispatcher = new EnvHttpProxyAgent({
      ...(httpProxy ? { httpProxy } : {}),
      ...(httpsProxy ? { httpsProxy } : {}),
      ...(noProxy ? { noProxy } : {}),
    })
    // undici's own types differ from those of Node's copy of it only in name.
    return ((input, init) =>
      fetch(
        input as Parameters<typeof fetch>[0],
        { ...init, dispatcher } as Parameters<typeof fetch>[1],
      )) as Fetch
  }
  return async (input, init) => {
    proxied ??= make()
    return (await proxied)(input, init)
  }
}
