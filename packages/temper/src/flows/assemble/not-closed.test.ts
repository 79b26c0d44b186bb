import { describe, expect, it } from 'vitest'
import type { StrippedEntry } from '../../assemble/root/populate.ts'
import type { UnmetNeed } from '../../tree/proof/need.ts'
import { notClosed } from './not-closed.ts'

const library: UnmetNeed = {
  rule: 'missing-library',
  level: 'error',
  subject: '/usr/bin/a',
  place: { kind: 'path', path: '/usr/bin/a' },
  found: 'needs the library libz.so.1, which is not where the loader looks for it',
  remedy: 'add the package zlib1g, which has it',
  kind: 'library',
  need: 'libz.so.1',
  provider: 'zlib1g',
}

const script: UnmetNeed = {
  rule: 'missing-interpreter',
  level: 'error',
  subject: '/usr/bin/s',
  place: { kind: 'path', path: '/usr/bin/s' },
  found: 'is a script for /bin/sh, which is not in the image',
  remedy: 'add the package of the interpreter, or delete the file that needs it',
  kind: 'interpreter',
  need: '/bin/sh',
}

const dash: StrippedEntry = {
  package: 'dash',
  path: 'usr/bin/sh',
  reason: 'shell',
  rule: 'shell',
  relaxable: true,
}

describe('a tree that is not closed', () => {
  it('names the package that has what no package brought', () => {
    const { message, hint } = notClosed([library], { stripped: [dash] })
    expect(message).toBe(
      'The image lacks a thing that it needs:\n  /usr/bin/a needs the library libz.so.1, which is not where the loader looks for it; the package zlib1g provides it',
    )
    expect(hint).toBe('Add to contents.packages: [zlib1g], or delete under paths the file that needs it.')
  })

  it('asks for a package when nobody knows which', () => {
    expect(notClosed([script], { stripped: [] }).hint).toContain('Add the package that provides it')
  })

  it('does not name who else has what hardening left out', () => {
    const { message, hint } = notClosed([{ ...script, provider: 'dash' }], { stripped: [dash] })
    expect(message).not.toContain('the package dash')
    expect(hint).not.toContain('contents.packages')
  })

  it('names what contents.without leaves out', () => {
    const { hint } = notClosed([library], { stripped: [], without: ['perl', 'zlib1g'] })
    expect(hint).toBe('Remove zlib1g from contents.without, or delete under paths the files that need it.')
  })

  it('names the rule that left something out, and how to let it in', () => {
    const { message, hint } = notClosed([library, script], { stripped: [dash] })
    expect(message).toContain('lacks 2 things')
    expect(message).toContain(
      '/usr/bin/s is a script for /bin/sh, which is not in the image: dash provides it, and was left out (the hardening rule shell)',
    )
    expect(hint).toContain('hardening.allow: [{ rule: shell, why: … }]')
  })

  it.each<[string, Partial<StrippedEntry>]>([
    ['no interpreter', { rule: 'missing-interpreter', relaxable: false }],
    ['device', { rule: 'device', relaxable: false }],
    ['link of the merged /usr', { relaxable: false }],
  ])('proposes no relaxation that would not help: %s', (reason, over) => {
    const { rule: _, ...without } = dash
    const { message, hint } = notClosed([script], {
      stripped: [{ ...without, ...over, reason } as StrippedEntry],
    })
    expect(message).toContain(`left out (${reason})`)
    expect(hint).not.toContain('hardening.allow')
  })

  it.each([
    ['/bin/sh', 'bin/sh', true],
    ['/bin/sh', 'usr/bin/sh', true],
    ['/usr/bin/sh', 'bin/sh', false],
    ['sh', 'usr/bin/sh', true],
    ['sh', 'usr/local/sbin/sh', true],
    ['sh', 'usr/share/sh', false],
    ['sh', 'usr/bin/dash', false],
  ])('%s is %s: %s', (need, path, expected) => {
    const { message } = notClosed([{ ...script, need }], { stripped: [{ ...dash, path }] })
    expect(message.includes('was left out')).toBe(expected)
  })

  it('has each need as a violation for scripts', () => {
    const { details } = notClosed([library], { stripped: [] })
    expect(details['violations']).toEqual([
      {
        ...library,
        path: '/usr/bin/a',
        text: `/usr/bin/a ${library.found}; the package zlib1g provides it`,
      },
    ])
    expect(details['holes']).toBe(details['violations'])
    expect(notClosed([script], { stripped: [dash] }).details['violations']).toMatchObject([
      { rule: 'missing-interpreter', leftOut: { package: 'dash', path: '/usr/bin/sh', rule: 'shell' } },
    ])
  })
})
