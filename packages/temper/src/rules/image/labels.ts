import type { SubjectImage } from './subject.ts'

/** The value that an image has for a key: of the annotation, else of the label. */
export function labelOf({ annotations, settings }: SubjectImage, key: string): string | undefined {
  const { Labels = {} } = settings
  if (Object.hasOwn(annotations, key)) return annotations[key]
  return Object.hasOwn(Labels, key) ? Labels[key] : undefined
}
