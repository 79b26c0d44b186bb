import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseList } from './acceptance.ts'
import { draw } from './draw.ts'
import { mainProgram } from './main-program.ts'
import { type PackageOutcome, ResultFile } from './outcome.ts'
import { summary } from './summary.ts'
import { startFault } from './verdict.ts'

const folder = mkdtempSync(join(tmpdir(), 'temper-acceptance-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('takes names from a list, one a line', () => {
  expect(parseList('# servers\nnginx\n\nbind9 # names\nnginx\n')).toEqual(['nginx', 'bind9'])
})

/** A package with programs at these paths, all of which the image has. */
function filesOf(name: string, paths: readonly string[], units: Readonly<Record<string, string>> = {}) {
  const entry = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtime: 0 } as const
  return {
    name,
    entries: paths.map((path) => ({ ...entry, path })),
    units: new Map(Object.entries(units)),
    executable: (path: string) => paths.includes(path),
  }
}

describe('the main program', () => {
  it.each<[string, readonly string[], string | undefined]>([
    ['redis-server', ['usr/bin/redis-check-aof', 'usr/bin/redis-server'], '/usr/bin/redis-server'],
    ['openssh-server', ['usr/sbin/sshd', 'usr/bin/x'], undefined],
    ['bind9', ['usr/sbin/rndc-confgen', 'usr/sbin/bind'], '/usr/sbin/bind'],
    ['courier-imap', ['usr/sbin/only-one'], '/usr/sbin/only-one'],
    ['tzdata', ['usr/share/zoneinfo/UTC'], undefined],
  ])('of %s is told by its name', (name, paths, path) => {
    expect(mainProgram(filesOf(name, paths))?.path).toBe(path)
  })

  it('is what the service of the package runs, without what only systemd knows', () => {
    const unit = '[Service]\nExecStartPre=/bin/true\nExecStart=-/usr/sbin/named -f \\\n  $OPTIONS "-u" bind\n'
    const files = filesOf('bind9', ['usr/sbin/named', 'usr/sbin/other'], {
      'another.service': '[Service]\nExecStart=/usr/sbin/other\n',
      'bind9.service': unit,
    })
    expect(mainProgram(files)).toEqual({ path: '/usr/sbin/named', service: ['-f', '-u', 'bind'] })
  })

  it('of a service that the image lacks is looked for by name', () => {
    const unit = { 'x.service': '[Service]\nExecStart=/usr/sbin/gone\n' }
    expect(mainProgram(filesOf('x', ['usr/bin/x'], unit))).toEqual({ path: '/usr/bin/x' })
  })
})

describe('a start', () => {
  it.each([
    [{ exitCode: 0, output: 'version 1' }],
    [{ exitCode: 1, output: 'unknown option --version' }],
    [{ exitCode: 1, output: 'open /etc/x.conf: permission denied' }],
    [{ exitCode: undefined, output: 'listening' }],
  ])('is one whatever the program thinks of its arguments: %j', (result) => {
    expect(startFault(result)).toBeUndefined()
  })

  it.each([
    'x: error while loading shared libraries: libfoo.so.1: cannot open shared object file',
    'x: symbol lookup error: x: undefined symbol: y',
    "Can't locate Foo/Bar.pm in @INC (you may need to install it)",
    "ModuleNotFoundError: No module named 'x'",
    'exec /usr/bin/x: no such file or directory',
    'Error: Could not find or load main class org.x.Main',
  ])('is none when a loader or an interpreter complains: %s', (output) => {
    expect(startFault({ exitCode: 1, output })).toBeDefined()
  })

  it('is none when the program crashes', () => {
    expect(startFault({ exitCode: 139, output: '' })).toContain('139')
  })

  it('a service that the word for its version is taken for is no fault', () => {
    const output = 'libnss_--version.so.2: cannot open shared object file: No such file or directory'
    expect(startFault({ exitCode: 1, output }, ['--version'])).toBeUndefined()
    expect(
      startFault({ exitCode: 1, output: output.replace('--version', 'db') }, ['--version']),
    ).toBeDefined()
  })
})

const good: PackageOutcome = {
  package: 'a',
  result: 'built',
  code: null,
  unmodelled: 0,
  starts: true,
  reason: null,
}
const refused: PackageOutcome = { ...good, package: 'b', result: 'refused', code: 'not-closed', starts: null }

it('goes on where it was stopped, in the order of the list', () => {
  const path = join(folder, 'result.json')
  const order = ['b', 'a']
  const first = new ResultFile(path, { resume: false, order })
  first.add(good)
  const second = new ResultFile(path, { resume: true, order })
  expect([second.has('a'), second.has('b')]).toEqual([true, false])
  second.add(refused)
  expect(second.inOrder().map((each) => each.package)).toEqual(order)
  expect(new ResultFile(path, { resume: false, order }).count).toBe(0)
})

it('sums up what was built, refused and started', () => {
  const text = summary([
    good,
    refused,
    { ...good, package: 'c', unmodelled: 2, starts: false, reason: 'crash' },
  ])
  expect(text).toContain('built       2 (66.7 %)')
  expect(text).toContain('unmodelled  1 (50.0 %) of what was built: c 2')
  expect(text).toContain('refused     1 not-closed: b')
  expect(text).toContain('c: crash')
})

it('draws the same servers for the same seed, and others for another', () => {
  const listed = (name: string, description: string, section = 'net') => ({ name, description, section })
  const servers = Array.from({ length: 40 }, (_, i) => listed(`tool${i}`, `Small server ${i}`))
  const others = [listed('a-doc', 'server'), listed('b', 'observers'), listed('c', 'server', 'games')]
  const all = [...servers, listed('xd-server', 'runs x'), ...others]
  const of = (seed: string, without: readonly string[] = []) =>
    draw(all, { count: 41, seed, without: new Set(without) })
  expect(of('one')).toEqual(draw(all.toReversed(), { count: 41, seed: 'one', without: new Set() }))
  expect(of('one')).not.toEqual(of('two'))
  expect([...of('two')].sort()).toEqual([...servers.map(({ name }) => name), 'xd-server'].sort())
  expect(of('one', ['tool3'])).toEqual(of('one').filter((name) => name !== 'tool3'))
})
