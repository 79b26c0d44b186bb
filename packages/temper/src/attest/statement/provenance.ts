import type { Digest } from '../../base/digest.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { formatPurl } from '../../formats/purl/purl.ts'
import type { ResourceDescriptor } from '../../model/attestation.ts'
import type { Lock, LockedPackage, LockedPlatform, LockedStep, LockedSuite } from '../../model/lock.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'
import { digestSet } from './in-toto.ts'

/**
 * How images are built: docs/reference/build-type.md. When the meaning of a member changes, the type gets a new
 * address.
 */
export const buildType = 'urn:temper:build:image:v1'

/** The builder id of a build that was given no identity. */
export const defaultBuilderId = 'urn:temper:builder:unnamed'

/** A file that went into the build and is attached to the image beside the provenance. */
export interface BuildInput {
  /** "recipe.yaml", "recipe.lock.json", or the name of a file as the recipe writes it. */
  readonly name: string
  readonly mediaType: string
  readonly digest: Digest
  /** Size in bytes. */
  readonly size: number
}

/** What happened to the image of one platform. */
export interface PlatformFacts {
  readonly platform: string
  readonly digest: Digest
  /** Number of package entries that were left out, by reason. */
  readonly stripped: Readonly<Record<string, number>>
  readonly relaxations: readonly Relaxation[]
}

/** Everything that provenance says about a build. */
export interface BuildFacts {
  readonly builderId: string
  /** Version of Temper. */
  readonly version: string
  /** Revision of whatever decides bytes besides recipe and lock. */
  readonly revision: number
  readonly recipe: Recipe
  readonly vars: Readonly<Record<string, string>>
  readonly sourceDateEpoch: number | undefined
  readonly lock: Lock
  readonly inputs: readonly BuildInput[]
  readonly platforms: readonly PlatformFacts[]
  /** Names the build by everything that its result depends on. */
  readonly invocation: Digest
  /** The package URL of a package. */
  readonly packageUrl: (locked: LockedPackage) => string
}

/**
 * SLSA provenance v1 (slsa.dev/spec/v1.0/provenance) of a build. It holds no time: the same build has the same
 * provenance, wherever and whenever it runs.
 */
export function buildProvenance(facts: BuildFacts): JsonObject {
  const wanted = new Set(facts.platforms.map(({ platform }) => platform))
  const locked = facts.lock.platforms.filter(({ platform }) => wanted.has(platform))
  return {
    buildDefinition: {
      buildType,
      externalParameters: {
        recipe: facts.recipe,
        platforms: [...wanted],
        vars: facts.vars,
        ...(facts.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: facts.sourceDateEpoch }),
      },
      internalParameters: {
        revision: facts.revision,
        distribution: facts.lock.distribution,
        compressor: facts.lock.compressor,
        platforms: locked.map((each) => platformParameters(each, facts)),
      },
      resolvedDependencies: [
        ...facts.inputs.map(inputDependency),
        ...baseDependencies(locked),
        ...facts.lock.suites.map(suiteDependency),
        ...packageDependencies(locked, facts),
        ...languageDependencies(locked),
      ],
    },
    runDetails: {
      builder: { id: facts.builderId, version: { temper: facts.version } },
      metadata: { invocationId: facts.invocation },
    },
  }
}

function platformParameters(locked: LockedPlatform, { platforms }: BuildFacts): JsonObject {
  const facts = platforms.find(({ platform }) => platform === locked.platform)
  return {
    platform: locked.platform,
    digest: facts?.digest,
    pruned: locked.pruned,
    stripped: facts?.stripped ?? {},
    relaxations: facts?.relaxations ?? [],
    effects: locked.effects,
    unmodelledEffects: locked.unmodelledEffects,
    ...(locked.steps === undefined ? {} : { steps: locked.steps.map(stepParameters) }),
  }
}

