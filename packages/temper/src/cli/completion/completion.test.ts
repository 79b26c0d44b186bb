import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { fullProgram, run } from '../run.ts'
import { completionScript } from './completion.ts'

const program = await fullProgram()

/** What bash offers for the last word. */
function bash(...words: readonly string[]): readonly string[] {
  const script = completionScript('bash', program)
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
    expect(bash('in')).toEqual(['init', 'inspect'])
  })

  it('offers files where some may be named', () => {
    expect(bash('build', 'li')).toContain('lib')
    expect(bash('scan', 'lib', 'li')).toContain('lib')
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
    expect(bash('help', 'b').toSorted()).toEqual(['backup', 'build', 'bundle'])
  })
})

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  const script = completionScript(shell, program)

  it('knows every command and every option', () => {
    for (const command of program.commands) {
      expect(script).toContain(command.name())
      for (const option of command.options.filter(({ hidden }) => !hidden))
        expect(script).toContain(option.long?.replace(/^--/, ''))
    }
  })

  it('has balanced quotes', () => {
    expect((script.replaceAll("\\'", '').match(/'/g) ?? []).length % 2).toBe(0)
  })
})

describe('what is asked for', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-completion-'))
    for (const layout of ['out/nginx', 'web']) {
      await mkdir(join(folder, layout), { recursive: true })
      await writeFile(join(folder, layout, 'oci-layout'), '{}')
    }
    await writeFile(
      join(folder, 'config.json'),
      '{"auths":{"registry.example":{}},"credHelpers":{"ghcr.io":"x"}}',
    )
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['recipe', 'ng', ['nginx']],
    ['image', 'oci:', ['oci:out/nginx', 'oci:web']],
    ['image', 'oci:o', ['oci:out/nginx']],
    ['image', 'w', ['web']],
    ['image', 'reg', ['registry.example/']],
    ['registry', '', ['ghcr.io', 'registry.example']],
    ['rules', 'critical,hi', ['critical,high']],
    ['rules', 'critical,critical+f', ['critical,critical+fixable']],
    ['severity', 'me', ['medium']],
    ['type', 's', ['signature', 'spdx']],
    ['image', 'registry.example/nothing:', []],
  ])('%s %j: %j', async (kind, word, expected) => {
    const env = { REGISTRY_AUTH_FILE: join(folder, 'config.json'), TEMPER_OFFLINE: '1', HOME: folder }
    const host = new FakeHost({ workingDir: folder, env })
    expect(await run(['complete', kind, word], host)).toBe(0)
    expect(host.out.split('\n').filter((line) => line !== '')).toEqual(expected)
  })
})
