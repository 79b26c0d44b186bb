import { isDeepStrictEqual } from 'node:util'
import { TemperError } from '../../base/error.ts'
import type { ComparedFinding } from '../../model/advisory/scan-report.ts'
import type { Image } from '../../model/image.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import { readImage } from '../../oci/image/read-image.ts'
import type { Context } from '../context.ts'
import { diffSboms, type SbomDiff } from '../sbom/diff.ts'
import { openImage } from './source.ts'

export interface ImageDiffRequest {
  readonly old: Reference
  readonly young: Reference
  readonly platform?: ImagePlatform
  /** Advisories; absent: those in the cache, if any. */
  readonly feeds?: string
}

export interface ConfigurationChange {
  /** "Env PATH", "Entrypoint", "User". */
  readonly name: string
  /** JSON values; absent when not set. */
  readonly old?: unknown
  readonly new?: unknown
}

/** One side of a comparison. */
export interface ImageMeasure {
  /** Bytes of all layers as they are transferred. */
  readonly size: number
  readonly layers: number
}

export interface ImageDiff extends SbomDiff {
  readonly configuration: readonly ConfigurationChange[]
  readonly measures: {
    readonly old: ImageMeasure
    readonly new: ImageMeasure
    /** Layers, and their bytes, that need not be fetched by whoever has the old image. */
    readonly shared: ImageMeasure
  }
  /** Absent when there are no advisories. */
  readonly vulnerabilities?: {
    readonly appeared: readonly ComparedFinding[]
    readonly disappeared: readonly ComparedFinding[]
  }
}

/** What was added, removed and changed between two images: packages, files, configuration, size, layers, vulnerabilities. */
export async function diffImages(request: ImageDiffRequest, context: Context): Promise<ImageDiff> {
  const { platform } = request
  const options = platform === undefined ? {} : { platform }
  const [old, young] = [
    await imageAt(request.old, options, context),
    await imageAt(request.young, options, context),
  ]
  const targets = { old: asTarget(request.old), young: asTarget(request.young) }
  const contents = await diffSboms({ ...targets, ...options, source: 'layers' }, context)
  const vulnerabilities = await compareFindings(request, context)
  const configuration = configurationChanges(old, young)
  return {
    ...contents,
    equal: contents.equal && configuration.length === 0,
    configuration,
    measures: { old: measureOf(old), new: measureOf(young), shared: sharedOf(old, young) },
    ...(vulnerabilities === undefined ? {} : { vulnerabilities }),
  }
}

const asTarget = (reference: Reference) => ({ kind: 'image', reference }) as const

async function imageAt(
  reference: Reference,
  options: { readonly platform?: ImagePlatform },
  context: Context,
): Promise<Image> {
  const { store, root } = await openImage(reference, context)
  try {
    return await readImage(store, root, options)
  } finally {
    await store.close()
  }
}

async function compareFindings(
  { old, young, platform, feeds }: ImageDiffRequest,
  context: Context,
): Promise<ImageDiff['vulnerabilities']> {
  const { scan } = await import('../scan/scan.ts')
  try {
    const { reports } = await scan(
      {
        targets: [asTarget(young)],
        compare: { kind: 'target', target: asTarget(old) },
        secrets: 'none',
        ...(platform === undefined ? {} : { platform }),
        ...(feeds === undefined ? {} : { feeds }),
      },
      context,
    )
    const comparison = reports[0]?.comparison
    return comparison === undefined
      ? undefined
      : { appeared: comparison.appeared, disappeared: comparison.disappeared }
  } catch (error) {
    // Without advisories the rest of the comparison is still worth something; those that were named have to be there.
    if (feeds === undefined && error instanceof TemperError && error.code === 'not-found') return undefined
    throw error
  }
}

function measureOf({ layers }: Pick<Image, 'layers'>): ImageMeasure {
  return { size: layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0), layers: layers.length }
}

function sharedOf(old: Image, young: Image): ImageMeasure {
  const known = new Set(old.layers.map(({ descriptor }) => descriptor.digest))
  return measureOf({ layers: young.layers.filter(({ descriptor }) => known.has(descriptor.digest)) })
}

/** Changes of the configuration, member by member, and of the environment variable by variable. */
export function configurationChanges(
  old: Pick<Image, 'config'>,
  young: Pick<Image, 'config'>,
): readonly ConfigurationChange[] {
  const [before, after] = [settingsOf(old), settingsOf(young)]
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const change = { old: before.get(name), new: after.get(name) }
    if (isDeepStrictEqual(change.old, change.new)) return []
    return [
      {
        name,
        ...(before.has(name) ? { old: change.old } : {}),
        ...(after.has(name) ? { new: change.new } : {}),
      },
    ]
  })
}

function settingsOf({
  config: { architecture, os, config = {} },
}: Pick<Image, 'config'>): Map<string, unknown> {
  const { Env: environment = [], ...others } = config
  const variables = environment.map((line): [string, unknown] => {
    const equals = line.indexOf('=')
    return equals < 0 ? [`Env ${line}`, ''] : [`Env ${line.slice(0, equals)}`, line.slice(equals + 1)]
  })
  return new Map<string, unknown>([
    ['platform', `${os}/${architecture}`],
    ...Object.entries(others),
    ...variables,
  ])
}
