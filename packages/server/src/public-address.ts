import { BlockList, isIP } from 'node:net'

/* Networks that are not the Internet's: RFC 6890 with its updates in IANA's registries, and addresses that stand for others. */
const closed = new BlockList()
const networks = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16
  198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
  ::/127 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10
  ff00::/8`
for (const network of networks.trim().split(/\s+/)) {
  const [address = '', bits] = network.split('/')
  closed.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4')
}

/** Whether an address is public. An IPv4 address written as IPv6 counts as the IPv4 address. */
export function isPublicAddress(address: string): boolean {
  return isIP(address) !== 0 && !isOneOf(closed, address)
}

export function isOneOf(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The request of a context's `fetch` with the addresses that were judged: it connects to one of them, or leaves them to a proxy. A name could
 * mean something else by the time that it is looked up again.
 */
export function connectingTo(
  addresses: readonly string[] | undefined,
  init: RequestInit | undefined,
): RequestInit | undefined {
  if (addresses === undefined) return init
  const judged: RequestInit & { readonly addresses: readonly string[] } = { ...init, addresses }
  return judged
}
