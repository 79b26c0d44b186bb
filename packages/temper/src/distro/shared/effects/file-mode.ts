import type { Value } from '../scripts/world.ts'

export interface ModeOptions {
  /** Applies to parts of a symbolic mode that name nobody in particular. */
  readonly umask?: number
  /** Whether it is a folder, which keeps its setuid and setgid bits unless a mode names them. */
  readonly isFolder?: boolean
}

const special = 0o6000
const all = 0o7777
const who = new Map([
  ['u', 0o4700],
  ['g', 0o2070],
  ['o', 0o1007],
  ['a', all],
])
const permissions = new Map([
  ['r', 0o444],
  ['w', 0o222],
  ['x', 0o111],
  ['s', special],
  ['t', 0o1000],
])
const copied = new Map([
  ['u', 0o700],
  ['g', 0o070],
  ['o', 0o007],
])

/**
 * Reads a mode of chmod(1), octal or symbolic, as applied to `before`; undefined when it is neither (POSIX chmod,
 * "The symbolic_mode operand"; what that leaves open follows coreutils).
 */
export function parseMode(text: Value, before: number, options: ModeOptions = {}): number | undefined {
  if (text === undefined) return undefined
  const { isFolder = false } = options
  if (/^[0-7]{1,5}$/.test(text)) {
    const bits = Number.parseInt(text, 8)
    if (bits > all) return undefined
    return isFolder && text.length < 5 ? bits | (before & special) : bits
  }
  let mode = before
  for (const clause of text.split(',')) {
    const [, affects = '', actions = ''] = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause) ?? []
    if (actions === '') return undefined
    const affected = [...affects].reduce((bits, letter) => bits | (who.get(letter) ?? 0), 0)
    for (const [, operator = '', letters = ''] of actions.matchAll(/([-+=])([^-+=]*)/g))
      mode = changed(mode, { affected, operator, letters }, options)
  }
  return mode
}

function changed(
  mode: number,
  {
    affected,
    operator,
    letters,
  }: { readonly affected: number; readonly operator: string; readonly letters: string },
  { umask = 0, isFolder = false }: ModeOptions,
): number {
  const named = [...letters].reduce((bits, letter) => bits | (permissions.get(letter) ?? 0), 0)
  const mentioned = affected === 0 ? named : affected & named
  const kept = isFolder ? special & ~mentioned : 0
  const executable = letters.includes('X') && (isFolder || (mode & 0o111) !== 0) ? 0o111 : 0
  const value =
    (named | executable | copiedBits(mode, letters)) & (affected === 0 ? ~umask : affected) & ~kept
  if (operator === '+') return mode | value
  if (operator === '-') return mode & ~value
  return (mode & ((affected === 0 ? 0 : ~affected) | kept)) | value
}

/** "g=u": what one may, for all. */
function copiedBits(mode: number, letters: string): number {
  const from = mode & (copied.get(letters) ?? 0)
  return [0o444, 0o222, 0o111].reduce((bits, each) => bits | ((from & each) === 0 ? 0 : each), 0)
}
