import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall } from '../effect.ts'

/**
 * `date` (date(1)). Since the same lock has to make the same image, the current time is the beginning of 1970 for
 * scripts. Other times are not known.
 */
export function date(call: CommandCall): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, {})
  const known = /^-(?:[uR]|-utc|-universal|-rfc-(?:2822|email)|-iso-8601)$/
  if (values.size > 0 || [...flags].some((flag) => !known.test(flag)) || operands.length > 1) return undefined
  const [format] = operands
  if (format === undefined && operands.length > 0) return undefined
  if (flags.has('-R') || flags.has('--rfc-2822') || flags.has('--rfc-email'))
    return ok('Thu, 01 Jan 1970 00:00:00 +0000')
  if (flags.has('--iso-8601')) return ok('1970-01-01')
  if (format === undefined) return ok('Thu Jan  1 00:00:00 UTC 1970')
  if (!format.startsWith('+')) return undefined
  let isKnown = true
  const text = format.slice(1).replace(/%[-_0]?(.?)/gs, (written, letter: string) => {
    const value = Object.hasOwn(fields, letter) ? fields[letter] : undefined
    if (value === undefined || written.length > 2) isKnown = false
    return value ?? ''
  })
  return isKnown ? ok(text) : undefined
}

const ok = (line: string): CommandResult => ({ status: 0, output: `${line}\n` })

const fields: Readonly<Record<string, string>> = {
  '%': '%',
  n: '\n',
  t: '\t',
  a: 'Thu',
  A: 'Thursday',
  b: 'Jan',
  h: 'Jan',
  B: 'January',
  c: 'Thu Jan  1 00:00:00 1970',
  C: '19',
  d: '01',
  D: '01/01/70',
  e: ' 1',
  F: '1970-01-01',
  g: '70',
  G: '1970',
  H: '00',
  I: '12',
  j: '001',
  m: '01',
  M: '00',
  N: '000000000',
  p: 'AM',
  r: '12:00:00 AM',
  R: '00:00',
  s: '0',
  S: '00',
  T: '00:00:00',
  u: '4',
  w: '4',
  x: '01/01/70',
  X: '00:00:00',
  y: '70',
  Y: '1970',
  z: '+0000',
  Z: 'UTC',
}
