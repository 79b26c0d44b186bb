import type { Context } from '../temper.ts'
import type { PublishPlace } from './world.ts'

export interface PlaceOptions {
  readonly context: Context
  /** Address of another registry, as the settings name it; absent: the service's own. */
  readonly registry?: string
  /** Host and port under which the service's own registry is reached from here. */
  readonly own: () => string
  /** The token by which the service's own registry lets the factory in. */
  readonly token: string
  /** The address by which registry clients know it. */
  readonly knownAs?: string
  /** The service's own registry, for what its HTTP interface does not offer. */
  readonly inside: Required<Pick<PublishPlace, 'setTag' | 'subjects' | 'staysPut'>>
}

/**
 * The registry that images go to. The service's own is asked over HTTP like any other, so that images elsewhere are
 * no different.
 */
export function publishPlace({ context, registry, own, token, knownAs, inside }: PlaceOptions): PublishPlace {
  if (registry !== undefined) {
    const prefix = registry.replace(/^https?:\/\//, '').replace(/\/+$/, '')
    const host = prefix.split('/', 1)[0] ?? prefix
    const plain = registry.startsWith('http://') ? [host] : []
    const there = { ...context, insecureRegistries: [...context.insecureRegistries, ...plain] }
    return { prefix: () => prefix, knownAs: () => knownAs ?? prefix, context: () => there }
  }
  return {
    ...inside,
    prefix: own,
    knownAs: () => knownAs ?? own(),
    context: () => ({
      ...context,
      insecureRegistries: [...context.insecureRegistries, own()],
      credentials: async (asked) =>
        asked === own() ? { kind: 'password', username: 'factory', password: token } : undefined,
    }),
  }
}
