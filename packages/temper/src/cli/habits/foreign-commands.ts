import { ownMember } from '../../base/own-member.ts'
import { type CommandOptions, carried } from './carried-options.ts'
import { builderCommands } from './commands/builders.ts'
import { registryCommands } from './commands/registries.ts'
import { scannerCommands, scoutCommands } from './commands/scanners.ts'
import { signerCommands } from './commands/signers.ts'
import { foreignOption } from './foreign-options.ts'
import { type TakenApart, takenApart } from './taken-apart.ts'

/**
 * Commands of other programs, each with what to type instead. `ARG` stands for the first thing that was named, `ALL` for
 * all of them, `OPTIONS` for the options that the command here has too. docs/how-to/from-other-tools.md has the whole
 * table.
 */
const lines: Readonly<Record<string, string>> = {
  ...builderCommands,
  ...registryCommands,
  ...signerCommands,
  ...scannerCommands,
}

/** Targets by scheme: `grype dir:.`, `syft registry:nginx`; and whatever is an image or a path by its looks. */
const target =
  /^(?:dir|file|registry|docker|podman|containerd|oci|oci-dir|oci-archive|docker-archive|sbom|pkg|purl|lock|singularity):\S|[/.:@]/

/** Options of a command by its name; empty when there is none. */
export type OptionsOf = (command: string) => Promise<CommandOptions>

/** What to type in place of another program's command line; undefined when it is not one. */
export async function foreignCommand(
  args: readonly string[],
  optionsOf: OptionsOf,
): Promise<string | undefined> {
  const taken = takenApart(args)
  const scout = taken.words[0] === 'scout'
  const words = scout ? taken.words.slice(1) : taken.words
  const translation = lineFor(words, scout ? { ...lines, ...scoutCommands } : lines)
  if (translation === undefined)
    return taken.options.some(({ name, value }) => name === '--input' && value !== undefined)
      ? await filled('temper scan ARG OPTIONS', taken, optionsOf)
      : undefined
  return await filled(translation.line, { ...taken, words: translation.about }, optionsOf)
}

/** The line for the longest name, and the words that follow it. */
function lineFor(
  words: readonly string[],
  table: Readonly<Record<string, string>>,
): { readonly line: string; readonly about: readonly string[] } | undefined {
  const [name = '', next] = words
  for (const [key, length] of [
    [`${name} ${next ?? ''}`, 2],
    // Trivy's `clean` takes no image, cosign's does.
    [next === undefined ? name : `${name} IMAGE`, 1],
    [name, 1],
  ] as const) {
    const line = ownMember(table, key)
    if (line !== undefined) return { line, about: words.slice(length) }
  }
  if (target.test(name)) return { line: 'temper scan ARG OPTIONS', about: words }
  return undefined
}

async function filled(pattern: string, taken: TakenApart, optionsOf: OptionsOf): Promise<string> {
  const carries = pattern.endsWith(' OPTIONS')
  const line = carries ? asSbom(pattern, taken) : pattern
  const value = (name: string) => taken.options.find((option) => option.name === name)?.value
  // "trivy image --input x.tar" names it elsewhere.
  const input = carries ? value('--input') : undefined
  const about = [...(input === undefined ? [] : [input]), ...taken.words]
  const command = /^temper ([a-z]+)/.exec(line)?.[1] ?? ''
  const said = line.includes('TYPE') ? ['--input', '--type'] : ['--input']
  const options = taken.options.filter(({ name }) => !said.includes(name))
  const { kept, left } = carries ? carried(options, await optionsOf(command)) : { kept: [], left: [] }
  const typed = line
    .replace('dir:ARG', `dir:${about[0] ?? 'FOLDER'}`)
    .replace('ARG', about[0] ?? (line.includes('--predicate ARG') ? 'FILE' : 'IMAGE'))
    .replace('ALL', about.length === 0 ? 'FROM TO' : about.join(' '))
    .replace('OLDER', value('--to') ?? 'OLDER')
    .replace('TYPE', value('--type') ?? 'TYPE')
    .replace(' OPTIONS', kept.map((option) => ` ${option}`).join(''))
  return `${typed}${inPlaceOf(left, command)}`
}

/** Most options of which it is said one by one what to write instead. */
const explained = 2

function inPlaceOf(options: readonly string[], command: string): string {
  if (options.length === 0) return ''
  const answers = options.map((name) => [name, foreignOption(command, name)] as const)
  if (options.length > explained || answers.some(([, answer]) => answer === undefined))
    return ` (without ${options.join(', ')}, which it does not have)`
  return answers.map(([name, answer]) => `. In place of ${name}: ${answer?.replace(/\.$/, '')}`).join('')
}

/** A scan that was asked for a bill of materials: `trivy image --format cyclonedx`, `grype -o spdx-json`. */
function asSbom(line: string, { options }: TakenApart): string {
  const asked = options.some(
    ({ name, value = '' }) =>
      /^(?:-f|-o|--format|--output)$/.test(name) &&
      /^(?:cyclonedx|spdx|syft-json)(?:-\w+)*(?:=.*)?$/.test(value),
  )
  return asked && line.startsWith('temper scan ') ? line.replace('temper scan ', 'temper sbom ') : line
}
