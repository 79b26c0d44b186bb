import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { buildRoot } from '../../../../model/tree/fixtures/fixture-root.ts'
import { Fuel } from '../../scripts/fuel.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { Stage } from '../stage.ts'
import { filters } from './filters.ts'

const input = 'b:2:x y\na:1:z\nb:2:x y\n\nnone here\n'

function run(name: string, words: readonly string[], text: string | undefined = input) {
  const stage = new Stage(buildRoot({}), () => undefined)
  stage.put({ path: 'etc/file', type: 'file', mode: 0o640, uid: 3, content: new TextEncoder().encode(input) })
  const model = filters({ context: { stage } as unknown as EffectContext, fuel: new Fuel(1_000_000) })[name]
  const call = {
    words: [name, ...words],
    arguments: words,
    input: text,
    certain: true,
  } as unknown as CommandCall
  return { result: model?.(call), stage }
}

/** Lines of commands as maintainer scripts have them. */
const commands: readonly (readonly string[])[] = [
  ['grep', 'b'],
  ['grep', '-v', '^b'],
  ['grep', '-c', 'b'],
  ['grep', '-q', 'nothing'],
  ['grep', '-E', '^(a|none)'],
  ['grep', '-F', '1:z'],
  ['grep', '-w', 'x'],
  ['grep', '-x', 'none here'],
  ['grep', '-o', '[0-9]:.'],
  ['grep', '-i', 'NONE'],
  ['grep', '-e', '-x'],
  ['egrep', 'a+'],
  ['fgrep', 'a.'],
  ['cut', '-d:', '-f1,3'],
  ['cut', '-d', ':', '-f', '2-'],
  ['cut', '-b', '-3'],
  ['cut', '-c2-3'],
  ['cut', '-s', '-d:', '-f2'],
  ['head', '-n', '2'],
  ['head', '-1'],
  ['tail', '-n2'],
  ['sort'],
  ['sort', '-u'],
  ['sort', '-ru'],
  ['seq', '4'],
  ['seq', '2', '4'],
  ['seq', '9', '-3', '1'],
  ['seq', '-s', ' ', '3'],
  ['seq', '5', '1'],
  ['sort', '-n'],
  ['sort', '-t:', '-k2'],
  ['sort', '-t:', '-k2,2nr'],
  ['sort', '-t', ':', '-u', '-k', '1,1'],
  ['head', '-c', '5'],
  ['tail', '-n', '+3'],
  ['tr', '-cd', '[:alnum:]\\n'],
  ['tr', '-cs', 'a-z', '_'],
  ['md5sum'],
  ['sha1sum', '-'],
  ['sha256sum'],
  ['sha512sum', '-b'],
  ['uniq'],
  ['tr', 'a-z', 'A-Z'],
  ['tr', '-d', '\\n'],
  ['tr', '-s', 'b'],
  ['tr', ':', '\\n'],
  ['tr', '[:lower:]', '[:upper:]'],
  ['wc', '-l'],
  ['awk', '{print $1}'],
  ['awk', '-F:', '{ print $3, $1 }'],
  ['sed', '-n', '-e', 's/^a/A/p'],
  ['sed', '-e', '/none/d', '-e', 's/x/X/'],
  ['sed', '-z', 's/\\n/ /g'],
  ['sed', '-ne', 's/^a//p;t end;d;:end q'],
  ['tac'],
  ['expr', 'abc', ':', 'a.*'],
  ['expr', 'abc', ':', 'a\\(.\\)'],
  ['expr', 'abc', ':', 'b'],
  ['expr', 'file_1-x', ':', '[[:alnum:]_-]\\+$'],
  ['expr', 'file.rul', ':', '[[:alnum:]_-]\\+$'],
  ['expr', '7', '%', '4'],
  ['expr', '10', '>', '9'],
  ['expr', 'b', '>', 'a'],
  ['expr', '3', '-', '3'],
  ['expr', 'length', 'four'],
  ['getopt', '-o', 'ab:', '--', '-a', '-b', 'x y', 'rest'],
  ['getopt', '-n', 'x', '-l', 'output:,help', '--', '+o:vh'],
  ['getopt', '-n', 'x', '-l', 'output:,help', '--', '+o:vh', '-vh', '--output', "it's", 'a', '-v'],
  ['getopt', '-l', 'output:,help', '-o', 'v', '--', 'a', '--help', '--out=x', '--', '-v'],
  ['getopt', '--options=v', '--long', 'opt::', '--', '--opt', '--opt=1', '-v'],
]

describe('filters', () => {
  it.each(commands)('print what the real ones print: %s %s %s %s', (...command) => {
    const [name = '', ...words] = command
    const { stdout, status } = spawnSync(name, words, { input, env: { ...process.env, LC_ALL: 'C' } })
    expect(run(name, words).result).toEqual({ status, output: stdout.toString('utf8') })
  })

  it.each([
    ['grep', ['-P', 'x']],
    ['grep', ['-r', 'x', '/etc']],
    ['sort', ['-V']],
    ['awk', ['{ print | "sort" }']],
    ['head', ['-c', '5k']],
    ['sha256sum', ['-c']],
    ['cut', ['-f', 'x']],
    ['tr', ['a']],
    ['wc', ['-m']],
  ])('do not guess: %s %j', (name, words) => {
    expect(run(name, words).result).toBeUndefined()
  })

  it('know nothing of what is not known', () => {
    const calls = ['grep', 'sed', 'cut', 'head', 'sort', 'tr'].map((name) =>
      run(name, ['p'], undefined as never),
    )
    const { stage } = run('tac', [])
    const model = filters({ context: { stage } as unknown as EffectContext, fuel: new Fuel(1000) })
    expect(calls.every(({ result }) => result !== null)).toBe(true)
    const unknown = { words: [], arguments: ['b'], input: undefined, certain: true } as unknown as CommandCall
    expect(model['grep']?.(unknown)).toBeUndefined()
  })
})

