import type { CommandResult } from '../../../scripts/world.ts'
import type { CommandCall } from '../../effect.ts'
import { type FilterWorld, inputOf, linesOf } from '../input.ts'
import { parseAwk } from './parse.ts'
import { runAwk } from './run.ts'
import { AwkError } from './syntax.ts'

/** `awk [-F SEPARATOR] [-v NAME=VALUE]… PROGRAM [FILE…]` over text that is known. */
export function awk(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const words = [...call.arguments]
  const variables: Record<string, string> = {}
  for (let word = words[0]; word?.startsWith('-') && word !== '-'; word = words[0]) {
    words.shift()
    if (word === '--') break
    const [, option = '', joined = ''] = /^-([Fv])(.*)$/s.exec(word) ?? []
    const value = joined === '' ? words.shift() : joined
    const [, name, text] =
      /^([A-Za-z_]\w*)=(.*)$/s.exec(option === 'v' ? (value ?? '') : `FS=${value ?? ''}`) ?? []
    if (option === '' || value === undefined || name === undefined || text === undefined) return undefined
    variables[name] = option === 'F' && text === 't' ? '\t' : text
  }
  const [program, ...files] = words
  if (program === undefined || files.some((file) => file === undefined || file.includes('=')))
    return undefined
  try {
    const rules = parseAwk(program)
    const reads = rules.some(({ when }) => when !== 'begin')
    const text = reads ? inputOf(call, files, world) : ''
    if (text === undefined) return undefined
    const { fuel } = world
    const environment = (name: string) => call.variable?.(name)
    return runAwk(rules, { records: linesOf(text), variables, environment, fuel })
  } catch (error) {
    if (error instanceof AwkError) return undefined
    throw error
  }
}
