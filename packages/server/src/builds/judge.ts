import type { FindingRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { findingsAgainst, findingsOf, knownFeeds, rulesOf } from '../images/findings.ts'
import { lookUpImage } from '../images/image-row.ts'
import { type KeptPackage, packagesOf } from '../images/packages.ts'
import { currentDigest } from '../images/tags.ts'
import {
  assess,
  type Component,
  type Context,
  gateUnsigned,
  type ImageInterface,
  imageIds,
  interfaceOf,
  inventoryOf,
  type Reference,
  TemperError,
} from '../temper.ts'
import type { Built } from './commands.ts'

export interface Scanned {
  readonly packages: readonly KeptPackage[]
  readonly findings: readonly FindingRow[]
  /** The tier that it reaches. */
  readonly grade: string
  /** What each platform offers to whoever runs it. */
  readonly interfaces: readonly ImageInterface[]
  /** Digests of the manifests and configurations of its platforms. */
  readonly ids: readonly string[]
  /** The contents of each platform's layers, as they were read. */
  readonly found: ReadonlyMap<string, readonly Component[]>
}

/** Examines the image that was built, with all files of all platforms, whatever the build says about it. */
export async function scanBuilt(
  world: FactoryWorld,
  { reference, platforms }: { readonly reference: Reference; readonly platforms: Built['platforms'] },
): Promise<Scanned> {
  const { context } = world
  const packages = new Map<string, KeptPackage>()
  const components = new Map<string, readonly Component[]>()
  const grades: string[] = []
  const interfaces: ImageInterface[] = []
  for (const platform of platforms) {
    const chosen = platformOf(platform)
    const target = { kind: 'image', reference } as const
    const { inventory } = await inventoryOf(target, { platform: chosen, source: 'layers' }, context)
    for (const each of packagesOf(inventory)) packages.set(each.id, each)
    components.set(platform, inventory.components)
    grades.push(await gradeOf(world, { target, platform: chosen }))
    interfaces.push(await interfaceOf({ reference, platform: chosen }, context))
  }
  const all = [...packages.values()]
  return {
    packages: all,
    findings: await findingsAgainst(world, all),
    grade: lowest(grades),
    interfaces,
    found: components,
    ids: await imageIds({ reference }, context),
  }
}

export async function gradeOf(
  world: FactoryWorld,
  request: Pick<Parameters<typeof assess>[0], 'target' | 'platform'>,
): Promise<string> {
  const ask = (rules: { readonly feeds?: string }) => assess({ ...request, ...rules }, world.context)
  // Without feeds of its own it is asked with those of the machine, of which there may be none either.
  const { assessment } = (await knownFeeds(world, () => ask(rulesOf(world)))) ?? (await ask({}))
  return assessment.tier
}

const order = ['regular', 'minimal', 'hardened', 'secure']

function lowest(grades: readonly string[]): string {
  return [...grades].sort((a, b) => order.indexOf(a) - order.indexOf(b))[0] ?? 'regular'
}

function platformOf(text: string): {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
} {
  const [os = 'linux', architecture = 'amd64', variant] = text.split('/')
  return { os, architecture, ...(variant === undefined ? {} : { variant }) }
}

/**
 * Refuses an image before it is signed: by the policy if there is one, and otherwise if it has a critical or high
 * finding that can be repaired and that the image it replaces does not have. Throws `gate-refused`.
 */
export async function judgeBuilt(
  world: FactoryWorld,
  image: {
    readonly name: string
    readonly reference: Reference
    readonly digest: string
    readonly scanned: Scanned
  },
): Promise<void> {
  const { policy, registry } = world
  await refuseWithdrawn(world, image)
  if (policy === undefined) return await refuseWorse(world, image)
  const { name, reference, digest } = image
  const repositories = [`${registry.knownAs()}/${name}`]
  const candidate = {
    reference,
    digest,
    repositories,
    state: 'it was built, but is not signed and not published',
  }
  const judge = (scan: { readonly feeds?: string }) =>
    gateUnsigned(candidate, { policy, scan }, judging(world))
  // Before there are any feeds it says so, and the policy decides what that means.
  if ((await knownFeeds(world, () => judge(rulesOf(world)))) === undefined) await judge({})
}

/** Whom the person at this machine trusts is not whom the service does. */
function judging({ context }: FactoryWorld): Context {
  const { trust: _, ...rest } = context
  return rest
}

/** The same packages give the same image: what somebody took back must not come again by itself. */
async function refuseWithdrawn(
  { db }: FactoryWorld,
  { name, digest }: { readonly name: string; readonly digest: string },
): Promise<void> {
  const row = await lookUpImage(db, name, digest)
  if (row?.withdrawal != null)
    throw new TemperError('gate-refused', `The image was withdrawn: ${row.withdrawal.reason}`)
}

async function refuseWorse(
  { db }: FactoryWorld,
  { name, scanned }: { readonly name: string; readonly scanned: Scanned },
): Promise<void> {
  const current = await currentDigest(db, name)
  if (current === undefined) return
  const before = new Set(
    (await findingsOf(db, current)).map(({ advisory, package: of }) => `${advisory} ${of}`),
  )
  const names = new Map(scanned.packages.map(({ id, component }) => [id, component.name]))
  const worse = scanned.findings.filter(
    ({ package: id, advisory, severity, fixed }) =>
      (severity === 'critical' || severity === 'high') &&
      fixed != null &&
      !before.has(`${advisory} ${names.get(id)}`),
  )
  if (worse.length === 0) return
  const told = worse
    .slice(0, 10)
    .map(({ advisory, package: id, fixed }) => `${advisory} in ${names.get(id)}, fixed in ${fixed}`)
  throw new TemperError(
    'gate-refused',
    `It has problems that the image it would replace does not have: ${told.join('; ')}`,
  )
}
