import { describe, expect, it } from 'vitest'
import { priorityOf, type Repair, reasonOf } from './reason.ts'

const repair = (more: Partial<Repair> = {}): Repair => ({
  advisory: 'CVE-2026-1',
  package: 'libssl3t64',
  source: 'openssl',
  version: '3.5.1-1+deb13u2',
  severity: 'high',
  exploited: false,
  ...more,
})

describe('the reason of a rebuild', () => {
  it.each([
    [[repair()], 'rebuilt because openssl 3.5.1-1+deb13u2 fixes CVE-2026-1, high'],
    [
      [repair({ exploited: true }), repair({ exploited: true, package: 'openssl' })],
      'rebuilt because openssl 3.5.1-1+deb13u2 fixes CVE-2026-1, high, KEV',
    ],
    [
      [
        repair({ advisory: 'CVE-2026-3', severity: 'low' }),
        repair({ advisory: 'CVE-2026-2', severity: 'critical' }),
        repair({ advisory: 'CVE-2026-4', severity: 'medium', exploited: true }),
        repair(),
        repair({ advisory: 'CVE-2026-5', severity: 'negligible' }),
      ],
      'rebuilt because openssl 3.5.1-1+deb13u2 fixes CVE-2026-4, medium, KEV; openssl 3.5.1-1+deb13u2 fixes CVE-2026-2, critical; openssl 3.5.1-1+deb13u2 fixes CVE-2026-1, high; and 2 more',
    ],
    [
      [repair({ version: undefined, source: null })],
      'rebuilt because leaving libssl3t64 out removes CVE-2026-1, high',
    ],
  ])('names package, version and advisory, the worst first', (repairs, sentence) => {
    expect(reasonOf(repairs)).toBe(sentence)
  })

  it('puts what is exploited before what is severe', () => {
    const order = [
      [repair({ severity: 'low' })],
      [repair({ severity: 'critical' })],
      [repair({ severity: 'low', exploited: true })],
    ].map(priorityOf)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(new Set(order).size).toBe(3)
  })
})
