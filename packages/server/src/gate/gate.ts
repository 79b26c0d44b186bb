import { access } from 'node:fs/promises'
import pLimit from 'p-limit'
import type { ImageGate } from '../registry/image-gate.ts'
import {
  type Context,
  gate,
  gateJson,
  openPolicy,
  parseReference,
  silentProgress,
  TemperError,
} from '../temper.ts'

/** Images that are judged at the same time: each is read whole. */
const atOnce = 2

export interface GateOptions {
  /** Name of a packaged policy, or path of a file. */
  readonly policy: string
  /** Folder of feeds; default: those of the context. */
  readonly feeds?: string
  /** Whether feeds may still be missing: then the policy decides what that means. */
  readonly feedsAwaited?: boolean
  /** The context that images are judged in. */
  readonly context: Context
  /** Host and port under which the registry can be reached from here. */
  readonly registry: () => string
  /** The token that the gate reads images with. */
  readonly token: string
  /** The name of the registry in the policy's patterns; default: its address. */
  readonly knownAs?: string
}

/** Throws `not-found` and `bad-policy`: a policy that cannot be read stops the service before it accepts anything. */
export async function openGate(options: GateOptions): Promise<ImageGate> {
  const { context, registry, token, feeds, feedsAwaited = false, knownAs } = options
  const policy = await openPolicy(options.policy, context)
  const limited = pLimit(atOnce)
  return (repository, digest) =>
    limited(async () => {
      const host = registry()
      const own: Context = {
        ...context,
        progress: silentProgress,
        insecureRegistries: [...context.insecureRegistries, host],
        credentials: async (asked) =>
          asked === host ? { kind: 'password', username: 'gate', password: token } : undefined,
      }
      try {
        const judge = (scan: { readonly feeds?: string }) =>
          gate(
            {
              policy,
              reference: parseReference(`${host}/${repository}@${digest}`),
              repositories: [`${knownAs ?? host}/${repository}`],
              scan,
            },
            own,
          )
        const outcome =
          feeds === undefined || (feedsAwaited && !(await isThere(feeds)))
            ? await judge({})
            : await judge({ feeds })
        const reasons = gateJson(outcome).reasons.map(({ rule, found }) => ({ rule, found }))
        return { allowed: outcome.allowed, policy: policy.name, reasons }
      } catch (error) {
        if (!(error instanceof TemperError)) throw error
        return {
          allowed: false,
          policy: policy.name,
          reasons: [{ rule: 'not-judged', found: error.message }],
        }
      }
    })
}

/** A factory has no feeds at all until the first could be read. */
function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
