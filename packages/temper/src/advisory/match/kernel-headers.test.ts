import { expect, it } from 'vitest'
import type { Component } from '../../model/inventory.ts'
import { component, findingsIn, inventory, record, sampleIndex } from './fixtures/sample.ts'
import { setHeadersAside } from './kernel-headers.ts'

const events = [{ introduced: '0' }]
const index = sampleIndex({
  osv: ['Debian:12', 'Alpine:v3.20', 'AlmaLinux:9'].flatMap((ecosystem, i) =>
    [
      ...['linux', 'linux-headers', 'kernel', 'kernel-headers', 'kernel-core', 'openssl'],
      ...['openssl-linux', 'linuxfoo'],
    ].map((name, j) => record(`CVE-2024-${1000 + 10 * i + j}`, { in: ecosystem, name, events })),
  ),
})
const distributions = {
  deb: { id: 'debian', version: '12' },
  apk: { id: 'alpine', version: '3.20.3' },
  rpm: { id: 'almalinux', version: '9.4' },
}

function told(type: keyof typeof distributions, name: string, source?: string) {
  const made: Component = component(type, name, {
    version: type === 'apk' ? '6.1-r1' : '6.1-1',
    ...(source === undefined ? {} : { source: { name: source, version: '6.1-1' } }),
  })
  const { findings, suppressed } = setHeadersAside(findingsIn(inventory([made], distributions[type]), index))
  return { findings: findings.length, suppressed: suppressed.length, first: suppressed[0] }
}

it.each([
  ['deb', 'linux-libc-dev', 'linux'],
  ['deb', 'linux-headers-6.1.0-28-amd64', 'linux'],
  ['deb', 'linux-hwe-6.5-headers-6.5.0-14', 'linux'],
  ['apk', 'linux-headers', undefined],
  ['rpm', 'kernel-headers', 'kernel-headers'],
] as const)('%s %s of %s is set aside, visibly', (type, name, source) => {
  const { findings, suppressed, first } = told(type, name, source)
  expect([findings, suppressed > 0]).toEqual([0, true])
  expect(first).toMatchObject({
    status: 'not_affected',
    justification: 'vulnerable_code_not_present',
    suppressedBy: { kind: 'rule', source: 'built in: kernel headers' },
  })
})

it.each([
  ['deb', 'linux-image-amd64', 'linux'],
  ['deb', 'linux-libc-dev', 'openssl'],
  ['deb', 'linux-libc-dev', 'openssl-linux'],
  ['deb', 'linux-libc-dev', 'linuxfoo'],
  ['rpm', 'kernel-core', 'kernel'],
] as const)('%s %s of %s counts', (type, name, source) => {
  const { findings, suppressed } = told(type, name, source)
  expect([findings > 0, suppressed]).toEqual([true, 0])
})

it('packages of languages are never headers', () => {
  const findings = findingsIn(
    inventory([component('npm', 'linux-headers', { version: '1.0.0' })]),
    sampleIndex({ osv: [record('GHSA-1', { in: 'npm', name: 'linux-headers' })] }),
  )
  expect(setHeadersAside(findings)).toEqual({ findings, suppressed: [] })
})
