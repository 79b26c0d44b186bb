/** The kinds of events that people and programs are notified of. */
export const eventKinds = [
  'published',
  'waiting',
  'failed',
  'refused',
  'promoted',
  'withdrawn',
  'late',
  'lock',
  'feed',
  'recipes',
] as const
export type EventKind = (typeof eventKinds)[number]

/** Something that happened, as it is kept and sent. */
export interface FactoryEvent {
  readonly kind: EventKind
  /** Name of the image; null for an event that concerns all images. */
  readonly image: string | null
  readonly digest: string | null
  /** One sentence, for people. */
  readonly text: string
  /** Further facts for programs. */
  readonly details: Readonly<Record<string, unknown>>
}
