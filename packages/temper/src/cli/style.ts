import picocolors from 'picocolors'
import type { Host, Output } from './host.ts'

/** How text is set off on one output stream; every function returns its text unchanged without colours. */
export interface Style {
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
  const colors = picocolors.createColors(options.color && !env['NO_COLOR'] && wanted)
  return {
    bold: colors.bold,
    dim: colors.dim,
    good: colors.green,
    warn: colors.yellow,
    bad: colors.red,
  }
}
