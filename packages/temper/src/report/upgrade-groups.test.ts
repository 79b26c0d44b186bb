import { describe, expect, it } from 'vitest'
import type { Finding, Upgrade } from '../model/advisory/finding.ts'
import { sampleComponent, sampleFinding } from './fixtures/sample.ts'
import { byUrgency, distinct, upgradePlan } from './upgrade-groups.ts'

const level = (value: number) => ({ level: 'high', value, why: 'x' }) as const

describe('urgency', () => {
  const order: readonly Finding[] = [
    sampleFinding({ id: 'C', exploited: { added: '2024-01-01' }, priority: level(90), severity: 'low' }),
    sampleFinding({ id: 'Z', exploited: { added: '2024-01-01' }, priority: level(10), severity: 'critical' }),
    sampleFinding({ id: 'D', priority: level(80), severity: 'low' }),
    sampleFinding({ id: 'E', priority: level(70), severity: 'critical' }),
    sampleFinding({ id: 'A', priority: level(70), severity: 'high' }),
    sampleFinding({ id: 'a', priority: level(70), severity: 'high' }),
    sampleFinding({ id: 'ä', priority: level(70), severity: 'high' }),
    sampleFinding({ id: 'B', priority: level(70), severity: 'unknown' }),
  ]

  it('is known exploitation, then priority, then severity, then the id by its characters', () => {
    const ids = (all: readonly Finding[]) => all.map(({ id }) => id)
    expect(ids(order.toReversed().toSorted(byUrgency))).toEqual(ids(order))
    expect(ids(order.toSorted(byUrgency))).toEqual(ids(order))
  })

  it('is the same both ways round', () => {
    for (const [index, a] of order.entries())
      for (const [other, b] of order.entries())
        expect(Math.sign(byUrgency(a, b))).toBe(Math.sign(index - other))
  })
})

describe('the plan', () => {
  const upgrade = (name: string, over: Partial<Upgrade> = {}): Upgrade => ({
    name,
    type: 'deb',
    from: '1',
    to: '2',
    removes: [`CVE-${name}`],
    ...over,
  })
  const finding = (name: string, over: Partial<Finding> = {}) =>
    sampleFinding({
      id: `CVE-${name}`,
      component: sampleComponent({ name, version: '1', source: { name, version: '1' } }),
      ...over,
    })
  const namesOf = (groups: readonly { readonly upgrade: Upgrade }[]) =>
    groups.map((each) => each.upgrade.name)

  it('has the group of the most urgent finding first, then the larger, then the first by name', () => {
    const findings = [
      finding('late', { priority: level(10) }),
      finding('b'),
      finding('a'),
      finding('many'),
      finding('many', { id: 'CVE-more' }),
      finding('first', { priority: level(99) }),
    ]
    const upgrades = [
      ...['late', 'b', 'a', 'first'].map((name) => upgrade(name)),
      upgrade('many', { removes: ['CVE-many', 'CVE-more'] }),
    ]
    expect(namesOf(upgradePlan({ findings, upgrades }).fixable)).toEqual(['first', 'many', 'a', 'b', 'late'])
    const reversed = { findings: findings.toReversed(), upgrades: upgrades.toReversed() }
    expect(namesOf(upgradePlan(reversed).fixable)).toEqual(['first', 'many', 'a', 'b', 'late'])
  })

  it('puts findings within a group in the order of urgency', () => {
    const findings = [
      finding('a', { id: 'CVE-3', priority: level(1) }),
      finding('a', { id: 'CVE-2' }),
      finding('a', { id: 'CVE-1', exploited: { added: '2024-01-01' } }),
    ]
    const { fixable } = upgradePlan({
      findings,
      upgrades: [upgrade('a', { removes: ['CVE-1', 'CVE-2', 'CVE-3'] })],
    })
    expect(fixable[0]?.findings.map(({ id }) => id)).toEqual(['CVE-1', 'CVE-2', 'CVE-3'])
  })

  it('keeps apart what waits in different versions and kinds of one name', () => {
    const versioned = (version: string, type: 'deb' | 'npm' = 'deb') =>
      finding('a', {
        component: { ...sampleComponent({ name: 'a', version, type }), source: { name: 'a', version } },
      })
    const { fixable, waiting } = upgradePlan({
      findings: [versioned('1'), versioned('2'), versioned('1', 'npm'), versioned('1')],
      upgrades: [],
    })
    expect(fixable).toEqual([])
    expect(waiting.map(({ upgrade: { type, from }, findings }) => [type, from, findings.length])).toEqual([
      ['deb', '1', 2],
      ['deb', '2', 1],
      ['npm', '1', 1],
    ])
  })

  it('lets what nothing repairs wait with the upgrade that says so', () => {
    const { to: _to, ...open } = upgrade('a')
    const { fixable, waiting } = upgradePlan({ findings: [finding('a')], upgrades: [open] })
    expect(fixable).toEqual([])
    expect(waiting).toEqual([{ upgrade: open, findings: [finding('a')] }])
  })
})

describe('distinct', () => {
  it('keeps the first of each id, in their order', () => {
    const findings = ['B', 'A', 'B', 'C', 'A'].map((id, score) => sampleFinding({ id, score }))
    expect(distinct(findings).map(({ id, score }) => [id, score])).toEqual([
      ['B', 0],
      ['A', 1],
      ['C', 3],
    ])
    expect(distinct([])).toEqual([])
  })
})
