import type { SubjectImage } from '../subject.ts'

const day = 86_400_000

/** Before the first image there was none: builders that hide the date write 1970 or 1980. */
const first = Date.parse('2013-03-20T00:00:00Z')

/** Milliseconds since 1970; undefined when there is no date, or an impossible one. */
export function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) || time < first ? undefined : time
}

export function daysBetween(from: number, to: Date): number {
  return Math.floor((to.getTime() - from) / day)
}

/** When the image was built: the time in its configuration, else in its annotation. */
export function builtAt({ config, annotations }: SubjectImage): number | undefined {
  return timeOf(config.created) ?? timeOf(annotations['org.opencontainers.image.created'])
}

/** When the lowest layer was made: that of the base image. */
export function baseBuiltAt({ config }: SubjectImage): number | undefined {
  const [lowest] = config.history ?? []
  return timeOf(lowest?.created)
}
