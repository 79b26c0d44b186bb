import type { Redirect, Word } from './parse/syntax.ts'
import type { Value } from './world.ts'

export interface RedirectTarget {
  /** Undefined when not known. */
  readonly path: Value
  readonly append: boolean
}

/** Where the streams of a command go and come from. */
export interface Redirections {
  /** Present when standard input is replaced. */
  readonly input?: { readonly value: Value }
  /** A file, or `elsewhere`: another descriptor or a device. */
  readonly output: RedirectTarget | 'elsewhere' | undefined
  /** Files that other descriptors write to. */
  readonly others: readonly RedirectTarget[]
}

/** Works redirections out (POSIX 2.7), in their order. */
export function planRedirections(
  redirects: readonly Redirect[],
  shell: {
    expand(word: Word): Value
    absolute(path: Value): Value
    read(path: Value): Value
  },
): Redirections {
  let input: { readonly value: Value } | undefined
  let output: Redirections['output']
  const others: RedirectTarget[] = []
  for (const { descriptor, operator, target } of redirects) {
    const value = shell.expand(target)
    if (operator === '<<') input = { value }
    else if (operator === '<') input = { value: shell.read(value) }
    else if (operator === '>&' && descriptor === 1) output = 'elsewhere'
    else if (operator === '>' || operator === '>>') {
      const path = shell.absolute(value)
      const device = path?.startsWith('/dev/') ?? false
      const file: RedirectTarget = { path, append: operator === '>>' }
      if (descriptor === 1) output = device ? 'elsewhere' : file
      else if (!device) others.push(file)
    }
  }
  return { ...(input === undefined ? {} : { input }), output, others }
}
