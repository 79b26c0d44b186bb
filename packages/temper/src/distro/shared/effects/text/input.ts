import type { Fuel } from '../../scripts/fuel.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { decodeBytes } from './bytes.ts'

/** What a filter gets: its words, and access to text and fuel. */
export interface FilterWorld {
  readonly context: EffectContext
  readonly fuel: Fuel
}

const longest = 1 << 18

/** Text of files, or standard input when there are none; undefined when it is not known. */
export function inputOf(
  call: CommandCall,
  files: readonly (string | undefined)[],
  { context, fuel }: FilterWorld,
): string | undefined {
  const named = files.filter((file) => file !== '-')
  let text: string | undefined = named.length < files.length || files.length === 0 ? call.input : ''
  for (const file of named) {
    const bytes = file === undefined ? undefined : context.stage.content(file)
    const content = bytes && decodeBytes(bytes)
    text = text === undefined || content === undefined ? undefined : text + content
  }
  if (text === undefined || text.length > longest) return undefined
  fuel.spend(text.length)
  return text
}

/** Undefined for anything that is not UTF-8, since it could not be written back. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** Lines with their line ends, which the last one may lack. */
export function wholeLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
