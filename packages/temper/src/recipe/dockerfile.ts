/** Whether a text is a Dockerfile and not a recipe: its first instruction is one that a Dockerfile begins with. */
export function isDockerfile(text: string): boolean {
  for (const line of text.slice(0, 16_384).split('\n')) {
    const words = line.trim()
    if (words !== '' && !words.startsWith('#'))
      return /^(?:FROM|ARG)[ \t]/i.test(words) && !words.includes(': ')
  }
  return false
}

/** What to do with a Dockerfile that was given as a recipe. */
export const movingHint = 'docs/how-to/from-a-dockerfile.md says how to move a Dockerfile to a recipe.'
