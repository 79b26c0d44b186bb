import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall } from '../effect.ts'

/** `tr A-Z a-z`, `tr -d '\n'`, `tr -s ' '`, `tr -cd a-z` (tr(1)): single characters, ranges and classes of them. */
export function translate({ arguments: words, input }: CommandCall): CommandResult | undefined {
  const { flags, operands } = readOptions(words, {})
  const [from, to] = operands.map((operand) => (operand === undefined ? undefined : charactersOf(operand)))
  if (input === undefined || from === undefined) return undefined
  if ([...flags].some((flag) => !/^-[dscC]$|^--(?:delete|squeeze-repeats|complement)$/.test(flag)))
    return undefined
  const has = (short: string, long: string) => flags.has(short) || flags.has(long)
  const complement = has('-c', '--complement') || flags.has('-C')
  // Characters of several bytes are several to tr.
  if (complement && /[^\0-\x7f]/.test(input)) return undefined
  const among = new Set(from)
  const fits = (char: string) => among.has(char) !== complement
  const chars = [...input]
  const [deletes, squeezes] = [has('-d', '--delete'), has('-s', '--squeeze-repeats')]
  if (deletes) {
    if (squeezes || operands.length !== 1) return undefined
    return ok(chars.filter((char) => !fits(char)).join(''))
  }
  if (squeezes && operands.length === 1)
    return ok(chars.filter((char, i) => char !== chars[i - 1] || !fits(char)).join(''))
  if (operands.length !== 2 || to === undefined || to.length === 0) return undefined
  const last = to.at(-1) as string
  // What a complement is replaced by depends on the order of all characters, unless it is one character.
  if (complement && to.length !== 1) return undefined
  const map = new Map(from.map((char, i) => [char, to[i] ?? last]))
  const changed = chars.map((char) => (complement ? (fits(char) ? last : char) : (map.get(char) ?? char)))
  if (!squeezes) return ok(changed.join(''))
  const made = new Set(to)
  return ok(changed.filter((char, i) => char !== changed[i - 1] || !made.has(char)).join(''))
}

const ok = (output: string): CommandResult => ({ status: 0, output })

const sets: Readonly<Record<string, string>> = {
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: '0-9A-Za-z',
  xdigit: '0-9A-Fa-f',
  space: '\t-\r ',
  blank: '\t ',
  cntrl: '\0-\x1f\x7f',
  punct: '!-/:-@[-`{-~',
}

function charactersOf(set: string): string[] | undefined {
  let known = true
  const text = set.replace(/\[:(\w+):\]/g, (_, name: string) => {
    const among = Object.hasOwn(sets, name) ? sets[name] : undefined
    if (among === undefined) known = false
    return among ?? ''
  })
  // An escaped sign is no range, nor a class.
  if (!known || /\[:|\[=|\[.\*|\\[^nt\\]/.test(text) || text.length > 200) return undefined
  const plain = text.replace(/\\(n|t|\\)/g, (_, char: string) =>
    char === 'n' ? '\n' : char === 't' ? '\t' : '\\',
  )
  const chars: string[] = []
  for (let at = 0; at < plain.length; at++) {
    const low = plain[at] as string
    const high = plain[at + 1] === '-' ? plain[at + 2] : undefined
    if (high === undefined) {
      chars.push(low)
      continue
    }
    for (let code = low.charCodeAt(0); code <= high.charCodeAt(0) && chars.length < 300; code++)
      chars.push(String.fromCharCode(code))
    at += 2
  }
  return chars
}