it('makes nothing of nothing, whatever the script says', () => {
  expect(run('sed', ['-ne', 's/^a//w /x'], '').result).toEqual({ status: 0, output: '' })
  expect(run('sed', ['-ne', 's/^a//p;t gone']).result).toBeUndefined()
})

describe('sed in place', () => {
  it('changes a file, and leaves it its permissions and owner', () => {
    const { result, stage } = run('sed', ['-i', '-e', 's/^b/B/', '/etc/file'])
    expect(result?.status).toBe(0)
    expect(stage.text('etc/file')).toBe(input.replace(/^b/gm, 'B'))
    expect(stage.get('etc/file')).toMatchObject({ mode: 0o640, uid: 3 })
  })

  it.each([['-i.bak'], ['--in-place'], ['--in-place=.old'], ['-i']])('is asked for by %s', (flag) => {
    const { stage } = run('sed', [flag, 's/none/some/', '/etc/file'])
    expect(stage.text('etc/file')).toContain('some here')
  })

  it('passes over what the image does not have', () => {
    expect(run('sed', ['-i', 's/a/b/', '/usr/share/doc/x']).result).toEqual({ status: 0, output: '' })
  })
})

describe('find and xargs', () => {
  const tree = () => {
    const stage = new Stage(buildRoot({}), () => undefined)
    for (const path of ['srv/a/x.conf', 'srv/a/b/y.conf', 'srv/z'])
      stage.put({ path, type: 'file', mode: 0o644 })
    const context = { stage, accounts: { findUser: () => ({ uid: 0 }), findGroup: () => undefined } }
    return filters({ context: context as unknown as EffectContext, fuel: new Fuel(1_000_000) })
  }
  const ask = (name: string, words: readonly string[], text?: string) =>
    tree()[name]?.({ words: [], arguments: words, input: text, certain: true } as unknown as CommandCall)

  it.each<[readonly string[], string]>([
    [['/srv', '-type', 'f'], '/srv/z\n/srv/a/x.conf\n/srv/a/b/y.conf\n'],
    [['/srv', '-mindepth', '1', '-maxdepth', '1', '-type', 'd'], '/srv/a\n'],
    [['/srv/', '-name', '*.conf', '-print0'], '/srv/a/x.conf\0/srv/a/b/y.conf\0'],
    [['/srv', '!', '-name', '*.conf', '-type', 'f', '-user', 'root'], '/srv/z\n'],
    [['/srv', '-name', 'none'], ''],
    [['/srv', '-name', 'z', '-print', '-o', '!', '-uid', '0', '-print'], '/srv/z\n'],
    [['/srv', '-follow', '-gid', '0', '-not', '-type', 'd', '-name', 'z'], '/srv/z\n'],
    [['/srv', '-type', 'f', '-empty'], '/srv/z\n/srv/a/x.conf\n/srv/a/b/y.conf\n'],
    [['/srv', '-type', 'd', '-empty'], ''],
  ])('find %j', (words, output) => {
    expect(ask('find', words)).toEqual({ status: 0, output })
  })

  it('run commands as a script of their own', () => {
    const words = ['/srv', '-type', 'f', '-name', '*.conf', '-exec', 'chmod', '600', '{}']
    expect(ask('find', [...words, ';'])?.follow).toBe(
      "#!/bin/sh\n'chmod' '600' '/srv/a/x.conf'\n'chmod' '600' '/srv/a/b/y.conf'\n",
    )
    expect(ask('find', [...words, '+'])?.follow).toContain("'/srv/a/x.conf' '/srv/a/b/y.conf'")
    expect(ask('xargs', ['-0', '-r', 'chown', 'x'], "/a b\0/it's\0")?.follow).toBe(
      "#!/bin/sh\n'chown' 'x' '/a b' '/it'\\''s'\n",
    )
    expect(ask('xargs', ['-r', 'chown'], '')).toEqual({ status: 0, output: '' })
    const each = "#!/bin/sh\n'rm' 'a'\n'rm' 'b'\n"
    expect(ask('xargs', ['-n1', 'rm'], 'a b\n')?.follow).toBe(each)
    expect(ask('xargs', ['-n', '1', 'rm'], 'a\nb\n')?.follow).toBe(each)
    expect(ask('xargs', ['-I{}', 'cp', '{}', '/x/{}.y'], 'a b\n')?.follow).toBe(
      "#!/bin/sh\n'cp' 'a b' '/x/a b.y'\n",
    )
  })

  it('delete what they find', () => {
    expect(ask('find', ['/srv', '-name', 'z', '-delete'])?.follow).toBe("#!/bin/sh\n'rm' '-rf' '/srv/z'\n")
    expect(ask('find', ['/srv', '-name', 'none', '-delete'])).toEqual({ status: 0, output: '' })
  })

  it.each([
    ['find', ['/srv', '-newer', '/x']],
    ['find', ['/srv', '-exec', 'rm', '{}', ';', '-type', 'f']],
    ['xargs', ['-n', '2', 'rm']],
  ])('leave alone what they do not know: %s %j', (name, words) => {
    expect(ask(name, words, 'a')).toBeUndefined()
  })

  it('find nothing where nothing is', () => {
    expect(ask('find', ['/none', '-type', 'f'])).toEqual({ status: 1, output: '' })
  })
})
