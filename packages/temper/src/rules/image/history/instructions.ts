import type { SubjectImage } from '../subject.ts'

/** Most of an instruction that is looked at. */
const textLimit = 65_536

/** An instruction of a Dockerfile, as the history of the image has it. */
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
