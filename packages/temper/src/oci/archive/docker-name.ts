import type { Descriptor } from '../../model/image.ts'
import { type LayoutIndex, namesOf } from '../layout/index-file.ts'
import type { LayoutReader } from '../layout/reader.ts'
import { looksLikeHost } from '../name.ts'
import { normalizeDockerName } from '../reference.ts'
import type { DockerImage } from './pack.ts'

/** Where docker save and containerd put the whole name of an image in index.json. */
const fullNameAnnotation = 'io.containerd.image.name'

/** An index as Docker's archives have it: names taken from where Docker put them. */
export function withDockerNames(index: LayoutIndex): LayoutIndex {
  const entries = index.entries.map((entry) => {
    const full = entry.descriptor.annotations?.[fullNameAnnotation]
    const name = full === undefined ? undefined : normalizeDockerName(full)
    return name === undefined ? entry : { ...entry, name }
  })
  return { ...index, entries }
}

/** Adds to each named entry the full name, which containerd gives to the image that it imports. */
export function withFullNames(index: LayoutIndex): LayoutIndex {
  const entries = index.entries.map((entry) => {
    if (entry.name === undefined) return entry
    const annotations = { ...entry.descriptor.annotations, [fullNameAnnotation]: fullName(entry.name) }
    return { ...entry, raw: { ...entry.raw, annotations } }
  })
  return { ...index, entries }
}

function fullName(name: string): string {
  const slash = name.indexOf('/')
  if (slash < 0) return `docker.io/library/${name}`
  return looksLikeHost(name.slice(0, slash)) ? name : `docker.io/${name}`
}

/**
 * The images for manifest.json: each named image once, with all its names. Of an index it can hold only the first
 * image.
 */
export async function dockerImages(reader: LayoutReader, index: LayoutIndex): Promise<DockerImage[]> {
  const images = new Map<string, DockerImage>()
  for (const name of namesOf(index)) {
    const entry = index.entries.find((each) => each.name === name)
    const manifest = entry === undefined ? undefined : await firstImage(reader, entry.descriptor)
    if (manifest === undefined) continue
    const names = images.get(manifest.config)?.names ?? []
    images.set(manifest.config, { ...manifest, names: [...names, name] })
  }
  return [...images.values()]
}

async function firstImage(
  reader: LayoutReader,
  descriptor: Descriptor,
): Promise<Omit<DockerImage, 'names'> | undefined> {
  const parsed = await reader.parse(descriptor)
  if (parsed.kind === 'manifest')
    return { config: parsed.manifest.config.digest, layers: parsed.manifest.layers }
  const [first] = parsed.index.manifests
  return first === undefined ? undefined : firstImage(reader, first)
}
