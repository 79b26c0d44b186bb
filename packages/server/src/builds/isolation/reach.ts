import { lookup } from 'node:dns/promises'
import { readdir, readFile } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'

/** The machine itself, what hands out credentials to machines in clouds, and what is no single host. */
const never = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  never.addSubnet(address, bits, 'ipv4')
for (const [address, bits] of [
  ['fe80::', 10],
  ['ff00::', 8],
  // IPv4 in other clothes (RFC 6052); mapped addresses are judged as what they stand for.
  ['64:ff9b::', 96],
] as const)
  never.addSubnet(address, bits, 'ipv6')
for (const address of ['100.100.100.200', '168.63.129.16']) never.addAddress(address, 'ipv4')
for (const address of ['fd00:ec2::254', 'fd20:ce::254', '::']) never.addAddress(address, 'ipv6')

/** Which hosts builds may ask. */
export interface Reach {
  /** Addresses that whoever runs the service has named: mirrors, registries of packages. Asked wherever they are. */
  readonly configured: readonly string[]
  /** Archives that the recipe names: they may be on this machine. */
  readonly archives: readonly string[]
}

/** Finds the address of a host that builds may ask, or undefined. Throws where the name means nothing. */
export type Resolve = (host: string, port: number) => Promise<string | undefined>

export function resolver({ configured, archives }: Reach): Resolve {
  const [trusted, named] = [placesOf(configured), placesOf(archives)]
  return async (host, port) => {
    const place = `${host.toLowerCase()}:${port}`
    const addresses = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }]
    const usable = ({ address }: { readonly address: string }) => {
      if (trusted.has(place)) return true
      if (isOneOf(never, address)) return false
      return !isHere(address) || named.has(place)
    }
    // One forbidden address is enough: a name that has both kinds was made to lead here.
    return addresses.every(usable) ? addresses[0]?.address : undefined
  }
}

function placesOf(addresses: readonly string[]): ReadonlySet<string> {
  const urls = addresses.map((address) => URL.parse(address)).filter((url) => url !== null)
  return new Set(urls.map((url) => `${url.hostname.replace(/^\[|\]$/g, '')}:${portOf(url)}`))
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** Whether an address is one of this machine's. */
function isHere(address: string): boolean {
  const own = new BlockList()
  own.addSubnet('127.0.0.0', 8, 'ipv4')
  own.addAddress('::1', 'ipv6')
  for (const each of Object.values(networkInterfaces()).flat())
    if (each !== undefined) own.addAddress(each.address, each.family === 'IPv6' ? 'ipv6' : 'ipv4')
  return isOneOf(own, address)
}

function isOneOf(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Addresses of the archives of this machine's own package manager. */
export async function hostArchives(): Promise<readonly string[]> {
  const folder = '/etc/apt/sources.list.d'
  const more = (await readdir(folder).catch(() => [])).map((name) => join(folder, name))
  const files = ['/etc/apt/sources.list', '/etc/apk/repositories', ...more]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap((text) => text.match(/https?:\/\/[^\s\]]+/g) ?? [])
}
