import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../model/advisory/finding.ts'
import type { Component } from '../../model/inventory.ts'
import { component } from './fixtures/sample.ts'
import { planUpgrades } from './upgrade.ts'

function finding(id: string, about: Component, fixedVersions: readonly string[]): Finding {
  return {
    id,
    aliases: [],
    component: about,
    fixedVersions,
    severity: 'unknown',
    severitySource: '',
    priority: { level: 'low', value: 0, why: '' },
    status: 'affected',
    reason: '',
    feeds: [],
    references: [],
  }
}

const source = { name: 'openssl', version: '3.0.11-1' }
const libssl3 = component('deb', 'libssl3', { version: '3.0.11-1+b1', source })
const openssl = component('deb', 'openssl', { version: '3.0.11-1', source })
const django = component('pypi', 'django', { version: '3.2.1' })

function byNumbers([a, b]: readonly number[], [c, d]: readonly number[]): number {
  return (a ?? 0) - (c ?? 0) || (b ?? 0) - (d ?? 0)
}

/** Each version of two numbers, from the lowest on, is looked for in each list: fixed there, above all, or of the lower branch. */
function lowestByTrying(lists: readonly (readonly string[])[]): string | undefined {
  const numbers = (text: string) => text.split('.').map(Number)
  const order = (a: string, b: string) => byNumbers(numbers(a), numbers(b))
  return lists
    .flat()
    .sort(order)
    .find((text) =>
      lists.every((list) => {
        const next = list.find((fix) => order(fix, text) > 0)
        if (next === undefined || list.includes(text)) return true
        const below = list[list.indexOf(next) - 1]
        const branch = (fix: string) => fix.split('.')[0] === text.split('.')[0]
        return below !== undefined && branch(below) && !branch(next)
      }),
    )
}

