import { describe, expect, test } from 'vitest'
import type { FoundFact } from '../cataloguer.ts'
import { settleClaims } from './claims.ts'
import type { LanguageFact } from './fact.ts'

const rules = { installsInto: ['node_modules'], normalName: (name: string) => name.toLowerCase() }

function fact(
  kind: LanguageFact['kind'],
  path: string,
  names: readonly string[],
  more: Partial<LanguageFact> = {},
): FoundFact<LanguageFact> {
  const packages = names.map((name) => ({ name, version: '1' }))
  return { location: { path }, fact: { kind, packages, ...more } }
}

const settled = (...facts: FoundFact<LanguageFact>[]) => {
  const { counted, overruled } = settleClaims(facts, rules)
  return {
    counted: counted.map(({ location }) => location.path),
    overruled: overruled.map(({ lock, why }) => `${lock.location.path}: ${why}`),
  }
}

const beside = 'node_modules beside it says what is installed'
const elsewhere = 'most of what it names is installed elsewhere, and that counts'

describe('which locks count', () => {
  test.each<[string, FoundFact<LanguageFact>[], string[], string[]]>([
    ['one of which nothing is installed', [fact('lock', 'app/lock', ['a', 'b'])], ['app/lock'], []],
    [
      'not one beside the folder that its tool installs into',
      [fact('installed', 'app/node_modules/x/package.json', ['x']), fact('lock', 'app/lock', ['a', 'b'])],
      ['app/node_modules/x/package.json'],
      [`app/lock: ${beside}`],
    ],
    [
      'one beside a folder of that name in which nothing is installed',
      [fact('installed', 'node_modules', ['x']), fact('lock', 'lock', ['a', 'b'])],
      ['node_modules', 'lock'],
      [],
    ],
    [
      'one of another folder',
      [fact('installed', 'other/node_modules/x/package.json', ['x']), fact('lock', 'app/lock', ['a', 'b'])],
      ['other/node_modules/x/package.json', 'app/lock'],
      [],
    ],
    [
      'one of which just half is installed',
      [fact('installed', 'usr/a', ['a']), fact('lock', 'app/lock', ['a', 'b'])],
      ['usr/a', 'app/lock'],
      [],
    ],
    [
      'not one of which more than half is installed, in whatever version and spelling',
      [fact('installed', 'usr/a', ['A', 'b']), fact('lock', 'app/lock', ['a', 'B', 'c'])],
      ['usr/a'],
      [`app/lock: ${elsewhere}`],
    ],
    [
      'names that it repeats, once',
      [fact('installed', 'usr/a', ['a']), fact('lock', 'app/lock', ['a', 'a', 'b', 'c'])],
      ['usr/a', 'app/lock'],
      [],
    ],
    ['an empty one', [fact('lock', 'app/lock', [])], ['app/lock'], []],
  ])('%s', (_, facts, counted, overruled) => {
    expect(settled(...facts)).toEqual({ counted, overruled })
  })

  test('what could not be read is told, and what says of no packages says nothing', () => {
    const notes = [{ code: 'unreadable-archive', message: 'x' }]
    expect(
      settled(
        fact('installed', 'a.jar', [], { notes }),
        fact('installed', 'b.jar', []),
        fact('files', 'c/RECORD', []),
        fact('wants', 'd/package.json', []),
      ),
    ).toEqual({ counted: ['a.jar'], overruled: [] })
  })
})
