import type { CommandResult, Value } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall } from '../effect.ts'
import { encodeBytes } from './bytes.ts'
import { decodeText, type FilterWorld, inputOf } from './input.ts'
import { runSed } from './sed.ts'
import { parseSed, type SedCommand } from './sed-script.ts'

const done: CommandResult = { status: 0, output: '' }

/** `sed`, also in place (sed(1)), over text that is known. */
export function sed(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { flags, values, operands } = readOptions(separateInPlace(call.arguments), {
    valued: ['-e', '--expression', '-f', '--file', '-l'],
  })
  if (values.has('--file') || flags.has('-s')) return undefined
  const expressions = [...expressionsOf(call.arguments), ...scriptFile(values, world)]
  const [script, ...rest] = operands
  const given = expressions.length > 0
  const text = given ? (expressions.includes(undefined) ? undefined : expressions.join('\n')) : script
  const files = given ? operands : rest
  const extended = flags.has('-E') || flags.has('-r') || flags.has('--regexp-extended')
  // Of nothing every script makes nothing, also one with commands that are not known here.
  if (files.length === 0 && call.input === '' && !flags.has('-i')) return done
  const commands = text === undefined ? undefined : parseSed(text, { extended, fuel: world.fuel })
  if (commands === undefined) return undefined
  const whole = flags.has('-z') || flags.has('--null-data')
  const quiet = flags.has('-n') || flags.has('--quiet') || flags.has('--silent')
  if (flags.has('-i')) return inPlace(call, files, { commands, quiet, whole, world })
  const input = inputOf(call, files, world)
  const output = input && runSed(commands, input, { quiet, whole, fuel: world.fuel })
  return output === undefined ? undefined : { status: 0, output }
}

/** The commands of the file that `-f` names; with `-e` besides, their order would count. */
function scriptFile(values: ReadonlyMap<string, Value>, { context }: FilterWorld): readonly Value[] {
  if (!values.has('-f')) return []
  const bytes = values.has('-e') ? undefined : context.stage.content(values.get('-f') ?? '')
  return [bytes && decodeText(bytes)?.replace(/\n$/, '')]
}

/** `-i` takes a suffix without a blank, and no value otherwise: `-ie` makes a backup "e". */
function separateInPlace(words: readonly Value[]): readonly Value[] {
  return words.flatMap((word): readonly Value[] => {
    if (word?.startsWith('--in-place')) return ['-i']
    const [, before = '', suffix] = /^-([nErsuz]*)i(.*)$/s.exec(word ?? '') ?? []
    if (suffix === undefined) return [word]
    return before === '' ? ['-i'] : [`-${before}`, '-i']
  })
}

/** Values of all `-e`, which may be given more than once. */
function expressionsOf(words: readonly Value[]): readonly Value[] {
  const expressions: Value[] = []
  words.forEach((word, i) => {
    if (word === '--') return
    const [, inline] = /^--expression=(.*)$/s.exec(word ?? '') ?? []
    if (inline !== undefined) expressions.push(inline)
    else if (word === '--expression' || /^-[nErsui]*e$/.test(word ?? '')) expressions.push(words[i + 1])
    else {
      const [, attached] = /^-[nErsu]*e(.+)$/s.exec(word ?? '') ?? []
      if (attached !== undefined) expressions.push(attached)
    }
  })
  return expressions
}

function inPlace(
  call: CommandCall,
  files: readonly Value[],
  {
    commands,
    quiet,
    whole,
    world,
  }: {
    readonly commands: readonly SedCommand[]
    readonly quiet: boolean
    readonly whole: boolean
    readonly world: FilterWorld
  },
): CommandResult | undefined {
  const { stage } = world.context
  const changed: { readonly path: string; readonly text: string }[] = []
  for (const file of files) {
    const at = file === undefined ? undefined : stage.realPath(file)
    if (file === undefined) return undefined
    // What is not in the image has lost its meaning with what it belongs to.
    if (at === undefined) continue
    const before = inputOf(call, [file], world)
    if (before === undefined) return undefined
    const text = runSed(commands, before, { quiet, whole, fuel: world.fuel })
    if (text === undefined) return undefined
    if (text !== before) changed.push({ path: at, text })
  }
  if (changed.length > 0 && !call.certain) return undefined
  for (const { path, text } of changed) {
    const node = stage.get(path)
    if (node === undefined) continue
    const { mode, uid, gid } = node
    stage.put({ path, type: 'file', mode, uid, gid, content: encodeBytes(text) })
  }
  return done
}
