import { TemperError } from '../error.ts'

/** What the environment says about proxies, as curl and Go read it. */
export interface ProxySettings {
  /**
   * Proxy for http addresses and for https addresses: "http://proxy.example:3128" or "proxy.example:3128", possibly
   * with user and password.
   */
  readonly http?: string
  readonly https?: string
  /**
   * Hosts that are contacted directly: names with all names below them, addresses, or CIDR ranges, each with or
   * without a port; or "*".
   */
  readonly none?: string
  /** Whether this machine itself is contacted through them too, as from within a network that has nothing else. */
  readonly forAll?: boolean
}

/** A proxy, ready for use. */
export interface ProxyServer {
  /** http or https; no user, password or path. */
  readonly url: URL
  /** The address in a form that is safe to show. */
  readonly shown: string
  /** Value of the header Proxy-Authorization. */
  readonly authorization?: string
}

/** The proxy for an address; undefined when it is contacted directly. */
export type ProxyChoice = (url: URL) => ProxyServer | undefined

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/**
 * Chooses proxies by the scheme of the address. This machine itself is contacted directly unless asked otherwise. Throws
 * `bad-configuration` for an address that is not valid, when it is first needed.
 */
export function proxyChoice(settings: ProxySettings): ProxyChoice {
  const parsed = new Map<string, ProxyServer>()
  let direct: ((url: URL) => boolean) | undefined
  const isDirect = (url: URL) => {
    direct ??= directHosts(settings)
    return direct(url)
  }
  return (url) => {
    const text = url.protocol === 'https:' ? settings.https : settings.http
    if (text === undefined || text === '' || isDirect(url)) return undefined
    const proxy = parsed.get(text) ?? parseProxy(text, url.protocol.slice(0, -1))
    parsed.set(text, proxy)
    return proxy
  }
}

function parseProxy(text: string, scheme: string): ProxyServer {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    // Its value may hold a password.
    const kind = url === null ? 'something else' : `a proxy of the kind "${url.protocol.slice(0, -1)}"`
    throw new TemperError(
      'bad-configuration',
      `The proxy for ${scheme} addresses: expected http://HOST:PORT, found ${kind}`,
    )
  }
  const { username, password, protocol, host } = url
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    url: new URL(`${protocol}//${host}`),
    shown: `${protocol}//${host}`,
    ...(username === '' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
  }
}

/** One entry of NO_PROXY. */
type DirectHost = (host: string, port: string) => boolean

function directHosts({ none = '', forAll = false }: ProxySettings): (url: URL) => boolean {
  const entries = none
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseEntry)
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
    const port = url.port || (defaultPorts[url.protocol] ?? '')
    return (!forAll && isLoopback(host)) || entries.some((matches) => matches(host, port))
  }
}

/** 4, 6 or 0. Commands that connect to nobody need not load what knows it. */
function isIP(text: string): number {
  return process.getBuiltinModule('node:net').isIP(text)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function parseEntry(text: string): DirectHost {
  if (text === '*') return () => true
  const [, bracketed, named, portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? []
  // An IPv6 address without brackets has more colons than one, and no port.
  const entry = (bracketed ?? named ?? text).toLowerCase().replace(/\.$/, '')
  const matches = matcherOf(entry)
  return (host, port) => (portText === undefined || port === portText) && matches(host)
}

function matcherOf(entry: string): (host: string) => boolean {
  const [address = '', bits] = entry.split('/')
  const family = isIP(address)
  if (family !== 0) {
    const most = family === 4 ? 32 : 128
    const length = bits === undefined ? most : Number(bits)
    if (!Number.isInteger(length) || length < 0 || length > most) return () => false
    const { BlockList } = process.getBuiltinModule('node:net')
    const list = new BlockList()
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
    return (host) => isIP(host) !== 0 && list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6')
  }
  const name = entry.replace(/^\*?\./, '')
  if (name === '') return () => false
  return (host) => host === name || host.endsWith(`.${name}`)
}
