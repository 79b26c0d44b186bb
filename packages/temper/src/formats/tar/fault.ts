import { TemperError } from '../../base/error.ts'
import { printableJson } from '../../base/printable.ts'

/** The position of a reader, for its errors. */
export interface TarPlace {
  /** What is being read: "nginx_1.26.3-3_amd64.deb, data.tar". */
  readonly what: string
  /** Offset of the current header in the uncompressed tar. */
  at: number
  /** How names that are not UTF-8 are treated. */
  readonly names?: 'refuse' | 'escape'
}

/** A `bad-archive` error with the place; `reason` completes "the tar archive is damaged: ". */
export function damaged(place: TarPlace, reason: string): TemperError {
  return new TemperError('bad-archive', `${place.what}: ${reason} (tar header at byte ${place.at})`, {
    hint: 'The archive is damaged or was made by a tool that Temper does not support. Fetch it again.',
    details: { offset: place.at },
  })
}

export function truncated(place: TarPlace): TemperError {
  return damaged(place, 'the tar archive is cut off')
}

export function tooMuch(place: TarPlace, reason: string): TemperError {
  return new TemperError('limit-exceeded', `${place.what}: ${reason} (tar header at byte ${place.at})`, {
    hint: 'No honest file of this size is known; the archive may be made to fill memory. Fetch it from elsewhere.',
    details: { offset: place.at },
  })
}

/** Text from an archive, in quotes and suitable for one line of a message. */
export function quoted(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 120)}…` : text
  return printableJson(short)
}
