import { expect, it } from 'vitest'
import { buildRoot, type FixtureNode, program } from '../../model/tree/fixtures/fixture-root.ts'
import { treeSubject } from './tree-subject.ts'

const own = (file: FixtureNode): FixtureNode => ({ ...file, package: '' })
const of = (name: string, file: FixtureNode): FixtureNode => ({ ...file, package: name })
const script = (...words: readonly string[]): FixtureNode => ({ shebang: words })

function tools(
  files: Readonly<Record<string, FixtureNode | string>>,
  searchPath: readonly string[] = [],
): readonly string[] {
  const subject = treeSubject(buildRoot(files), {
    declared: [],
    searchPath,
    packageOf: ({ origin }) => (origin?.kind === 'package' ? origin.package : undefined),
  })
  return [...subject.tools].map(([{ path }, kind]) => `${path}: ${kind}`)
}

it.each<[string, Readonly<Record<string, FixtureNode | string>>, readonly string[]]>([
  [
    'what links of busybox are called is not what they are, but for its shells and installers',
    {
      'bin/busybox': of('busybox', program()),
      'bin/ash': '/bin/busybox',
      'bin/strings': '/bin/busybox',
      'bin/dpkg': 'busybox',
      'sbin/start-stop-daemon': '/bin/busybox',
    },
    ['bin/ash: shell', 'bin/busybox: shell', 'bin/dpkg: package manager'],
  ],
  [
    'hard links of busybox have any name first',
    {
      'bin/[': own(program()),
      'bin/ar': { type: 'hardlink', target: 'bin/[' },
      'bin/busybox': { type: 'hardlink', target: 'bin/[' },
      'bin/sh': { type: 'hardlink', target: 'bin/[' },
    },
    ['bin/busybox: shell', 'bin/sh: shell'],
  ],
  [
    'OpenRC has names of its own in common with Debian',
    {
      'sbin/rc': of('openrc', program()),
      'sbin/rc-service': of('openrc', program()),
      'sbin/service': 'rc-service',
      'sbin/start-stop-daemon': of('openrc', program()),
    },
    [],
  ],
  [
    'those of Debian are parts of its package manager',
    {
      'usr/sbin/service': of('init-system-helpers', script('/bin/sh')),
      'usr/sbin/start-stop-daemon': of('dpkg', program()),
    },
    ['usr/sbin/service: package manager', 'usr/sbin/start-stop-daemon: package manager'],
  ],
  [
    'a command of Hadoop is called like a package manager',
    { 'opt/hadoop/bin/yarn': own(script('/usr/bin/env', 'bash')) },
    [],
  ],
  [
    'the real one is started by node, or beside its script',
    {
      'opt/yarn/bin/yarn': own(script('/bin/sh')),
      'opt/yarn/bin/yarn.js': own({}),
      'usr/local/bin/npm': own(script('/usr/bin/env', 'node')),
      'usr/local/bin/pnpm': '../lib/pnpm.cjs',
      'usr/local/lib/pnpm.cjs': own({ mode: 0o755 }),
    },
    [
      'opt/yarn/bin/yarn: package manager',
      'usr/local/bin/npm: package manager',
      'usr/local/bin/pnpm: package manager',
    ],
  ],
  [
    'a script of an application that is called like a compiler',
    { 'srv/bin/size': own(script('/usr/bin/python3')), 'usr/local/bin/size': own(program()) },
    ['usr/local/bin/size: compiler'],
  ],
  ['a text that is called like one', { 'srv/bin/gcc': own({}) }, []],
])('%s', (_, files, expected) => {
  expect(tools(files)).toEqual(expected)
})

it('what is in a folder of PATH is started as well', () => {
  const files = { 'busybox/sh': own(program()), 'data/sh': own(program()) }
  expect(tools(files)).toEqual([])
  expect(tools(files, ['/usr/bin', '/busybox/'])).toEqual(['busybox/sh: shell'])
})
