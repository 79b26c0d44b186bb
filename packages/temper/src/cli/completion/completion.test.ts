import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { fullProgram } from '../run.ts'
import { completionScript } from './completion.ts'

const program = await fullProgram()
const targets = ['nginx', 'postgres', 'python']

/** What bash offers for the last word. */
function bash(...words: readonly string[]): readonly string[] {
  const script = completionScript('bash', program, targets)
  const array = words.map((word) => `'${word}'`).join(' ')
  const call = `COMP_WORDS=(temper ${array}); COMP_CWORD=${words.length}; _temper; printf '%s\\n' "\${COMPREPLY[@]}"`
  const output = execFileSync('bash', ['--norc', '-c', `${script}\n${call}`], {
    encoding: 'utf8',
    cwd: '/usr',
  })
  return output.split('\n').filter((line) => line !== '')
}

describe('bash completion', () => {
  it('offers commands first', () => {
    expect(bash('')).toEqual(expect.arrayContaining(['build', 'lock', 'inspect', 'help', '--json']))
    expect(bash('in')).toEqual(['inspect'])
  })

  it('offers names of the catalogue, and files', () => {
    expect(bash('build', 'p')).toEqual(['postgres', 'python'])
    expect(bash('build', 'li')).toContain('lib')
  })

  it('offers the options of a command and the global ones', () => {
    expect(bash('build', '--st')).toEqual(['--strict'])
    expect(bash('build', '--js')).toEqual(['--json'])
  })

  it('offers the values of options, also behind global ones', () => {
    expect(bash('build', 'nginx', '--platform', '')).toEqual(['linux/amd64', 'linux/arm64'])
    expect(bash('--cache-dir', '/tmp', 'cache', 'p')).toEqual(['prune', 'path'])
    expect(bash('build', '--output', 'lo')).toContain('local')
  })

  it('offers the commands that help can explain', () => {
    expect(bash('help', 'b')).toEqual(['build'])
  })
})

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  const script = completionScript(shell, program, targets)

  it('knows every command and every option', () => {
    for (const command of program.commands) {
      expect(script).toContain(command.name())
      for (const option of command.options.filter(({ hidden }) => !hidden))
        expect(script).toContain(option.long?.replace(/^--/, ''))
    }
  })

  it('knows the catalogue', () => {
    for (const target of targets) expect(script).toContain(target)
  })

  it('has balanced quotes', () => {
    expect((script.replaceAll("\\'", '').match(/'/g) ?? []).length % 2).toBe(0)
  })
})
