import type { SubjectImage } from './subject.ts'

/** What an image says under a key: an annotation, else a label. */
export function labelOf({ annotations, settings }: SubjectImage, key: string): string | undefined {
  const { Labels = {} } = settings
  if (Object.hasOwn(annotations, key)) return annotations[key]
  return Object.hasOwn(Labels, key) ? Labels[key] : undefined
}
