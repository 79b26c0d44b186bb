import type { SubjectImage } from '../subject.ts'

/** Most of an instruction that is looked at. */
const textLimit = 65_536

/** A Dockerfile instruction, as the history of the image records it. */
export interface Instruction {
  /** Position in the history, from 1. */
  readonly position: number
  readonly text: string
}

export function instructionsOf({ config }: SubjectImage): Instruction[] {
  return (config.history ?? []).map(({ created_by: by = '' }, index) => ({
    position: index + 1,
    text: by.slice(0, textLimit),
  }))
}

/** Most of a line that is told. */
const lineLimit = 300

/** The Dockerfile instruction behind an entry of the history, on one line; empty when the entry does not say. */
export function dockerfileText(createdBy: string | undefined): string {
  return (createdBy ?? '')
    .slice(0, textLimit)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/ # buildkit$/, '')
    .replace(/^(?:RUN )?(?:\|\d+ (?:[A-Za-z_]\w*=\S* )*)?\/bin\/(?:ba)?sh -c #\(nop\) ?/, '')
    .replace(/^(?:RUN )?(?:\|\d+ (?:[A-Za-z_]\w*=\S* )*)?\/bin\/(?:ba)?sh -c /, 'RUN ')
}

/** The same, shortened for display; undefined when the entry does not say. */
export function dockerfileLine(createdBy: string | undefined): string | undefined {
  const own = dockerfileText(createdBy)
  if (own === '') return undefined
  return own.length <= lineLimit ? own : `${own.slice(0, lineLimit - 1)}…`
}

/** What is shown of an instruction that holds a secret: only its kind. */
export function withoutText(createdBy: string): string {
  const [keyword = ''] = /^[A-Z]+(?= )/.exec(dockerfileText(createdBy)) ?? []
  return `${keyword === '' ? 'an instruction' : keyword} …`
}
