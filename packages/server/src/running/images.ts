import { z } from 'zod'
import { TemperError, tryJson } from '../temper.ts'

/** An image that runs somewhere. */
export interface RunningImage {
  /** The name that it was started by: "registry.example/web:1"; null where only its digest is known. */
  readonly image: string | null
  /**
   * Digest of its manifest, or the id that a container engine gives it: the digest of its configuration. Null where
   * neither is stated.
   */
  readonly digest: string | null
  /** Number of containers. */
  readonly count: number
}

/** Most bytes that are read, and most different images. */
export const runningLimit = 64 << 20
const imageLimit = 100_000
/** Containers of one image that are counted: a database keeps no higher number. */
export const countLimit = 2 ** 31 - 1

/**
 * Images from the output of programs that list running containers: `docker ps` and `podman ps` as tables or JSON, `docker
 * inspect`, `crictl ps` as JSON, pods as `kubectl` prints them, or lines with an image each. The text itself shows which it
 * is. Throws `bad-usage` for any other text.
 */
export function readRunning(text: string, where: string): readonly RunningImage[] {
  const trimmed = text.trim()
  if (trimmed === '') return []
  const running = /^[[{]/.test(trimmed)
    ? fromJson(valuesIn(trimmed, where), where)
    : tableHead.test(trimmed)
      ? fromTable(trimmed, where)
      : fromLines(trimmed, where)
  return counted(running)
}

type NamedImage = Omit<RunningImage, 'count'> & { readonly count?: number }

/** One JSON value, or one on each line. */
function valuesIn(text: string, where: string): readonly unknown[] {
  const whole = tryJson(text)
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole]
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return []
    const value = tryJson(line)
    if (value === undefined) throw new TemperError('bad-usage', `${where}, line ${at + 1}: expected JSON`)
    return [value]
  })
}

const some = z.string().min(1).optional().catch(undefined)
const statuses = z.array(z.looseObject({ image: some, imageID: some })).catch([])
const pod = z.looseObject({
  status: z.looseObject({
    containerStatuses: statuses.optional(),
    initContainerStatuses: statuses.optional(),
    ephemeralContainerStatuses: statuses.optional(),
  }),
})
const list = z.looseObject({ items: z.array(z.unknown()) })
const crictl = z.looseObject({
  containers: z.array(z.looseObject({ imageRef: some, image: z.looseObject({ image: some }).optional() })),
})
const engine = z.looseObject({
  Image: some,
  ImageID: some,
  ImageDigest: some,
  RepoDigests: z.array(z.string()).optional().catch(undefined),
  Config: z.looseObject({ Image: some }).optional().catch(undefined),
})

function fromJson(values: readonly unknown[], where: string): readonly NamedImage[] {
  return values.flatMap((value): readonly NamedImage[] => {
    const items = list.safeParse(value)
    if (items.success) return fromJson(items.data.items, where)
    const containers = crictl.safeParse(value)
    if (containers.success)
      return containers.data.containers.map(({ imageRef, image }) => named(image?.image, imageRef))
    const onePod = pod.safeParse(value)
    if (onePod.success) {
      const {
        containerStatuses = [],
        initContainerStatuses = [],
        ephemeralContainerStatuses = [],
      } = onePod.data.status
      const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses]
      return all.map(({ image, imageID }) => named(image, imageID))
    }
    const read = engine.safeParse(value)
    const { Image, ImageID, ImageDigest, RepoDigests, Config } = read.data ?? {}
    if (Image === undefined && ImageID === undefined)
      throw new TemperError('bad-usage', `${where}: expected containers or pods, found something else`)
    return [named(Config?.Image ?? Image, ImageDigest ?? RepoDigests?.[0] ?? ImageID ?? Image)]
  })
}

function named(image: string | undefined, id: string | undefined): NamedImage {
  const digest = digestIn(id) ?? digestIn(image) ?? null
  const isName = image !== undefined && !/^(?:sha256:)?[0-9a-f]{12,64}$/.test(image)
  return { image: isName ? image : null, digest }
}

function digestIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const prefixed = /sha256:[0-9a-f]{64}/.exec(text)?.[0]
  return prefixed ?? (/^[0-9a-f]{64}$/.test(text) ? `sha256:${text}` : undefined)
}

/** How the tables of docker, podman and nerdctl begin: columns are as wide as their longest value, so that all begin below their names. */
const tableHead = /^(?:CONTAINER ID +)?IMAGE(?: +[A-Z]|\s*(?:\n|$))/

function fromTable(text: string, where: string): readonly NamedImage[] {
  const [head = '', ...rows] = text.split(/\r?\n/)
  const start = head.indexOf('IMAGE')
  const images = rows.flatMap((row, at) => {
    if (row.trim() === '') return []
    const image = /^\S+/.exec(row.slice(start))?.[0]
    if (image === undefined || (start > 0 && row[start - 1] !== ' '))
      throw new TemperError('bad-usage', `${where}, line ${at + 2}: expected an image below IMAGE`)
    return [named(image, undefined)]
  })
  if (images.length > 0 && images.every(({ image, digest }) => image === null && digest === null))
    throw new TemperError('bad-usage', `${where}: expected names of images, found only short ids`, {
      hint: 'The output of "docker inspect $(docker ps -q)" has names and digests.',
    })
  return images
}

function fromLines(text: string, where: string): readonly NamedImage[] {
  return text.split('\n').flatMap((line, at) => {
    const [image = '', count = '1', ...rest] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (image === '') return []
    if (rest.length > 0 || !/^\d{1,9}$/.test(count))
      throw new TemperError(
        'bad-usage',
        `${where}, line ${at + 1}: expected an image, and how many containers it has`,
      )
    return [{ ...named(image, undefined), count: Number(count) }]
  })
}

function counted(running: readonly NamedImage[]): readonly RunningImage[] {
  const all = new Map<string, RunningImage>()
  for (const { image, digest, count = 1 } of running) {
    if (image === null && digest === null) continue
    const key = `${image} ${digest}`
    all.set(key, { image, digest, count: Math.min(countLimit, (all.get(key)?.count ?? 0) + count) })
    if (all.size > imageLimit)
      throw new TemperError('limit-exceeded', `More than ${imageLimit} different images`)
  }
  return [...all.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}
