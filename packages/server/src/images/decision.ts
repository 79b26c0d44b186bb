import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ownTrust } from '../factory/signing.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { attest, parseReference, TemperError, trustedStatements } from '../temper.ts'

/** Type of the statement by which the service signs what somebody decided about an image that is published. */
const decisionType = 'urn:temper:decision:v1'

export const decisionSchema = z.strictObject({
  image: z.string(),
  digest: z.string(),
  action: z.enum(['promote', 'withdraw']),
  /** The name of the token that decided, or "rule". */
  by: z.string(),
  reason: z.string().nullable(),
  at: z.iso.datetime(),
  /** Tags that were moved, with their new digests: null for removed tags. */
  moved: z.array(z.strictObject({ tag: z.string(), to: z.string().nullable() })),
})

export type Decision = z.output<typeof decisionSchema>

type World = Pick<FactoryWorld, 'registry' | 'signing' | 'log' | 'scratch'>

/**
 * Signs a decision and attaches it to its image, so that it outlives the database. No tag names a withdrawn image any
 * more, so the decision is also attached to the images that its tags fell back to.
 */
export async function signDecision({ registry, signing, scratch }: World, decision: Decision): Promise<void> {
  const folder = await scratch.folder('decision')
  try {
    const predicate = join(folder, 'decision.json')
    await writeFile(predicate, JSON.stringify(decision))
    const subjects = new Set([decision.digest, ...decision.moved.flatMap(({ to }) => to ?? [])])
    for (const subject of subjects) {
      const reference = parseReference(`${registry.prefix()}/${decision.image}@${subject}`)
      const statement = { reference, type: decisionType, predicate, scheme: 'referrers', ...signing } as const
      await attest(statement, registry.context())
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Decisions about an image, and about images whose tags fell back to it, the oldest first. Only decisions that the
 * service signed count.
 */
export async function decisionsOf(
  { registry, signing, log }: World,
  name: string,
  digest: string,
): Promise<readonly Decision[]> {
  const reference = parseReference(`${registry.prefix()}/${name}@${digest}`)
  const request = { reference, type: decisionType, ...(await ownTrust(signing)) }
  const statements = await trustedStatements(request, registry.context()).catch((error: unknown) => {
    if (error instanceof TemperError && error.code === 'not-found') return []
    throw error
  })
  return statements
    .flatMap(({ predicate }) => {
      const read = decisionSchema.safeParse(predicate)
      if (read.success && read.data.image === name) return [read.data]
      log.warn({ name, digest }, 'a statement about a decision cannot be read')
      return []
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1))
}
