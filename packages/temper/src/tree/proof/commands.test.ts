import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import { buildRoot, type FixtureNode, library, program } from '../../model/tree/fixtures/fixture-root.ts'
import { proveCommands } from './commands.ts'
import { proveInterpreters } from './interpreters.ts'
import {
  findProgram,
  isLoadable,
  type ProofRecipe,
  type ProofSubject,
  pathFolders,
  resolveFile,
} from './subject.ts'

const executable: FixtureNode = { mode: 0o755 }

function subjectOf(
  files: Readonly<Record<string, FixtureNode | string>>,
  recipe: Partial<ProofRecipe> = {},
): ProofSubject {
  const root = buildRoot(files)
  const whole = { entrypoint: [], cmd: [], environment: {}, workDir: '/', volumes: [], tests: [], ...recipe }
  return {
    root,
    nodes: [...root.nodes()],
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
    recipe: whole,
    path: pathFolders(whole.environment),
    read: () => undefined,
    whoHas: (name) => (name === 'app' ? 'app-package' : undefined),
  }
}

const needsOf = (holes: Iterable<{ readonly need: string }>) => [...holes].map(({ need }) => need)

describe('the folders of PATH', () => {
  it.each([
    [{}, ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']],
    [{ PATH: '' }, ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']],
    [{ PATH: '/a::/b' }, ['/a', '/b']],
  ])('of %j are %j', (environment, folders) => {
    expect(pathFolders(environment)).toEqual(folders)
  })
})

describe('programs', () => {
  const subject = subjectOf({
    bin: 'usr/bin',
    'usr/bin/app': executable,
    'usr/bin/plain': {},
    'usr/bin/again': { type: 'hardlink', target: 'usr/bin/app' },
    'opt/app': executable,
    'opt/folder/x': executable,
  })

  it.each([
    ['app', '/', 'usr/bin/app'],
    ['/bin/app', '/', 'usr/bin/app'],
    ['/bin/app', '/opt', 'usr/bin/app'],
    ['./app', '/opt', 'opt/app'],
    ['folder/x', '/opt', 'opt/folder/x'],
    ['again', '/', 'usr/bin/app'],
    ['plain', '/', undefined],
    ['none', '/', undefined],
    ['/opt', '/', undefined],
    ['./app', '/', undefined],
  ])('%s in %s is %s', (name, folder, path) => {
    expect(findProgram(subject, name, folder)?.path).toBe(path)
  })

  it('are files, behind whatever links', () => {
    expect(resolveFile(subject.root, 'usr/bin/again')?.path).toBe('usr/bin/app')
    expect(resolveFile(subject.root, 'usr/bin')).toBeUndefined()
    expect(resolveFile(subject.root, 'none')).toBeUndefined()
  })
})

describe('what the recipe starts', () => {
  const files = { 'usr/bin/here': executable, 'srv/run': executable }
  const needs = (recipe: Partial<ProofRecipe>) => needsOf(proveCommands(subjectOf(files, recipe)))
  const test = {
    name: 'starts',
    exec: [],
    files: [],
    environment: {},
  } as unknown as ProofRecipe['tests'][number]

  it.each<[string, Partial<ProofRecipe>, readonly string[]]>([
    ['nothing', {}, []],
    ['an entrypoint that is there', { entrypoint: ['here', 'argument'] }, []],
    ['one that is not', { entrypoint: ['gone'] }, ['gone']],
    ['a cmd', { cmd: ['gone'] }, ['gone']],
    ['a cmd that is only an argument', { entrypoint: ['here'], cmd: ['gone'] }, []],
    ['a path from the working folder', { entrypoint: ['./run'], workDir: '/srv' }, []],
    ['a path from another one', { entrypoint: ['./run'], workDir: '/' }, ['./run']],
    ['the command of a test', { tests: [{ ...test, command: ['gone'] }] }, ['gone']],
    ['a test without a command of its own', { tests: [test] }, []],
  ])('is %s', (_, recipe, missing) => {
    expect(needs(recipe)).toEqual(missing)
  })

  it('is said with where it was looked for, and who has it', () => {
    const [hole] = proveCommands(subjectOf(files, { entrypoint: ['app'], environment: { PATH: '/a:/b' } }))
    expect(hole).toMatchObject({
      kind: 'command',
      subject: 'entrypoint',
      found: 'starts app, and there is no such program in /a:/b in the image',
      provider: 'app-package',
    })
  })
})

it('is said to be of the cmd where there is no entrypoint', () => {
  const [hole] = proveCommands(subjectOf({}, { cmd: ['/opt/none'] }))
  expect(hole).toMatchObject({ subject: 'cmd', place: { kind: 'whole' } })
  expect(hole).not.toHaveProperty('remedy')
  expect(hole?.found).toBe('starts /opt/none, and there is no such program in the image')
})

describe('interpreters', () => {
  const needs = (files: Readonly<Record<string, FixtureNode | string>>) =>
    needsOf(proveInterpreters(subjectOf(files)))

  it.each<[string, FixtureNode, readonly string[]]>([
    ['that is there', { shebang: ['/usr/bin/here'] }, []],
    ['that is not', { shebang: ['/usr/bin/perl'] }, ['/usr/bin/perl']],
    ['through env', { shebang: ['/usr/bin/env', 'here'] }, []],
    ['through env that is not there', { shebang: ['/usr/bin/env', 'ruby'] }, ['ruby']],
    ['through an env that is missing', { shebang: ['/opt/env', 'here'] }, ['/opt/env']],
    ['of a script that nobody can start', { shebang: ['/usr/bin/perl'], mode: 0o644 }, []],
  ])('of a script: %s', (_, script, missing) => {
    expect(needs({ 'usr/bin/env': executable, 'usr/bin/here': executable, 'opt/run': script })).toEqual(
      missing,
    )
  })

  it('of a module that env starts is its host, where env is missing', () => {
    const module = { 'usr/lib/app/cgi.py': { shebang: ['/usr/bin/env', 'here'] } }
    const host = { 'usr/bin/python3': executable }
    expect(needs(module)).toEqual(['here'])
    expect(needs({ ...module, ...host })).toEqual([])
    expect(needs({ ...module, 'usr/bin/here': executable })).toEqual(['/usr/bin/env'])
    expect(needs({ 'opt/run': { shebang: ['/usr/bin/env', 'here'] }, ...host })).toEqual(['here'])
  })

  it('of a program is a loader for the same machine', () => {
    const app = { 'usr/bin/app': program([]) }
    const loader = 'lib64/ld-linux-x86-64.so.2'
    expect(needs(app)).toEqual(['/lib64/ld-linux-x86-64.so.2'])
    expect(needs({ ...app, [loader]: library('ld') })).toEqual([])
    expect(needs({ ...app, [loader]: library('ld', { machine: 183 }) })).toHaveLength(1)
    expect(needs({ ...app, [loader]: {} })).toHaveLength(1)
  })

  it.each([
    [{}, true],
    [{ machine: 183 }, false],
    [{ bits: 32 as const }, false],
    [{ kind: 'other' as const }, false],
  ])('are loadable or not: %j', (facts, loadable) => {
    const node = buildRoot({ x: library('x', facts) }).get('x')
    expect(
      node?.elf && isLoadable({ ...node, elf: node.elf }, glibcLoader('amd64', 'lib/x86_64-linux-gnu')),
    ).toBe(loadable)
  })
})
