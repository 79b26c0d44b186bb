/*
 * How documents say that a name was guessed: CycloneDX as evidence of the identity with a doubt, and as a property;
 * SPDX as an annotation of the package by the tool that wrote it.
 */

/** The property in CycloneDX, and the first word of the annotation in SPDX. */
export const guessedProperty = 'temper:guessedFrom'

export function guessedText(from: string): string {
  return `${guessedProperty}: ${from}`
}

/** Parses a text that `guessedText` made. */
export function parseGuessedText(text: string): string | undefined {
  return guessedFrom(/^temper:guessedFrom: (.+)$/.exec(text)?.[1])
}

/** What a name was guessed from, in the one or two words that Temper writes. */
export function guessedFrom(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z][A-Za-z -]{0,60}$/.test(text) ? text : undefined
}

/** The CycloneDX technique for a guess (1.6, evidence.identity.methods.technique). */
export function guessTechnique(from: string): 'filename' | 'binary-analysis' | 'manifest-analysis' {
  if (from === 'file name' || from === 'family of names') return 'filename'
  return from === 'packages' ? 'binary-analysis' : 'manifest-analysis'
}

/** The confidence in a guess, out of 1: most guesses are right (docs/reference/java-names.md). */
export const guessConfidence = 0.7
