import { TemperError } from '../../base/error.ts'

type Options = Readonly<Record<string, unknown>>

/** The text of an option, or undefined when it was not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

export function flagOption(options: Options, name: string): boolean {
  return options[name] === true
}

/** An option that may be repeated. */
export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** For commander: gathers the values of a repeated option; commas separate too. */
export function gather(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), ...value.split(',').filter((part) => part !== '')]
}

/** For commander: rules of a repeated option as one text, as if commas had been written. */
export function joinRules(value: string, earlier: string | undefined): string {
  return earlier === undefined ? value : `${earlier},${value}`
}

/** An argument that commander has made sure is there. */
export function argument(args: readonly (string | undefined)[], index: number): string {
  const value = args[index]
  if (value !== undefined) return value
  throw new TemperError('internal', `argument ${index} is required but missing`)
}
