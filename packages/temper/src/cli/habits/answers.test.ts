import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { commandsFor } from '../program/command-table.ts'
import { globalOptions } from '../program/program.ts'
import { everywhere } from './answers/everywhere.ts'
import * as looking from './answers/looking.ts'
import * as making from './answers/making.ts'
import * as proving from './answers/proving.ts'
import { builderCommands } from './commands/builders.ts'
import { registryCommands } from './commands/registries.ts'
import { scannerCommands, scoutCommands } from './commands/scanners.ts'
import { signerCommands } from './commands/signers.ts'

const tables = { everywhere, ...looking, ...making, ...proving }
const answers = [
  ...Object.values(tables).flatMap((table) => table.map(([, answer]) => answer)),
  ...[builderCommands, registryCommands, scannerCommands, scoutCommands, signerCommands].flatMap((lines) =>
    Object.values(lines),
  ),
]

const definitions = await commandsFor([])
const known = new Map(
  definitions.map((definition) => {
    const command = new Command(definition.name)
    definition.configure(command)
    return [definition.name, new Set([...command.options, ...globalOptions()].map(({ long }) => long))]
  }),
)
const every = new Set([...known.values()].flatMap((options) => [...options]))

/** `temper NAME` with the options up to where the next command or sentence begins. */
function commandLines(text: string) {
  return [...text.matchAll(/temper ([a-z]+)((?:(?! temper | then |[;|]|, |\. ).)*)/g)].map(
    ([, name = '', rest = '']) => ({ name, options: rest.match(/(?<= )--[a-z][a-z-]*/g) ?? [] }),
  )
}

describe('what is answered', () => {
  it.each([...new Set(answers)])('%s names what there is', (answer) => {
    const lines = commandLines(answer)
    for (const { name, options } of lines) {
      expect(['help', ...known.keys()]).toContain(name)
      for (const option of options) expect([...(known.get(name) ?? every)]).toContain(option)
    }
    // Options without a command in front are those of the command that was typed.
    const others = answer.replace(/\b(?:cosign|crane|oras|kubectl|docker) [^,:;]*/g, '')
    for (const option of others.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [])
      expect([...every, '--version']).toContain(option)
    for (const [page] of answer.matchAll(/docs\/[\w/.-]+\.md/g))
      expect(existsSync(new URL(`../../../../../${page}`, import.meta.url))).toBe(true)
  })
})

describe('tables of options', () => {
  it.each(Object.entries(tables))('%s answers nothing that the command has', (name, table) => {
    const own = known.get(name)
    for (const [options] of table) for (const option of options) expect(own?.has(option) ?? false).toBe(false)
  })

  it.each(Object.entries(tables))('%s answers each option once', (_name, table) => {
    const options = table.flatMap(([names]) => names)
    expect(options.filter((option, index) => options.indexOf(option) !== index)).toEqual([])
  })
})
