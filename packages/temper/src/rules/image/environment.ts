import type { SubjectImage } from './subject.ts'

/** A variable that an image sets. */
export interface Variable {
  readonly name: string
  readonly value: string
}

/** The variables of an image. When one is set twice the last value counts, as with container runtimes. */
export function variablesOf({ Env }: SubjectImage['settings']): Variable[] {
  const values = new Map<string, string>()
  for (const text of Env ?? []) {
    const end = text.indexOf('=')
    if (end > 0) values.set(text.slice(0, end), text.slice(end + 1))
  }
  return Array.from(values, ([name, value]) => ({ name, value }))
}

export function variableOf(settings: SubjectImage['settings'], wanted: string): string | undefined {
  return variablesOf(settings).find(({ name }) => name === wanted)?.value
}
