import { describe, expect, it } from 'vitest'
import type { Finding } from '../../model/advisory/finding.ts'
import type { Component } from '../../model/inventory.ts'
import { component } from './sample.ts'
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

  it('plans nothing without findings', () => {
    expect(planUpgrades([])).toEqual([])
  })
})
