import type { ImageMention } from '../model/assess/workload.ts'

/** An image's name in a file, and what is to stand there. */
export interface Pin {
  readonly mention: ImageMention
  readonly text: string
}

/** The text with the names replaced, and nothing else touched: comments, quotes and spaces stay. */
export function pinText(text: string, pins: readonly Pin[]): string {
  // An anchor is one place that several containers name.
  const places = new Map(
    pins.flatMap(({ mention: { span }, text: name }) =>
      span === undefined ? [] : [[span.start, { ...span, name }] as const],
    ),
  )
  let pinned = text
  for (const { start, end, name } of [...places.values()].sort((a, b) => b.start - a.start))
    pinned = pinned.slice(0, start) + name + pinned.slice(end)
  return pinned
}
