import { connectingTo } from '../../public-address.ts'
import { type Context, TemperError } from '../../temper.ts'
import { hostArchives, portOf, type Resolve, resolver } from './reach.ts'

/** As much of a context as says whom a service was told to ask. */
type Told = Pick<Context, 'mirrors' | 'insecureRegistries' | 'npmRegistry' | 'pythonIndex'>

/** Addresses that whoever runs a service has named: builds may ask them wherever they are. */
export async function configuredAddresses(context: Told): Promise<readonly string[]> {
  const own = [await context.npmRegistry?.(), await context.pythonIndex?.()]
  return [
    ...Object.values(context.mirrors).flat(),
    ...context.insecureRegistries.map((host) => `http://${host}`),
    ...own.filter((address) => address !== undefined),
    ...(await hostArchives()),
  ]
}

/** The context in which the service itself looks at what a recipe names: it asks nobody whom a build of the recipe may not ask. */
export async function contextWithin(
  context: Context,
  { archives, reachable }: { readonly archives: readonly string[]; readonly reachable: readonly string[] },
): Promise<Context> {
  const resolve = resolver({ configured: await configuredAddresses(context), archives, reachable })
  return { ...context, fetch: fetchWithin(resolve, context.fetch) }
}

/** A `fetch` that asks only whom a judge lets through, redirects included, since each is a request of its own. */
export function fetchWithin(resolve: Resolve, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input))
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const judged = await resolve(host, portOf(url))
    if (judged !== undefined)
      return await fetch(input, connectingTo('address' in judged ? judged.all : [], init))
    throw new TemperError(
      'network',
      `${url.host} is not asked for what a recipe names: expected an archive of the recipe, a public address or one of factory.reachable`,
      { details: { status: 0 } },
    )
  }
}
