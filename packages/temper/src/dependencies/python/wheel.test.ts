import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import { buildWheel } from './fixtures/sample-wheel.ts'
import { installWheel } from './wheel.ts'

const places = {
  modules: '/usr/local/lib/py',
  scripts: '/usr/local/bin',
  data: '/usr/local',
  headers: '/usr/local/include',
}
const file = 'demo-1.0-py3-none-any.whl'
const install = (bytes: Uint8Array, name = file) => installWheel(bytes, name, { places })
const text = (content: Uint8Array) => Buffer.from(content).toString()

describe('a wheel', () => {
  it('goes where the specification says, scripts with the interpreter of the image', () => {
    const bytes = buildWheel({
      'demo/__init__.py': 'x = 1\n',
      'demo/a,b.txt': 'comma',
      'demo-1.0.data/scripts/run': '#!python -s\nprint()\n',
      'demo-1.0.data/scripts/other': '#!/bin/sh\n',
      'demo-1.0.data/data/share/x': 'data',
      'demo-1.0.data/purelib/pure.py': '',
      'demo-1.0.data/headers/demo.h': '',
      'demo-1.0.dist-info/entry_points.txt':
        '# c\n[console_scripts]\ndemo = demo.main:App.run [extra]\n[other]\nx = y\n',
    })
    const installed = new Map(install(bytes).map((each) => [each.path, each]))
    expect([...installed.keys()].sort()).toEqual([
      '/usr/local/bin/demo',
      '/usr/local/bin/other',
      '/usr/local/bin/run',
      '/usr/local/include/demo.h',
      '/usr/local/lib/py/demo-1.0.dist-info/INSTALLER',
      '/usr/local/lib/py/demo-1.0.dist-info/METADATA',
      '/usr/local/lib/py/demo-1.0.dist-info/RECORD',
      '/usr/local/lib/py/demo-1.0.dist-info/WHEEL',
      '/usr/local/lib/py/demo-1.0.dist-info/entry_points.txt',
      '/usr/local/lib/py/demo/__init__.py',
      '/usr/local/lib/py/demo/a,b.txt',
      '/usr/local/lib/py/pure.py',
      '/usr/local/share/x',
    ])
    const content = (path: string) => text(installed.get(path)?.content ?? new Uint8Array())
    expect(content('/usr/local/bin/run')).toBe('#!/usr/bin/python3 -s\nprint()\n')
    expect(content('/usr/local/bin/other')).toBe('#!/bin/sh\n')
    expect(content('/usr/local/bin/demo')).toBe(
      '#!/usr/bin/python3\nimport sys\nfrom demo.main import App\n\nif __name__ == "__main__":\n    sys.exit(App.run())\n',
    )
    expect(installed.get('/usr/local/bin/demo')?.mode).toBe(0o755)
    const record = content('/usr/local/lib/py/demo-1.0.dist-info/RECORD')
    const hash = createHash('sha256').update('#!/usr/bin/python3 -s\nprint()\n').digest('base64url')
    expect(record).toContain(`../../bin/run,sha256=${hash},30\n`)
    expect(record).toContain('"demo/a,b.txt",sha256=')
    expect(record.endsWith('demo-1.0.dist-info/RECORD,,\n')).toBe(true)
    expect(record.split('\n')).toHaveLength(installed.size + 1)
  })

  it('leaves out of its record what is not kept', () => {
    const isKept = ({ path }: { readonly path: string }) => !path.endsWith('.a')
    const files = installWheel(buildWheel({ 'demo/x.a': 'x', 'demo/y': 'y' }), file, { places, isKept })
    expect(files.some(({ path }) => path.endsWith('x.a'))).toBe(false)
    expect(text(files.at(-1)?.content ?? new Uint8Array())).not.toContain('x.a')
  })

  it.each<[string, () => unknown, string]>([
    [
      'of another package',
      () => install(buildWheel({}), 'other-1.0-py3-none-any.whl'),
      'for the package "demo"',
    ],
    ['of another version', () => install(buildWheel({}), 'demo-2.0-py3-none-any.whl'), 'it is version 1.0'],
    [
      'with a file that changed',
      () => install(buildWheel({ a: 'x' }, { lie: { a: 'sha256=AAAA' } })),
      'does not match its RECORD',
    ],
    [
      'with a weak digest',
      () => install(buildWheel({ a: 'x' }, { lie: { a: 'md5=AAAA' } })),
      'has no digest of "a"',
    ],
    [
      'without a RECORD',
      () =>
        install(
          buildZip({ entries: [{ name: 'demo-1.0.dist-info/WHEEL', content: 'Wheel-Version: 1.0\n' }] }),
        ),
      'has no RECORD',
    ],
    [
      'of the next version',
      () => install(buildWheel({ 'demo-1.0.dist-info/WHEEL': 'Wheel-Version: 2.0\n' })),
      'expected Wheel-Version 1, found 2',
    ],
    [
      'with two packages',
      () => install(buildWheel({ 'b-1.dist-info/METADATA': '' })),
      'expected one .dist-info folder, found 2',
    ],
    ['that leads out', () => install(buildWheel({ '../x': '' })), 'points outside the wheel'],
    [
      'with data of no known kind',
      () => install(buildWheel({ 'demo-1.0.data/etc/x': '' })),
      'it does not say where',
    ],
    [
      'with a program that leads out',
      () => install(buildWheel({ 'demo-1.0.dist-info/entry_points.txt': '[console_scripts]\n../x = a:b\n' })),
      'no program can be made',
    ],
    [
      'with a program that is code',
      () =>
        install(
          buildWheel({ 'demo-1.0.dist-info/entry_points.txt': '[console_scripts]\nx = os:system("x")\n' }),
        ),
      'no program can be made',
    ],
    ['that is none', () => install(Buffer.from('PK')), 'zip'],
  ])('%s is refused', (_, act, message) => {
    expect(act).toThrow(
      expect.objectContaining({ code: 'bad-archive', message: expect.stringContaining(message) }),
    )
  })
})
