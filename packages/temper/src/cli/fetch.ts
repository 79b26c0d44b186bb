import { createNodeFetch } from '../base/http/node-fetch.ts'
import { type ProxySettings, proxyChoice } from '../base/http/proxy.ts'
import { certificates } from './certificates.ts'
import type { Host } from './host.ts'

type Fetch = typeof globalThis.fetch
type Environment = Host['env']

/** HTTP with the proxies and the certificate authorities of the environment. */
export function configuredFetch(env: Environment): Fetch {
  return createNodeFetch({ proxyFor: proxyChoice(proxySettings(env)), secureContextFor: certificates(env) })
}

/**
 * HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, lower case before upper case. In a CGI program HTTP_PROXY is a
 * header that the client sent: nobody's wish.
 */
export function proxySettings(env: Environment): ProxySettings {
  const all = env['all_proxy'] || env['ALL_PROXY']
  const upperHttp = env['REQUEST_METHOD'] ? undefined : env['HTTP_PROXY']
  const http = env['http_proxy'] || upperHttp || all
  const https = env['https_proxy'] || env['HTTPS_PROXY'] || all
  const none = env['no_proxy'] || env['NO_PROXY']
  return {
    ...(http ? { http } : {}),
    ...(https ? { https } : {}),
    ...(none ? { none } : {}),
    ...(env['TEMPER_PROXY_FOR_ALL'] === '1' ? { forAll: true } : {}),
  }
}
