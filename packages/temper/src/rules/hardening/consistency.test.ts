import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RelaxableRule } from '../../model/recipe.ts'
import { buildRoot, node } from '../../model/tree/fixtures/fixture-root.ts'
import { checkHardening } from './check.ts'
import { exclusionOf, hardenedMode } from './strip.ts'

const folders = fc.constantFrom(
  ...['usr/bin', 'usr/sbin', 'opt/app/bin', 'usr/lib', 'usr/lib/x86_64-linux-gnu', 'usr/lib/systemd', 'etc'],
  ...[
    'usr/share/doc/x',
    'usr/share/man/man1',
    'usr/share/locale/de',
    'usr/include',
    'usr/share/applications',
  ],
  ...[
    'etc/cron.d',
    'etc/profile.d',
    'etc/apt',
    'var/cache/x',
    'var/log',
    'var/lib/dpkg/info',
    'srv',
    'usr/share',
  ],
)
const names = fc.constantFrom(
  ...[
    'bash',
    'sh',
    'apt-get',
    'dpkg',
    'gcc-14',
    'gdb',
    'python3',
    'nginx',
    'copyright',
    'README',
    'x.1',
    'x.mo',
  ],
  ...[
    'libz.a',
    'libz.so.1',
    'x.h',
    'x.service',
    'x.log',
    'sources.list',
    'javac',
    'ld.bfd',
    'pip3.13',
    'toolkit',
  ],
)
const paths = fc.tuple(folders, names).map((parts) => parts.join('/'))
const modes = fc.constantFrom(0o644, 0o755, 0o4755, 0o2755, 0o666, 0o777)

/** The rules that a file of a package breaks when it stands alone in a tree. */
function broken(path: string, mode: number): readonly RelaxableRule[] {
  const recipe = { volumes: [], paths: [], hardening: { allow: [] } }
  const options = { recipe, user: { uid: 65532, gid: 65532 } }
  return checkHardening(buildRoot({ [path]: { mode } }), options).violations.map(({ rule }) => rule)
}

describe('what building leaves out and what the finished tree is checked for', () => {
  const strict = { allow: [], hasInterpreter: () => true }

  it('agree: what goes in breaks no rule, what stays out would break the rule that it names', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const exclusion = exclusionOf(node(path), strict)
        expect(broken(path, 0o644)).toEqual(exclusion === undefined ? [] : [exclusion.rule])
      }),
      { numRuns: 500 },
    )
  })

  it('agree on permissions', () => {
    fc.assert(
      fc.property(modes, (mode) => {
        const path = 'srv/app/data'
        expect(broken(path, hardenedMode(node(path, { mode }), { allow: [] }))).toEqual([])
        const isAsItWas = hardenedMode(node(path, { mode }), { allow: [] }) === mode
        expect(broken(path, mode).length === 0).toBe(isAsItWas)
      }),
    )
  })

  it('agree on relaxations: the rule that keeps something out lets it in', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const exclusion = exclusionOf(node(path), strict)
        if (exclusion?.rule === undefined) return
        const allow = [{ rule: exclusion.rule, path: `/${path}`, why: 'a test' }]
        expect(exclusionOf(node(path), { ...strict, allow })).toBeUndefined()
        const recipe = { volumes: [], paths: [], hardening: { allow } }
        const verdict = checkHardening(buildRoot({ [path]: {} }), {
          recipe,
          user: { uid: 65532, gid: 65532 },
        })
        expect(verdict).toMatchObject({ violations: [], used: allow, warnings: [] })
      }),
    )
  })
})
