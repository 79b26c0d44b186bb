import type { Fuel } from '../../scripts/fuel.ts'
import { type Piece, parseRegexp, type RegexpOptions } from './regexp-syntax.ts'

/** The position of a match, and its groups; undefined for groups that did not take part. */
export interface RegexpMatch {
  readonly start: number
  readonly end: number
  /** [0] is the whole. */
  readonly groups: readonly (string | undefined)[]
}

export interface Regexp {
  /** The first match from a position on; undefined when there is none. */
  find(text: string, from?: number): RegexpMatch | undefined
}

/** Longest text that is searched: groups that repeat take a frame of the stack for each round. */
const longestText = 10_000

/**
 * A POSIX regular expression as sed(1) and grep(1) take it; undefined when it is invalid or not supported. Each step
 * costs fuel, so that no pattern of a package takes long. Among alternatives the first match is taken, although POSIX
 * requires the longest.
 */
export function compileRegexp(
  pattern: string,
  options: RegexpOptions & { readonly fuel: Fuel },
): Regexp | undefined {
  const parsed = parseRegexp(pattern, options)
  if (parsed === undefined) return undefined
  return {
    find: (text, from = 0) => {
      options.fuel.spend(text.length > longestText ? Number.MAX_SAFE_INTEGER : 1)
      for (let start = from; start <= text.length; start++) {
        const matcher = new Matcher(text, options.fuel, options.ignoreCase)
        const end = matcher.choices(parsed.choices, start, (at) => at)
        if (end === undefined) continue
        const groups = Array.from({ length: parsed.groups }, (_, i) => matcher.group(i + 1))
        return { start, end, groups: [text.slice(start, end), ...groups] }
      }
      return undefined
    },
  }
}

/** What comes after a piece: where it ends, or undefined when it does not fit. */
type Next = (at: number) => number | undefined

class Matcher {
  readonly #text: string
  readonly #fuel: Fuel
  readonly #ignoreCase: boolean
  readonly #spans = new Map<number, readonly [number, number]>()

  constructor(text: string, fuel: Fuel, ignoreCase: boolean) {
    this.#text = text
    this.#fuel = fuel
    this.#ignoreCase = ignoreCase
  }

  group(number: number): string | undefined {
    const span = this.#spans.get(number)
    return span && this.#text.slice(...span)
  }

  choices(choices: readonly (readonly Piece[])[], at: number, next: Next): number | undefined {
    for (const sequence of choices) {
      const end = this.#sequence(sequence, 0, { at, next })
      if (end !== undefined) return end
    }
    return undefined
  }

  #sequence(pieces: readonly Piece[], index: number, from: { at: number; next: Next }): number | undefined {
    const piece = pieces[index]
    if (piece === undefined) return from.next(from.at)
    return this.#piece(piece, from.at, (at) => this.#sequence(pieces, index + 1, { at, next: from.next }))
  }

  #piece(piece: Piece, at: number, next: Next): number | undefined {
    this.#fuel.spend(1)
    switch (piece.kind) {
      case 'one':
        return at < this.#text.length && piece.matches(this.#text[at] as string) ? next(at + 1) : undefined
      case 'group':
        return this.#group(piece, at, next)
      case 'repeat':
        return piece.piece.kind === 'one'
          ? this.#run(piece, at, next)
          : this.#rounds(piece, { at, done: 0 }, next)
      case 'back':
        return this.#back(piece.number, at, next)
      default:
        return this.#holds(piece.kind, at) ? next(at) : undefined
    }
  }

  #group(piece: Piece & { kind: 'group' }, at: number, next: Next): number | undefined {
    const before = this.#spans.get(piece.number)
    const end = this.choices(piece.choices, at, (to) => {
      const inner = this.#spans.get(piece.number)
      this.#spans.set(piece.number, [at, to])
      const end = next(to)
      if (end === undefined) this.#restore(piece.number, inner)
      return end
    })
    if (end === undefined) this.#restore(piece.number, before)
    return end
  }

  #restore(number: number, span: readonly [number, number] | undefined): void {
    if (span === undefined) this.#spans.delete(number)
    else this.#spans.set(number, span)
  }

  /** Tries as many repetitions as possible, then fewer. */
  #run({ piece, least, most }: Piece & { kind: 'repeat' }, at: number, next: Next): number | undefined {
    let count = 0
    const fits = (index: number) => piece.kind === 'one' && piece.matches(this.#text[index] as string)
    while (count < most && at + count < this.#text.length && fits(at + count)) count++
    this.#fuel.spend(count)
    for (; count >= least; count--) {
      this.#fuel.spend(1)
      const end = next(at + count)
      if (end !== undefined) return end
    }
    return undefined
  }

  #rounds(
    repeat: Piece & { kind: 'repeat' },
    { at, done }: { readonly at: number; readonly done: number },
    next: Next,
  ): number | undefined {
    if (done < repeat.most) {
      const end = this.#piece(repeat.piece, at, (to) =>
        // A round that takes nothing would go on for ever.
        to === at && done >= repeat.least
          ? undefined
          : this.#rounds(repeat, { at: to, done: done + 1 }, next),
      )
      if (end !== undefined) return end
    }
    return done >= repeat.least ? next(at) : undefined
  }

  #back(number: number, at: number, next: Next): number | undefined {
    const wanted = this.group(number)
    if (wanted === undefined) return undefined
    const there = this.#text.slice(at, at + wanted.length)
    this.#fuel.spend(wanted.length)
    const same = this.#ignoreCase ? there.toLowerCase() === wanted.toLowerCase() : there === wanted
    return same ? next(at + wanted.length) : undefined
  }

  #holds(kind: 'start' | 'end' | 'boundary' | 'inside' | 'word-start' | 'word-end', at: number): boolean {
    if (kind === 'start') return at === 0
    if (kind === 'end') return at === this.#text.length
    const before = /\w/.test(this.#text[at - 1] ?? '')
    const after = /\w/.test(this.#text[at] ?? '')
    if (kind === 'boundary') return before !== after
    if (kind === 'inside') return before === after
    return kind === 'word-start' ? !before && after : before && !after
  }
}
