import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { readRepositoryFile, repositoryFiles } from '../../../test/support/source-files.ts'
import { buildSettings } from '../commands/service/builds.ts'
import { allCommands } from '../program/command-table.ts'
import { createProgram } from '../program/program.ts'
import { run } from '../run.ts'
import { mirrored, mirrorVariable } from './known-settings.ts'
import { settable, variablesOf } from './option-settings.ts'

let folder = ''
const file = () => join(folder, 'config.yaml')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-settings-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function temper(
  args: readonly string[],
  { yaml, env = {} }: { yaml?: string; env?: Record<string, string> } = {},
) {
  await writeFile(file(), yaml ?? '')
  const host = new FakeHost({
    workingDir: folder,
    env: { TEMPER_CACHE_DIR: join(folder, 'cache'), TEMPER_CONFIG: file(), ...env },
  })
  const code = await run(args, host)
  return { code, out: host.out, err: host.err }
}

async function config(settings: Parameters<typeof temper>[1], ...args: string[]) {
  const { code, out, err } = await temper(['config', '--json', ...args], settings)
  expect([code, err]).toEqual([0, ''])
  const shown: { settings: { name: string; value: string; from: string }[]; unknown: string[] } =
    JSON.parse(out)
  return { ...shown, of: (name: string) => shown.settings.find((setting) => setting.name === name) }
}

describe('variables', () => {
  it('are documented where they are read, and known to whoever asks what is set', async () => {
    const sources = repositoryFiles().filter((path) =>
      /^packages\/temper\/src\/cli\/.*(?<!\.test)\.ts$/.test(path),
    )
    const read = sources.flatMap((path) =>
      [...readRepositoryFile(path).matchAll(/env\['(TEMPER_\w+)'\]/g)].map(([, name = '']) => name),
    )
    // What the script that starts Temper says to it.
    const own = [...new Set(read)].filter((name) => name !== 'TEMPER_LAUNCHER')
    const names = [...own, ...mirrored.map(mirrorVariable)]
    expect(names).toContain('TEMPER_PROXY_FOR_ALL')
    const page = readRepositoryFile('docs/reference/configuration.md')
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
    const env = Object.fromEntries(names.map((name) => [name, '1']))
    const { unknown } = await config({ env: { ...env, TEMPER_CONFIG: file() } })
    expect(unknown).toEqual([])
  })

  it('that name mirrors reach the builds of a service, and what is secret does not', async () => {
    const named = Object.fromEntries(mirrored.map((name) => [mirrorVariable(name), 'http://mirror.example']))
    const host = new FakeHost({ workingDir: folder, env: { ...named, TEMPER_KEY_PASSWORD: 'secret' } })
    const { environment } = await buildSettings({ options: {}, host })
    expect(environment).toMatchObject(named)
    expect(environment).not.toHaveProperty('TEMPER_KEY_PASSWORD')
  })
})

describe('options', () => {
  it('are all settable by a variable of their own', async () => {
    const program = createProgram(await allCommands(), { write: () => {}, columns: 80 })
    const names = program.commands.flatMap((command) =>
      settable(command.options).map((option) => variablesOf(option, command.name())[0]),
    )
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('TEMPER_SCAN_FAIL_ON')
    expect(names).toContain('TEMPER_LOGIN_USERNAME')
  })

  it('come from the command line, else a variable, else the file', async () => {
    const yaml = 'options:\n  json: true\n  schema: {}\n'
    expect((await temper(['version'], { yaml })).out).toMatch(/^\{"version"/)
    expect((await temper(['version'], { yaml, env: { TEMPER_JSON: '0' } })).out).toMatch(/^temper /)
    expect((await temper(['version', '--json'], { env: { TEMPER_JSON: '0' } })).out).toMatch(/^\{"version"/)
  })

  it('may be set for one command, or for all that have them', async () => {
    const yaml = 'options:\n  fail-on: low\n  scan:\n    fail-on: [critical, kev]\n    severity: high\n'
    const shown = await config({ yaml, env: { TEMPER_SEVERITY: 'medium' } })
    expect(shown.of('scan --fail-on')).toEqual({
      name: 'scan --fail-on',
      value: 'critical,kev',
      from: `${file()}:4`,
    })
    expect(shown.of('build --fail-on')).toMatchObject({ value: 'low', from: `${file()}:2` })
    expect(shown.of('scan --severity')).toMatchObject({ value: 'medium', from: 'TEMPER_SEVERITY' })
  })

  it('may be several in a variable, one a line', async () => {
    const shown = await config({ env: { TEMPER_BUILD_TAG: ' r.example/a:1\n\nr.example/b:2\n' } })
    expect(shown.of('build --tag')?.value).toBe('r.example/a:1, r.example/b:2')
  })

  it('give way to what the command line says instead', async () => {
    const { code, err } = await temper(['sign', 'oci:missing', '--keyless', '--offline'], {
      env: { TEMPER_SIGN_KEY: 'temper.key', TEMPER_QUIET: '1' },
    })
    expect(code).not.toBe(0)
    expect(err).not.toContain('exclude each other')
  })

  it.each([
    [{ env: { TEMPER_SCAN_ATTACH: 'perhaps' } }, 'TEMPER_SCAN_ATTACH: --attach: expected true or false'],
    [{ env: { TEMPER_EXIT_CODE: '256' } }, 'TEMPER_EXIT_CODE: --exit-code: Expected a number from 0 to 255.'],
    [
      { yaml: 'options:\n  scan:\n    fail-no: high\n' },
      'config.yaml:3: "temper scan" has no option --fail-no',
    ],
    [{ yaml: 'options:\n  qiet: true\n' }, 'config.yaml:2: commands have no option --qiet'],
    [{ yaml: 'options: 3\n' }, 'config.yaml:1: options: expected settings as "name: value"'],
  ])('must make sense: %j', async (settings, message) => {
    const { code, err } = await temper(['scan', 'missing.tar'], settings)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})

describe('temper config', () => {
  it('shows what holds and whence, and no passwords', async () => {
    const shown = await config({
      yaml: 'mirrors:\n  debian: http://me:secret@mirror.example/debian\n',
      env: { HTTPS_PROXY: 'http://me:hidden@proxy.example', TEMPER_KEY_PASSWORD: 'unseen' },
    })
    expect(JSON.stringify(shown)).not.toMatch(/secret|hidden|unseen/)
    expect(shown.of('mirrors.debian')?.from).toBe(`${file()}:2`)
    expect(shown.of('TEMPER_KEY_PASSWORD')).toMatchObject({ value: 'set', from: 'environment' })
    expect(shown.of('--cache-dir')).toMatchObject({ from: 'TEMPER_CACHE_DIR' })
  })

  it('tells of variables that set nothing', async () => {
    const { out } = await temper(['config'], { env: { TEMPER_SCAN_FIAL_ON: 'high' } })
    expect(out).toContain('TEMPER_SCAN_FIAL_ON sets nothing')
  })

  it('lists everything with --all', async () => {
    const shown = await config({}, '--all')
    expect(shown.of('scan --only-fixed')?.from).toBe('default (set it with TEMPER_ONLY_FIXED)')
    expect(shown.of('feeds.osv')?.from).toBe('default')
  })
})
