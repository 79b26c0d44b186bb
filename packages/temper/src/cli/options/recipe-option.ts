import { InvalidArgumentError } from 'commander'
import { textOption } from './option.ts'

type Vars = Readonly<Record<string, string>>

/** For commander: gathers repeated `--var name=value`. */
export function gatherVars(value: string, earlier: Vars | undefined): Vars {
  const equals = value.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('Expected name=value.')
  return { ...earlier, [value.slice(0, equals)]: value.slice(equals + 1) }
}

/** Which recipe it is: its variant, and values that replace its vars. */
export function recipeOptions(options: Readonly<Record<string, unknown>>): {
  readonly vars: Vars
  readonly variant?: string
} {
  const variant = textOption(options, 'variant')
  return { vars: varsOption(options), ...(variant === undefined ? {} : { variant }) }
}

function varsOption(options: Readonly<Record<string, unknown>>): Vars {
  const value = options['var']
  if (value === null || typeof value !== 'object') return {}
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}
