import { gradeOf } from '../builds/judge.ts'
import { setClocks } from '../clocks/clocks.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { findingsAgainst, keepFindings } from '../images/findings.ts'
import { keepPackages, packagesOf } from '../images/packages.ts'
import { fetchFrom } from '../registry/upstream/reach.ts'
import { formatReference, inspect, inventoryOf, parseReference, TemperError } from '../temper.ts'

/**
 * The name of an image of another registry, as the service keeps it. Throws `bad-reference`, and `bad-usage` for a
 * registry that may not be asked.
 */
export function watchedName(
  image: string,
  { foreignRegistries }: Pick<FactoryWorld, 'foreignRegistries'>,
): string {
  const reference = parseReference(image)
  if (reference.kind !== 'registry')
    throw new TemperError('bad-usage', `Expected an image of a registry, found ${image.slice(0, 200)}`)
  const name = formatReference(reference)
  const host = name.split('/', 1)[0] ?? ''
  if (foreignRegistries.includes('*') || foreignRegistries.includes(host)) return name
  throw new TemperError('bad-usage', `The settings of the service do not allow it to ask ${host}`, {
    hint: 'Whoever runs the service names the registries whose images may be watched.',
  })
}

/** Checks a foreign image: whether its tag has moved, what it contains, and its findings. */
export async function lookAt(world: FactoryWorld, name: string): Promise<void> {
  const { db, now } = world
  const row = await db.selectFrom('watched').selectAll().where('image', '=', name).executeTakeFirst()
  if (row === undefined) return
  try {
    const reference = parseReference(name)
    const context = contextFor(world, name)
    const { digest } = await inspect({ reference, packages: false }, context)
    if (digest !== row.digest) await takeIn({ ...world, context }, name, digest)
    await db.updateTable('watched').set({ checked: now(), error: null }).where('image', '=', name).execute()
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    const told = error.message.slice(0, 1000)
    await db.updateTable('watched').set({ checked: now(), error: told }).where('image', '=', name).execute()
  }
}

/** It may be asked, and nobody in our own network by way of it. */
function contextFor({ context }: Pick<FactoryWorld, 'context'>, name: string): FactoryWorld['context'] {
  return { ...context, fetch: fetchFrom(`https://${name.split('/', 1)[0]}`, context.fetch) }
}

async function takeIn(world: FactoryWorld, name: string, digest: string): Promise<void> {
  const { db, context, now, sla } = world
  const bare = name.replace(/@.*$/, '').replace(/:[^:/]*$/, '')
  const reference = parseReference(`${bare}@${digest}`)
  const target = { kind: 'image', reference } as const
  const platform = { os: 'linux', architecture: 'amd64' }
  const { inventory } = await inventoryOf(target, { source: 'layers', platform }, context)
  const packages = packagesOf(inventory)
  const findings = await findingsAgainst(world, packages)
  const grade = await gradeOf(world, { target, platform })
  await db.transaction().execute(async (tx) => {
    await keepPackages(tx, digest, packages)
    await keepFindings(
      tx,
      packages.map(({ id }) => id),
      findings,
    )
    await tx.updateTable('watched').set({ digest, grade }).where('image', '=', name).execute()
    const at = now()
    await setClocks(tx, [{ image: name, digest }], { now: at, sla, published: { built: at, at } })
  })
}

/** Checks all watched images. */
export async function lookAtAll(world: FactoryWorld, signal: AbortSignal): Promise<void> {
  for (const { image } of await world.db.selectFrom('watched').select('image').orderBy('image').execute()) {
    signal.throwIfAborted()
    await lookAt(world, image)
  }
}
