import type { Image, ImageConfig } from '../../model/image.ts'
import { formatPlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import { formatReference } from '../../oci/reference.ts'
import type { ImageDescription } from '../../policy/facts/facts.ts'
import { repositoryOf } from '../image/name.ts'

/** An image as its manifest and configuration describe it. */
export function describeImage(
  { descriptor, manifest, config }: Image,
  reference: Reference,
): ImageDescription {
  const { config: run = {}, created } = config
  return {
    reference: formatReference(reference),
    repository: repositoryOf(reference),
    digest: descriptor.digest,
    platform: formatPlatform(config),
    size: manifest.layers.reduce((sum, { size }) => sum + size, 0),
    layers: manifest.layers.length,
    ...(created === undefined ? {} : { created }),
    user: run.User ?? '',
    entrypoint: run.Entrypoint ?? [],
    cmd: run.Cmd ?? [],
    workdir: run.WorkingDir ?? '',
    stopSignal: run.StopSignal ?? '',
    env: environmentOf(run),
    ports: Object.keys(run.ExposedPorts ?? {}).sort(),
    volumes: Object.keys(run.Volumes ?? {}).sort(),
    labels: { ...run.Labels },
    annotations: { ...manifest.annotations },
  }
}

/** Of a name that is there twice the later value counts. */
function environmentOf({ Env = [] }: NonNullable<ImageConfig['config']>): Record<string, string> {
  return Object.fromEntries(
    Env.map((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}
