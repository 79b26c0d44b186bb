import { expect, test } from 'vitest'
import { openDistro } from '../../distro/open.ts'
import { samplePackage } from '../../sbom/fixtures/sample.ts'
import { packageRelations } from './package-relations.ts'

const distro = await openDistro('debian-13', {})
type Control = Readonly<Record<string, string>>

function relations(controls: Readonly<Record<string, Control>>): Record<string, readonly string[]> {
  const packages = Object.entries(controls).map(([name, control]) =>
    samplePackage(name, { content: { own: { control } } }),
  )
  return Object.fromEntries(packageRelations(packages, { architecture: 'amd64', distro }))
}

test('what is needed, before and after unpacking, sorted and once', () => {
  expect(relations({ a: { Depends: 'c, b (>= 1)', 'Pre-Depends': 'c' }, b: {}, c: {} })['a']).toEqual([
    'b',
    'c',
  ])
})

test('every alternative that is there, none that is not', () => {
  expect(relations({ a: { Depends: 'b | c | d' }, b: {}, c: {} })['a']).toEqual(['b', 'c'])
})

test('versions and virtual packages count', () => {
  const needs = relations({
    a: { Depends: 'b (>= 9), mail-agent, java (>= 5)' },
    b: {},
    postfix: { Provides: 'mail-agent' },
    jre: { Provides: 'java (= 8)' },
    old: { Provides: 'java (= 4)' },
  })
  expect(needs['a']).toEqual(['jre', 'postfix'])
})

test('never the package itself', () => {
  expect(relations({ a: { Depends: 'x', Provides: 'x' } })['a']).toEqual([])
})
