/** What people and programs are told of. */
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
  /** Name of the image; null for what concerns all. */
  readonly image: string | null
  readonly digest: string | null
  /** One sentence, for people. */
  readonly text: string
  /** What programs want to know besides. */
  readonly details: Readonly<Record<string, unknown>>
}
