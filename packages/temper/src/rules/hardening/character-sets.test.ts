import { describe, expect, it } from 'vitest'
import type { ElfFacts } from '../../model/package/package-content.ts'
import { buildRoot, type FixtureNode } from '../../model/tree/fixtures/fixture-root.ts'
import { unusedCharacterSets } from './character-sets.ts'

const sets = 'usr/lib/x86_64-linux-gnu/gconv'
const plain: ElfFacts = {
  machine: 62,
  bits: 64,
  kind: 'shared',
  needed: [],
  runpath: [],
  rpath: [],
  versionNeeds: {},
  versionDefinitions: [],
}
const converting = (soname?: string): FixtureNode => ({
  elf: { ...plain, convertsText: true, ...(soname === undefined ? {} : { soname }) },
})

function left(more: Readonly<Record<string, FixtureNode>>, locales: readonly string[] = []) {
  const root = buildRoot({
    [`${sets}/EUC-JP.so`]: {},
    [`${sets}/gconv-modules.d/extra.conf`]: {},
    'usr/bin/app': { elf: plain },
    ...more,
  })
  const unused = unusedCharacterSets(root, locales)
  return unused && [...root.nodes()].filter((node) => unused(node)).map(({ path }) => path)
}

describe('conversions between character sets', () => {
  it('are of no use when nothing asks for one', () => {
    const all = [`${sets}/EUC-JP.so`, `${sets}/gconv-modules.d/extra.conf`]
    expect(left({})).toEqual(all)
    expect(left({}, ['de_DE.UTF-8', 'ca_ES.utf8@valencia', 'C'])).toEqual(all)
  })

  it('are not needed by those who only offer to convert', () => {
    expect(
      left({ 'usr/lib/x': converting('libc.so.6'), 'usr/lib/y': converting('libstdc++.so.6') }),
    ).toBeDefined()
  })

  it.each<[string, Readonly<Record<string, FixtureNode>>, readonly string[]]>([
    ['a library converts', { 'usr/lib/libxml2.so': converting('libxml2.so.2') }, []],
    ['a program converts', { 'usr/bin/git': converting() }, []],
    ['a locale has another character set', {}, ['ja_JP.EUC-JP']],
    ['a locale does not say which it has', {}, ['de_DE']],
  ])('stay when %s', (_, more, locales) => {
    expect(left(more, locales)).toBeUndefined()
  })

  it('are not looked for where there are none', () => {
    expect(unusedCharacterSets(buildRoot({ 'usr/bin/app': { elf: plain } }))).toBeUndefined()
  })
})
