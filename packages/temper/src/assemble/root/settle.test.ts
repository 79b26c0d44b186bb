import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildRoot, type FixtureNode } from '../../model/tree/fixtures/fixture-root.ts'
import { lookUp } from '../../model/tree/look-up.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'
import { sampleHardening } from '../fixtures/sample.ts'
import { removeEmptied, settle } from './settle.ts'

const run = (root: Rootfs, ...programs: string[]) =>
  settle(root, { programs: new Set(programs), hardening: sampleHardening }).map(
    ({ package: name, path, reason }) => `${name} ${path}: ${reason}`,
  )

const script = (interpreter: string): FixtureNode => ({ shebang: [interpreter] })

describe('what has lost its meaning', () => {
  it('leaves: a script without interpreter, then the links to it, then the links to these', () => {
    const root = buildRoot({
      'usr/bin/run': script('/usr/bin/perl'),
      'usr/bin/second': 'run',
      'usr/bin/third': '/usr/bin/second',
      'usr/bin/kept': 'app',
      'usr/bin/app': {},
    })
    expect(run(root)).toEqual([
      'pkg usr/bin/run: no interpreter',
      'pkg usr/bin/second: dangling symlink',
      'pkg usr/bin/third: dangling symlink',
    ])
    expect([...root.nodes()].map(({ path }) => path)).toEqual([
      'usr',
      'usr/bin',
      'usr/bin/app',
      'usr/bin/kept',
    ])
    expect(run(root)).toEqual([])
  })

  it('stays while one of the possible interpreters is there, also behind links', () => {
    const root = buildRoot({
      bin: 'usr/bin',
      'usr/bin/python3': 'python3.13',
      'usr/bin/python3.13': {},
      'usr/bin/env': {},
      'usr/lib/tool': { shebang: ['/usr/bin/env', 'python3'] },
      'usr/lib/module.py': script('/usr/bin/python3.9'),
      'usr/lib/old': script('/bin/python3'),
    })
    expect(run(root)).toEqual([])
  })

  it('goes in as many rounds as it takes: an interpreter may be a script itself', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 6 }, (_, at) => [`usr/bin/s${at}`, script(`/usr/bin/s${at + 1}`)]),
    )
    expect(run(buildRoot(chain))).toHaveLength(6)
  })

  it('never takes what the recipe brings or starts', () => {
    const root = buildRoot({
      'etc/broken': { type: 'symlink', target: 'none', package: '' },
      'usr/bin/run': script('/usr/bin/perl'),
    })
    expect(run(root, '/usr/bin/run')).toEqual([])
  })

  it.each([
    ['/run/lock', 'stays'],
    ['/proc/self/mounts', 'stays'],
    ['../../dev/shm', 'stays'],
    ['/sys', 'stays'],
    ['/', 'stays'],
    ['..', 'stays'],
    ['/dev/../run/x', 'stays'],
    ['/running', 'leaves'],
    ['../../usr/../dev', 'leaves'],
    ['/nowhere', 'leaves'],
    ['link', 'leaves'],
  ])('a link to %s %s', (target, what) => {
    const gone = run(buildRoot({ 'var/lib/link': target }))
    expect(gone).toEqual(what === 'stays' ? [] : ['pkg var/lib/link: dangling symlink'])
  })

  it('takes away what effects make and hardening forbids', () => {
    const root = buildRoot({ 'etc/passwd': {} })
    const node = { ...(root.get('etc/passwd') ?? {}), origin: { kind: 'effect', effect: 'x' } } as const
    root.put({ ...node, path: 'usr/share/doc/index' } as Parameters<Rootfs['put']>[0])
    expect(run(root)).toEqual([' usr/share/doc/index: documentation'])
  })

  it('leaves no link that leads nowhere, whatever links there were', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    const target = fc.oneof(name, fc.constantFrom('/a', '../b', '/run/x', 'none', '.'))
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.oneof(target, fc.constant('')), { noNullPrototype: true }),
        (links) => {
          const root = buildRoot(
            Object.fromEntries(Object.entries(links).map(([path, to]) => [`d/${path}`, to === '' ? {} : to])),
          )
          run(root)
          for (const { path, type } of root.nodes()) {
            if (type !== 'symlink') continue
            const { outcome, path: end } = lookUp(root, path)
            expect([path, outcome === 'found' || end === 'run']).toEqual([path, true])
          }
        },
      ),
    )
  })
})

describe('folders that were emptied', () => {
  it('go with what was in them, upwards, but not those of others or with something left', () => {
    const root = buildRoot({
      'usr/share/doc/a': { type: 'directory' },
      'var/lib/own': { type: 'directory', package: '' },
      'var/lib/kept/file': {},
      'var/empty': { type: 'directory' },
    })
    const stripped = ['usr/share/doc/a/README', 'var/lib/own/x', 'var/lib/kept/other']
    removeEmptied(
      root,
      stripped.map((path) => ({ package: 'pkg', path, reason: 'documentation', relaxable: true })),
    )
    expect([...root.nodes()].map(({ path }) => path)).toEqual([
      'var',
      'var/empty',
      'var/lib',
      'var/lib/kept',
      'var/lib/kept/file',
      'var/lib/own',
    ])
  })
})
