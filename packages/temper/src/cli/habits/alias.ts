import { type Command, Option } from 'commander'

/** An option that works but stands in no help: what other programs call something that Temper has. */
export function alias(flags: string, description: string): Option {
  return new Option(flags, description).hideHelp()
}

/** Adds `flags` as another way to say `--into`: values are gathered there, after `parse`. */
export function addAlias(
  command: Command,
  flags: string,
  { into, parse }: { readonly into: string; readonly parse: (value: string, earlier: unknown) => unknown },
): void {
  const option = alias(flags, `the same as --${into}`)
  command.addOption(option)
  const target = camelCase(into)
  command.on(`option:${option.name()}`, (value: string | undefined) => {
    command.setOptionValueWithSource(target, parse(value ?? '', command.getOptionValue(target)), 'cli')
  })
}

/** "only-fixed" as commander keeps it: "onlyFixed". */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
