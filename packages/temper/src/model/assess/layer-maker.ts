import type { ImageConfig } from '../image.ts'

type History = NonNullable<ImageConfig['history']>

/** Instructions that put files into an image, as builders write them; what is not known may do so too. */
const harmless =
  /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:CMD|ENTRYPOINT|ENV|LABEL|USER|EXPOSE|VOLUME|STOPSIGNAL|HEALTHCHECK|ARG|ONBUILD|SHELL|MAINTAINER|WORKDIR)\b/

/**
 * The history entry that made each layer, by position of the layer; undefined when that is not known, because entries
 * and layers do not match, or because several instructions made one layer. Buildah makes one layer for a whole stage
 * and attributes it to the last instruction, even when that only sets a variable.
 */
export function layerMakers(history: History, layers: number): readonly (number | undefined)[] {
  const ends = history.flatMap(({ empty_layer: empty }, i) => (empty === true ? [] : [i]))
  if (ends.length !== layers) return Array.from({ length: layers }, () => undefined)
  return ends.map((end, i) => {
    const begin = i === 0 ? 0 : (ends[i - 1] ?? -1) + 1
    const writers = Array.from({ length: end - begin + 1 }, (_, n) => begin + n).filter((at) =>
      writes(history[at]),
    )
    return writers.length > 1 ? undefined : (writers[0] ?? end)
  })
}

/** An entry without a word about what it did: only one that is said to be a layer wrote something. */
function writes(entry: History[number] | undefined): boolean {
  const text = entry?.created_by ?? ''
  if (text === '') return entry?.empty_layer !== true
  return !harmless.test(text)
}
