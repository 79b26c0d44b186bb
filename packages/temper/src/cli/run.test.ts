import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../test/support/fake-host.ts'
import { StopRequest } from './host.ts'
import { run } from './run.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function call(args: readonly string[], env: Record<string, string> = {}) {
  const host = new FakeHost({ env: { TEMPER_CACHE_DIR: join(folder, 'cache'), ...env }, workingDir: folder })
  const exitCode = await run(args, host)
  return { exitCode, out: host.out, err: host.err }
}

describe('help', () => {
  it.each([[[]], [['--help']], [['help']], [['-h']]])(
    '%j explains every command on standard output',
    async (args) => {
      const { exitCode, out, err } = await call(args)
      expect(exitCode).toBe(0)
      expect(err).toBe('')
      for (const name of [
        'build',
        'lock',
        'test',
        'inspect',
        'copy',
        'cache',
        'schema',
        'completion',
        'version',
      ])
        expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
    },
  )

  it('explains one command with its options, the global ones and examples', async () => {
    const { exitCode, out } = await call(['help', 'cache'])
    expect(exitCode).toBe(0)
    expect(out).toContain('--older-than')
    expect(out).toContain('--json')
    expect(out).toContain('Examples:')
    expect((await call(['cache', '--help'])).out).toBe(out)
  })

  it('is an object with --json', async () => {
    const { out } = await call(['--help', '--json'])
    expect(JSON.parse(out)).toEqual({ help: expect.stringContaining('build') })
  })
})

describe('bad usage', () => {
  it.each([
    ['an unknown command', ['biuld', 'nginx'], /unknown command 'biuld'/i, /build/],
    ['help for an unknown command', ['help', 'biuld'], /no such command/, /temper help/],
    ['an unknown option', ['cache', '--al'], /unknown option '--al'/i, /--all/],
    ['a missing argument', ['completion'], /missing required argument 'shell'/i, /temper help/],
    ['an argument too many', ['version', 'now'], /too many arguments/i, /temper help/],
    ['a choice that is none', ['completion', 'tcsh'], /bash, zsh, fish/, /temper help/],
    ['a missing value', ['cache', '--max-size'], /argument missing/i, /temper help/],
    ['an option in place of a value', ['cache', '--max-size', '--all'], /argument missing/i, /temper help/],
    ['options that exclude each other', ['cache', '-q', '-v'], /cannot be used/i, /temper help/],
    ['an age that is none', ['cache', 'prune', '--older-than', 'long'], /expected an age/, /temper help/],
  ])('%s is one clear error with the next step', async (_what, args, message, hint) => {
    const { exitCode, out, err } = await call(args)
    expect(exitCode).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(/^error\[bad-usage\]: /)
    expect(err).toMatch(message)
    expect(err.split('\n').find((line) => line.startsWith('next:'))).toMatch(hint)

    const json = await call([...args, '--json'])
    expect(json.exitCode).toBe(2)
    expect(json.err).toBe('')
    expect(JSON.parse(json.out).error).toMatchObject({
      code: 'bad-usage',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      exitCode: 2,
    })
  })

  it('without a command, --json says so', async () => {
    const { exitCode, out } = await call(['--json'])
    expect(exitCode).toBe(2)
    expect(JSON.parse(out).error.code).toBe('bad-usage')
  })
})

describe('output', () => {
  it('is exactly one JSON object on one line with --json, whatever the arguments', async () => {
    const word = fc.oneof(
      fc.constantFrom('version', 'cache', 'completion', 'help', 'info', 'path', 'bash', '--dry-run', '--all'),
      fc.constantFrom(
        '--quiet',
        '-v',
        '--no-color',
        '--offline',
        '--help',
        '--version',
        '--cache-dir',
        '--max-size',
      ),
      fc.string({ maxLength: 6 }).filter((text) => text !== '--' && !text.includes('\0')),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
        const { exitCode, out } = await call(['--json', ...words], { TEMPER_CONFIG: '' })
        expect(out.trimEnd().split('\n')).toHaveLength(1)
        const value: unknown = JSON.parse(out)
        expect(value).toBeTypeOf('object')
        expect([0, 2, 3]).toContain(exitCode)
        expect(Object.hasOwn(value as object, 'error')).toBe(exitCode !== 0)
      }),
      { numRuns: 150 },
    )
  })

  it('has no colours away from a terminal, and none with NO_COLOR', async () => {
    expect((await call(['nonsense'])).err).not.toContain('\x1b')
    const host = new FakeHost({ terminal: true, env: { NO_COLOR: '1' } })
    await run(['nonsense'], host)
    expect(host.err).not.toContain('\x1b')
    const colored = new FakeHost({ terminal: true })
    await run(['nonsense'], colored)
    expect(colored.err).toContain('\x1b[')
  })
})

describe('surroundings', () => {
  it('reports a bad SOURCE_DATE_EPOCH', async () => {
    const { exitCode, err } = await call(['cache'], { SOURCE_DATE_EPOCH: 'yesterday' })
    expect(exitCode).toBe(2)
    expect(err).toContain('SOURCE_DATE_EPOCH')
    expect(err).toContain('[bad-configuration]')
  })

  it('reports the line of a bad configuration file', async () => {
    const path = join(folder, 'config.yaml')
    await writeFile(path, 'netrc: /some/file\nmirors:\n  debian: x\n')
    const { exitCode, err } = await call(['cache', '--config', path])
    expect(exitCode).toBe(2)
    expect(err).toContain(`${path}:2: unknown setting "mirors"`)
  })

  it('reports an interruption as shells do', async () => {
    const host = new FakeHost({ env: { TEMPER_CACHE_DIR: folder } })
    host.controller.abort(new StopRequest('SIGINT'))
    expect(await run(['cache', 'prune', '--all', '--json'], host)).toBe(130)
    expect(JSON.parse(host.out).error.code).toBe('interrupted')
  })
})
