import { lookup } from 'node:dns/promises'
import { readdir, readFile } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isOneOf, isPublicAddress } from '../../public-address.ts'

/** What hands out credentials to machines in clouds, whoever asks: also within networks that builds may reach. */
const credentials = new BlockList()
for (const address of [
  // Most clouds; AWS for containers; Tencent.
  ...['169.254.169.254', '169.254.170.2', '169.254.170.23', '169.254.0.23'],
  // Alibaba, Azure, Oracle.
  ...['100.100.100.200', '168.63.129.16', '192.0.0.192'],
])
  credentials.addAddress(address, 'ipv4')
for (const address of ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254'])
  credentials.addAddress(address, 'ipv6')

/** No single host, or this one under another name. */
const never = new BlockList()
never.addSubnet('0.0.0.0', 8, 'ipv4')
never.addSubnet('224.0.0.0', 3, 'ipv4')
never.addSubnet('ff00::', 8, 'ipv6')
never.addAddress('::', 'ipv6')

/** Names that no public network has (RFC 6761, 6762, 8375, and ICANN's "internal"): whoever resolves them is asked within. */
const inner = /^[^.]+$|\.(?:localhost|local|internal|home\.arpa)$/

/** Which hosts builds may ask. */
export interface Reach {
  /** Addresses that whoever runs the service has named: mirrors, registries of packages. Asked wherever they are. */
  readonly configured: readonly string[]
  /** Archives that the recipe names: they may be in a private network, or on this machine. */
  readonly archives: readonly string[]
  /** What builds may reach besides of private networks: see `reachableSchema`. */
  readonly reachable: readonly string[]
}

/** How a host may be asked: by the address that was judged, one of all that it has, or by its name where only a proxy may know what that means; undefined: not at all. */
export type Judged =
  | { readonly address: string; readonly all: readonly string[] }
  | { readonly name: string }
  | undefined

/** Looks a host up, and judges what is connected to. */
export type Resolve = (host: string, port: number) => Promise<Judged>

/** All addresses of a name. Throws where it has none. */
type LookUp = (name: string) => Promise<readonly { readonly address: string }[]>

const usualLookUp: LookUp = (name) => lookup(name, { all: true })

/** An entry of `reachable`. */
interface Allowed {
  readonly port: number | undefined
  readonly hasName: (host: string) => boolean
  readonly hasAddress: (address: string) => boolean
}

const nobody = () => false

/** Reads an address, or a range of addresses. */
function readRange(text: string): Allowed['hasAddress'] | undefined {
  const [base = '', bits, ...more] = text.split('/')
  const version = isIP(base)
  const most = version === 6 ? 128 : 32
  if (version === 0 || more.length > 0 || !/^(?:\d{1,3})?$/.test(bits ?? '') || bits === '') return undefined
  const size = bits === undefined ? most : Number(bits)
  if (size > most) return undefined
  const list = new BlockList()
  list.addSubnet(base, size, version === 6 ? 'ipv6' : 'ipv4')
  return (address) => isOneOf(list, address)
}

const withPort =
  /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<host>\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*))(?::(?<port>\d{1,5}))?$/i

/** Undefined for what says nothing. */
function readAllowed(text: string): Allowed | undefined {
  const range = readRange(text)
  if (range !== undefined) return { port: undefined, hasName: nobody, hasAddress: range }
  const { six, host, port: digits } = withPort.exec(text)?.groups ?? {}
  const port = digits === undefined ? undefined : Number(digits)
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined
  const hasAddress = readRange(six ?? host ?? '')
  if (hasAddress !== undefined) return { port, hasName: nobody, hasAddress }
  if (host === undefined) return undefined
  const name = host.toLowerCase()
  const hasName = (asked: string) => (name.startsWith('.') ? asked.endsWith(name) : asked === name)
  return { port, hasName, hasAddress: nobody }
}

/** One entry of the list of private hosts and networks that builds may reach. */
export const reachableSchema = z
  .string()
  .refine(
    (text) => readAllowed(text) !== undefined,
    'expected a host, ".domain", an address or a range such as 10.1.0.0/16',
  )

export function resolver({ configured, archives, reachable }: Reach, lookUp = usualLookUp): Resolve {
  const [trusted, named] = [placesOf(configured), placesOf(archives)]
  const allowed = reachable.flatMap((text) => readAllowed(text) ?? [])
  return async (asked, port) => {
    const host = asked.toLowerCase().replace(/\.$/, '')
    const place = `${host}:${port}`
    const fits = allowed.filter((each) => each.port === undefined || each.port === port)
    const isNamed = named.has(place) || fits.some(({ hasName }) => hasName(host))
    const usable = ({ address }: { readonly address: string }) => {
      if (trusted.has(place)) return true
      if (isOneOf(credentials, address) || isOneOf(never, address)) return false
      if (isNamed || fits.some(({ hasAddress }) => hasAddress(address))) return true
      return isPublicAddress(address) && !isHere(address)
    }
    const addresses = isIP(host) === 0 ? await lookUp(host).catch(() => undefined) : [{ address: host }]
    if (addresses === undefined)
      return trusted.has(place) || isNamed || !inner.test(host) ? { name: host } : undefined
    const [first] = addresses
    // One forbidden address is enough: a name that has both kinds was made to lead here.
    if (first === undefined || !addresses.every(usable)) return undefined
    return { address: first.address, all: addresses.map(({ address }) => address) }
  }
}

function placesOf(addresses: readonly string[]): ReadonlySet<string> {
  const urls = addresses.map((address) => URL.parse(address)).filter((url) => url !== null)
  return new Set(
    urls.map((url) => `${url.hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase()}:${portOf(url)}`),
  )
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** Whether an address is one of this machine's. */
function isHere(address: string): boolean {
  const own = new BlockList()
  for (const each of Object.values(networkInterfaces()).flat())
    if (each !== undefined) own.addAddress(each.address, each.family === 'IPv6' ? 'ipv6' : 'ipv4')
  return isOneOf(own, address)
}

/** Addresses of the archives of this machine's own package manager. */
export async function hostArchives(): Promise<readonly string[]> {
  const folder = '/etc/apt/sources.list.d'
  const more = (await readdir(folder).catch(() => [])).map((name) => join(folder, name))
  const files = ['/etc/apt/sources.list', '/etc/apk/repositories', ...more]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap((text) => text.match(/https?:\/\/[^\s\]]+/g) ?? [])
}