/** What a step made, and of which packages; what it ran stands in the recipe. */
function stepParameters({ name, packages, outputs }: LockedStep): JsonObject {
  return {
    name,
    packages: packages.map(({ name: packageName, version, digest }) => ({
      name: packageName,
      version,
      digest,
    })),
    outputs: outputs.map((output) => ({ ...output })),
  }
}

function inputDependency({ name, mediaType, digest, size }: BuildInput): ResourceDescriptor {
  return { name, digest: digestSet(digest), mediaType, annotations: { size } }
}

/** Each base once, by the digest of its manifest. */
function baseDependencies(platforms: readonly LockedPlatform[]): ResourceDescriptor[] {
  const all = platforms.flatMap(({ platform, base }) => (base === undefined ? [] : [{ platform, base }]))
  const byDigest = Map.groupBy(all, ({ base }) => base.digest)
  return [...byDigest].map(([digest, uses]) => ({
    name: uses[0]?.base.image ?? 'base',
    digest: digestSet(digest),
    annotations: { platforms: uses.map(({ platform }) => platform), role: 'base' },
  }))
}

function suiteDependency(suite: LockedSuite): ResourceDescriptor {
  const { repository, components, date, signedBy } = suite
  return {
    name: `${repository} ${suite.suite}`,
    uri: `${suite.address.replace(/\/+$/, '')}/dists/${suite.suite}`,
    digest: digestSet(suite.digest),
    annotations: { components, date, signedBy },
  }
}

/** Each package once, with the platforms that it is for: of images, and of what their steps ran over. */
function packageDependencies(platforms: readonly LockedPlatform[], facts: BuildFacts): ResourceDescriptor[] {
  const byDigest = new Map<Digest, { readonly first: LockedPackage; readonly platforms: string[] }>()
  for (const { platform, packages, steps = [] } of platforms) {
    for (const each of [...packages, ...steps.flatMap((step) => step.packages)]) {
      const known = byDigest.get(each.digest)
      if (known === undefined) byDigest.set(each.digest, { first: each, platforms: [platform] })
      else if (!known.platforms.includes(platform)) known.platforms.push(platform)
    }
  }
  return [...byDigest.values()].map(({ first, platforms: of }) => ({
    name: first.name,
    uri: facts.packageUrl(first),
    digest: digestSet(first.digest),
    ...downloadLocation(first, facts.lock.suites),
    annotations: { platforms: of, size: first.size, wantedBy: first.wantedBy },
  }))
}

/** Each file of an application's own packages once. */
function languageDependencies(platforms: readonly LockedPlatform[]): ResourceDescriptor[] {
  const all = platforms.flatMap(({ platform, dependencies = [] }) =>
    dependencies.map((each) => ({ platform, each })),
  )
  const byDigest = Map.groupBy(all, ({ each }) => each.digest)
  return [...byDigest.values()].flatMap((uses) => {
    const [first] = uses
    if (first === undefined) return []
    const { kind, name, version, digest, url, size, lockFile } = first.each
    const scoped = /^(@[^/]+)\/(.+)$/.exec(name)
    const named = scoped === null ? { name } : { namespace: scoped[1] ?? '', name: scoped[2] ?? '' }
    return [
      {
        name,
        uri: formatPurl({ type: kind === 'python' ? 'pypi' : kind, ...named, version }),
        digest: digestSet(digest),
        downloadLocation: url,
        annotations: {
          platforms: [...new Set(uses.map(({ platform }) => platform))],
          size,
          wantedBy: lockFile,
        },
      },
    ]
  })
}

function downloadLocation(
  { origin }: LockedPackage,
  suites: readonly LockedSuite[],
): Pick<ResourceDescriptor, 'downloadLocation'> {
  const suite = suites.find((each) => each.repository === origin.repository && each.suite === origin.suite)
  if (suite === undefined) return {}
  return { downloadLocation: `${suite.address.replace(/\/+$/, '')}/${origin.location}` }
}
