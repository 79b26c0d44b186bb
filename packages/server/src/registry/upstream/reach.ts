import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { connectingTo, isOneOf, isPublicAddress } from '../../public-address.ts'
import { TemperError } from '../../temper.ts'

/** Where machines ask for what they are: nothing that a registry needs is there. */
const linkLocal = new BlockList()
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4')
linkLocal.addSubnet('fe80::', 10, 'ipv6')

/** Most seconds of waiting that another registry may ask for: whoever asks here is rather told to come back. */
const patience = 5

/** The addresses of a host; none where the name is not known here, such as where a proxy looks names up. */
export type Lookup = (host: string) => Promise<readonly string[]>

const lookupHere: Lookup = async (host) =>
  (await lookup(host, { all: true }).catch(() => [])).map(({ address }) => address)

/**
 * A `fetch` for another registry, which may lead elsewhere: to where its blobs are, to whoever issues its tokens. One of the Internet leads
 * nowhere into the own network, and none to where machines ask for what they are: the addresses that were judged are the ones connected to. Where it asks to wait for long, that is an error at once,
 * with the seconds as the detail `retryAfter`. `address` is that of the registry.
 */
export function fetchFrom(
  address: string,
  fetch: typeof globalThis.fetch,
  find: Lookup = lookupHere,
): typeof globalThis.fetch {
  const own = hostOf(new URL(address))
  let isInside: Promise<boolean> | undefined
  /** Its addresses; undefined for the registry itself, which is reached wherever it is. */
  const demandReachable = async (url: URL) => {
    const host = hostOf(url)
    if (host === own) return undefined
    const addresses = await addressesOf(host, find)
    const closed = addresses.find((each) => !isPublicAddress(each))
    if (closed === undefined) return addresses
    isInside ??= addressesOf(own, find).then((each) => each.some((one) => !isPublicAddress(one)))
    if (!isOneOf(linkLocal, closed) && (await isInside)) return addresses
    throw new TemperError(
      'network',
      `${own} leads to ${host}, which is ${closed}: expected a public address, found one of a private network`,
      { details: { status: 0 } },
    )
  }
  return async (input, init) => {
    const addresses = await demandReachable(new URL(input instanceof Request ? input.url : String(input)))
    const answer = await fetch(input, connectingTo(addresses, init))
    const wait = waitOf(answer)
    if (wait === undefined || wait <= patience) return answer
    throw new TemperError(
      'network',
      `${own} has no time: it answers ${answer.status}, and asks to wait ${wait} s`,
      { details: { status: answer.status, retryAfter: wait } },
    )
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

async function addressesOf(host: string, find: Lookup): Promise<readonly string[]> {
  return isIP(host) === 0 ? await find(host) : [host]
}

/** Seconds: a number, or until a date (RFC 9110, section 10.2.3). */
function waitOf({ status, headers }: Response): number | undefined {
  const text = status === 429 || status === 503 ? headers.get('retry-after') : null
  if (text === null) return undefined
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
