import picocolors from 'picocolors'
import { printable } from '../base/printable.ts'
import type { Host, Output } from './host.ts'

/** How text is set off on one output stream; every function of it returns its text unchanged without colours. */
export interface Style {
  /** A whole text made with this style, ready to be written: all that steers a terminal is escaped, but for the style's own codes. */
  finished(text: string): string
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  warn(text: string): string
  bad(text: string): string
}

/** Colours only for a terminal, and never with --no-color, NO_COLOR (no-color.org) or TERM=dumb. */
export function styleFor(output: Output, host: Host, options: { readonly color: boolean }): Style {
  const env = host.env
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  const wanted = forced || (output.isTerminal && env['TERM'] !== 'dumb')
  const colored = options.color && !env['NO_COLOR'] && wanted
  const colors = picocolors.createColors(colored)
  return {
    finished: (text) => (colored ? text.split(ownCodes).map(keepOwnCode).join('') : printable(text)),
    bold: colors.bold,
    dim: colors.dim,
    good: colors.green,
    warn: colors.yellow,
    bad: colors.red,
  }
}

// What the functions above write: bold, dim, green, yellow, red and their ends.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
const ownCodes = /(\x1b\[(?:1|2|22|31|32|33|39)m)/

/** `split` puts the codes at odd places. */
function keepOwnCode(part: string, index: number): string {
  return index % 2 === 1 ? part : printable(part)
}
