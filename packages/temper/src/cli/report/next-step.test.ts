import { describe, expect, it } from 'vitest'
import { type NextStep, plainWords, sayStep } from '../../base/next-step.ts'
import { fullProgram } from '../run.ts'
import { commandLineWords } from './next-step.ts'

describe('next steps on the command line', () => {
  it.each<[NextStep, string]>([
    [{ action: 'make-lock' }, 'Make it: temper lock TARGET -o FILE'],
    [{ action: 'make-lock', recipe: 'nginx' }, 'Make it: temper lock nginx'],
    [{ action: 'make-lock', recipe: 'nginx', file: 'n.json' }, 'Make it: temper lock nginx -o n.json'],
    [{ action: 'prune-cache' }, 'Run "temper cache prune" and try again.'],
    [{ action: 'prune-cache', all: true }, 'Run "temper cache prune --all" and try again.'],
    [{ action: 'choose-platform' }, 'Choose one with --platform.'],
    [{ action: 'choose-platform', platforms: [] }, 'Choose one with --platform.'],
    [{ action: 'choose-platform', platforms: ['a/b', 'c/d'] }, 'Choose one with --platform a/b.'],
    [{ action: 'read-schema', of: 'recipe' }, '"temper schema" prints its JSON Schema for editors.'],
    [{ action: 'read-schema', of: 'ignore-rules' }, '"temper schema ignore" prints its JSON Schema.'],
    [{ action: 'check-statements', file: 'a.json' }, 'Check it again: temper vex validate a.json'],
  ])('%j', (step, said) => {
    expect(sayStep(step, commandLineWords)).toBe(said)
  })

  it('name only commands and options that there are', async () => {
    const program = await fullProgram()
    const known = new Set(
      [program, ...program.commands].flatMap(({ options }) =>
        options.flatMap(({ long, short }) => [long, short]),
      ),
    )
    const commands = new Set(program.commands.map((command) => command.name()))
    for (const say of Object.values(commandLineWords)) {
      const said = (say as (step: object) => string)({
        all: true,
        file: 'f',
        of: 'recipe',
        platforms: ['a/b'],
      })
      for (const option of said.match(/(?<![\w-])--?[a-z][a-z-]*/g) ?? []) expect(known).toContain(option)
      for (const [, name] of said.matchAll(/\btemper ([a-z]+)/g)) expect(commands).toContain(name)
    }
    expect(Object.keys(commandLineWords).sort()).toEqual(Object.keys(plainWords).sort())
  })
})
