import { expect, test } from 'vitest'
import { defaultPath, interpreterAlternatives, moduleHost } from './interpreter.ts'

const script = (path: string, shebang: readonly string[] | undefined, mode = 0o755) =>
  interpreterAlternatives({ path, type: 'file', mode, ...(shebang === undefined ? {} : { shebang }) })

test.each([
  ['usr/bin/tool', ['/bin/sh'], ['/bin/sh']],
  ['usr/bin/tool', ['/usr/bin/env', 'python3'], defaultPath.map((folder) => `${folder}/python3`)],
  ['usr/bin/tool', ['/usr/bin/env', '/opt/own/python'], ['/opt/own/python']],
  // Programs are started by their first line, whatever they are called.
  ['usr/bin/tool.py', ['/usr/bin/python2'], ['/usr/bin/python2']],
  ['usr/lib/tool/module.py', ['/usr/bin/python2'], ['/usr/bin/python2', '/usr/bin/python3']],
  ['usr/share/perl5/X.pm', ['/usr/bin/perl'], ['/usr/bin/perl', '/usr/bin/perl']],
  ['usr/bin/binary', undefined, undefined],
] as const)('%s with %j needs one of %j', (path, shebang, expected) => {
  expect(script(path, shebang)).toEqual(expected)
})

test('what nobody may execute is not started by its first line', () => {
  expect(script('usr/share/doc/example.sh', ['/bin/sh'], 0o644)).toBeUndefined()
  expect(script('usr/share/doc/example.sh', ['/bin/sh'], 0o645)).toEqual(['/bin/sh'])
  const link = { path: 'usr/bin/x', type: 'symlink', mode: 0o777, shebang: ['/bin/sh'] } as const
  expect(interpreterAlternatives(link)).toBeUndefined()
})

test.each([
  ['usr/lib/x.rb', '/usr/bin/ruby'],
  ['usr/lib/node_modules/x/index.mjs', '/usr/bin/node'],
  ['usr/share/x/y.lua', '/usr/bin/lua'],
  ['usr/sbin/x.pl', undefined],
  ['usr/lib/x.so', undefined],
])('%s is loaded by %s', (path, host) => {
  expect(moduleHost(path)).toBe(host)
})
