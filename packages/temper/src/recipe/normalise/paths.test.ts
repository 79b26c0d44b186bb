import { describe, expect, it } from 'vitest'
import { formatPath, type Report } from '../document/problem.ts'
import { normalisePaths } from './paths.ts'

type Input = Parameters<typeof normalisePaths>[0][number]

function paths(...inputs: readonly Input[]) {
  const problems: string[] = []
  const report: Report = (path, message) => problems.push(`${formatPath(path)}: ${message}`)
  return { problems, requests: normalisePaths(inputs, report) }
}

describe('paths of a recipe', () => {
  it.each<[Input, object]>([
    [
      { type: 'directory', path: '/a' },
      { type: 'directory', path: '/a', mode: 0o755, uid: 0, gid: 0 },
    ],
    [
      { type: 'directory', path: '/a', permissions: '0o700', uid: 1, gid: 2 },
      { type: 'directory', path: '/a', mode: 0o700, uid: 1, gid: 2 },
    ],
    [
      { type: 'file', path: '/a', content: 'x' },
      { type: 'file', path: '/a', content: 'x', mode: 0o644, uid: 0, gid: 0 },
    ],
    [
      { type: 'file', path: '/a', source: 'etc/a', mode: '0600' },
      { type: 'file', path: '/a', source: 'etc/a', mode: 0o600, uid: 0, gid: 0 },
    ],
    [
      { type: 'empty-file', path: '/a', permissions: 0o600 },
      { type: 'file', path: '/a', content: '', mode: 0o600, uid: 0, gid: 0 },
    ],
    [
      { type: 'emptyfile', path: '/a' },
      { type: 'file', path: '/a', content: '', mode: 0o644, uid: 0, gid: 0 },
    ],
    [
      { type: 'symlink', path: '/a', source: '../b' },
      { type: 'symlink', path: '/a', source: '../b' },
    ],
    [
      { type: 'hardlink', path: '/a', source: '/b/c' },
      { type: 'hardlink', path: '/a', source: '/b/c' },
    ],
    [
      { type: 'permissions', path: '/a', permissions: '755' },
      { type: 'permissions', path: '/a', mode: 0o755, recursive: false },
    ],
    [
      { type: 'permissions', path: '/a', uid: 0, recursive: true },
      { type: 'permissions', path: '/a', uid: 0, recursive: true },
    ],
    [
      { type: 'permissions', path: '/a', gid: 0 },
      { type: 'permissions', path: '/a', gid: 0, recursive: false },
    ],
    [
      { type: 'delete', path: '/a' },
      { type: 'delete', path: '/a' },
    ],
  ])('%j', (input, request) => {
    expect(paths(input)).toStrictEqual({ problems: [], requests: [request] })
  })

  it('are made in their order', () => {
    const inputs: readonly Input[] = [
      { type: 'delete', path: '/z' },
      { type: 'directory', path: '/b' },
      { type: 'directory', path: '/a' },
    ]
    expect(paths(...inputs).requests.map(({ path }) => path)).toEqual(['/z', '/b', '/a'])
  })

  it('are made once, but changed and deleted as often as one likes', () => {
    const change: Input = { type: 'permissions', path: '/a', uid: 1 }
    const remove: Input = { type: 'delete', path: '/a' }
    expect(paths({ type: 'directory', path: '/a' }, change, change, remove, remove).problems).toEqual([])
    expect(paths({ type: 'directory', path: '/a' }, { type: 'empty-file', path: '/a' }).problems).toEqual([
      'paths[1].path: /a is made twice: to replace what a recipe that this one extends makes, add "!/a" to the list',
    ])
  })

  it.each<[Input, string]>([
    [{ type: 'directory', path: '/proc' }, 'paths[0].path: /proc is in a folder'],
    [{ type: 'directory', path: '/sys/a' }, 'paths[0].path: /sys/a is in a folder'],
    [{ type: 'delete', path: '/dev/null' }, 'paths[0].path: /dev/null is in a folder'],
    [{ type: 'file', path: '/a' }, 'paths[0]: a file needs "content" or "source"'],
    [{ type: 'file', path: '/a', content: '', source: 'a' }, 'paths[0]: give either "content" or "source"'],
    [
      { type: 'file', path: '/a', source: 'https://x.example/a' },
      'paths[0].source: a file from an address goes under contents.files',
    ],
    [{ type: 'file', path: '/a', source: '' }, 'paths[0].source: '],
    [{ type: 'symlink', path: '/a', source: '' }, 'paths[0].source: expected what the link points to'],
    [{ type: 'symlink', path: '/a', source: 'a\0' }, 'paths[0].source: expected what the link points to'],
    [{ type: 'hardlink', path: '/a', source: 'b' }, 'paths[0].source: expected an absolute path'],
    [{ type: 'hardlink', path: '/a', source: '/b/../c' }, 'paths[0].source: expected an absolute path'],
    [{ type: 'hardlink', path: '/a', source: '/b/.' }, 'paths[0].source: expected an absolute path'],
    [{ type: 'hardlink', path: '/a', source: '/b/' }, 'paths[0].source: expected an absolute path'],
    [{ type: 'hardlink', path: '/a', source: '//b' }, 'paths[0].source: expected an absolute path'],
    [{ type: 'permissions', path: '/a' }, 'paths[0]: nothing to change'],
    [
      { type: 'directory', path: '/a', permissions: '755', mode: '755' },
      'paths[0].mode: "permissions" and "mode" mean the same',
    ],
  ])('%j: %s', (input, problem) => {
    const { problems } = paths(input)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  it.each<Input>([
    { type: 'directory', path: '/procs' },
    { type: 'directory', path: '/srv/proc' },
    { type: 'hardlink', path: '/a', source: '/b/..c/.d' },
    { type: 'file', path: '/a', content: '' },
  ])('%j is fine', (input) => {
    expect(paths(input).problems).toEqual([])
  })
})