describe('planUpgrades', () => {
  it('groups binaries by source and names the lowest version that removes all', () => {
    const plan = planUpgrades([
      finding('CVE-2024-0001', libssl3, ['3.0.9-1']),
      finding('CVE-2024-0001', openssl, ['3.0.9-1']),
      finding('CVE-2024-0002', openssl, ['3.0.13-1']),
      finding('CVE-2024-0003', openssl, []),
    ])
    expect(plan).toEqual([
      {
        name: 'openssl',
        type: 'deb',
        from: '3.0.11-1',
        to: '3.0.13-1',
        removes: ['CVE-2024-0001', 'CVE-2024-0002'],
      },
      { name: 'openssl', type: 'deb', from: '3.0.11-1', removes: ['CVE-2024-0003'] },
    ])
  })

  it('names the version of the source for a rebuilt binary', () => {
    const shadow = component('deb', 'login', {
      version: '1:4.13-1+b1',
      source: { name: 'shadow', version: '' },
    })
    expect(planUpgrades([finding('CVE-1', shadow, ['1:4.13-2'])])[0]?.from).toBe('1:4.13-1')
  })

  it('stays in the branch when that removes all', () => {
    const plan = planUpgrades([
      finding('A', django, ['3.2.13', '4.0.4']),
      finding('B', django, ['3.2.9', '4.0.1']),
    ])
    expect(plan[0]?.to).toBe('3.2.13')
  })

  it('leaves the branch when it has to, past the fix of the next one', () => {
    const plan = planUpgrades([finding('A', django, ['3.2.13', '4.0.4']), finding('B', django, ['4.0.3'])])
    expect(plan[0]?.to).toBe('4.0.4')
  })

  it('puts the upgrade that removes most first, and what has none last', () => {
    const rack = component('gem', 'rack', { version: '1' })
    const plan = planUpgrades([
      finding('A', rack, []),
      finding('B', rack, []),
      finding('C', django, ['4']),
      finding('D', openssl, ['4']),
      finding('E', openssl, ['4']),
    ])
    expect(plan.map(({ name }) => name)).toEqual(['openssl', 'django', 'rack'])
  })

  it('puts equal ones in order of name, then of version', () => {
    const at = (name: string, version: string) => component('pypi', name, { version })
    const all = [at('b', '1'), at('a', '2'), at('c', '1'), at('a', '1')]
    for (const order of [all, all.toReversed()]) {
      const plan = planUpgrades(order.map((each, i) => finding(`X-${i}`, each, ['9'])))
      expect(plan.map(({ name, from }) => `${name} ${from}`)).toEqual(['a 1', 'a 2', 'b 1', 'c 1'])
    }
  })

  it('puts what can be upgraded first, though it removes less', () => {
    const rack = component('gem', 'rack', { version: '1' })
    const findings = [finding('A', rack, []), finding('B', rack, []), finding('C', django, ['4'])]
    for (const order of [findings, findings.toReversed()]) {
      const plan = planUpgrades(order)
      expect(plan.map(({ name, to }) => [name, to])).toEqual([
        ['django', '4'],
        ['rack', undefined],
      ])
      expect(plan[1]).not.toHaveProperty('to')
    }
  })

  it('names what it removes once each, in order', () => {
    const plan = planUpgrades(['B', 'A', 'B'].map((id) => finding(id, django, ['4'])))
    expect(plan).toMatchObject([{ removes: ['A', 'B'] }])
  })

  it('costs no more for each of many findings of one package', () => {
    // With a look at all findings for each version this takes minutes.
    const many = Array.from({ length: 20_000 }, (_, i) => finding(`X-${i}`, django, [`4.${i}`]))
    for (const order of [many, many.toReversed()]) expect(planUpgrades(order)[0]?.to).toBe('4.19999')
  })

  it('names the lowest version that repairs all, as trying each of them does', () => {
    const version = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }))
    const fixes = fc.uniqueArray(version, { minLength: 1, maxLength: 4, selector: (each) => each.join('.') })
    fc.assert(
      fc.property(fc.array(fixes, { minLength: 1, maxLength: 6 }), (lists) => {
        const sorted = lists.map((list) => list.toSorted(byNumbers).map((each) => each.join('.')))
        const plan = planUpgrades(sorted.map((list, i) => finding(`X-${i}`, django, list)))
        expect(plan[0]?.to).toBe(lowestByTrying(sorted))
      }),
    )
  })

  it('takes "+b1" for a rebuild in Debian alone, and only at the end', () => {
    const from = (type: Component['type'], version: string) =>
      planUpgrades([finding('A', component(type, 'a', { version }), ['9'])])[0]?.from
    expect(from('deb', '1-1+b12')).toBe('1-1')
    expect(from('deb', '1-1+b1+x')).toBe('1-1+b1+x')
    expect(from('npm', '1.0.0+b1')).toBe('1.0.0+b1')
  })

  it.each<[string, readonly (readonly string[])[], string | undefined]>([
    ['the highest of several lowest ones', [['2.0'], ['3.0'], ['1.0']], '3.0'],
    [
      'the lowest that is above all',
      [
        ['2.0', '5.0'],
        ['3.0', '4.0'],
      ],
      '5.0',
    ],
    [
      'the lowest in the branch of both',
      [
        ['2.0', '3.0'],
        ['2.1', '3.0'],
      ],
      '2.1',
    ],
    [
      'in the lower branch of each',
      [
        ['3.2.13', '4.0.4'],
        ['3.2.15', '4.0.1'],
      ],
      '3.2.15',
    ],
    ['past the highest, when in no branch', [['1.0', '2.0.5'], ['2.0.1']], '2.0.5'],
    ['in the branch, where it begins alike more', [['1.4.2', '1.6.0'], ['1.4.9']], '1.4.9'],
    ['not in a branch that begins alike in both', [['1.4.2', '1.6.0'], ['1.5.0']], '1.6.0'],
    ['the highest, sorted by version and not as written', [['10.0', '9.0'], ['9.5']], '10.0'],
  ])('to is %s', (_, fixes, to) => {
    const plan = planUpgrades(fixes.map((each, i) => finding(`X-${i}`, django, each)))
    expect(plan[0]?.to).toBe(to)
  })

  it('plans nothing without findings', () => {
    expect(planUpgrades([])).toEqual([])
  })
})
