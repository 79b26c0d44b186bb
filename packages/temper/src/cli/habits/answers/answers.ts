/** Options of other programs, and what to write in their place: those with the same answer together. */
export type Answers = readonly (readonly [options: readonly string[], answer: string])[]

/** The answer for an option. */
export function answerFor(answers: Answers, option: string): string | undefined {
  return answers.find(([options]) => options.includes(option))?.[1]
}
