import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rootfs } from '../../../../model/tree/rootfs.ts'
import {
  apply,
  type Files,
  makePackage,
  symlink,
  type TestPackage,
  TestRoot,
} from '../../../debian/effects/fixtures/packages.ts'

const base = 'usr/lib/locale'
const all: TestPackage = {
  name: 'locales-all',
  files: {
    [`${base}/aa_DJ.utf8/LC_COLLATE`]: 'order of most',
    [`${base}/aa_DJ.utf8/LC_TIME`]: 'of aa_DJ',
    [`${base}/aa_ET/LC_TIME`]: 'of aa_ET',
    [`${base}/de_AT.utf8/LC_COLLATE`]: symlink('../aa_DJ.utf8/LC_COLLATE'),
    [`${base}/de_AT.utf8/LC_MESSAGES/SYS_LC_MESSAGES`]: 'ja nein',
    [`${base}/de_DE.utf8/LC_COLLATE`]: symlink('../aa_DJ.utf8/LC_COLLATE'),
    [`${base}/de_DE.utf8/LC_MESSAGES/SYS_LC_MESSAGES`]: symlink(
      '../../de_AT.utf8/LC_MESSAGES/SYS_LC_MESSAGES',
    ),
    [`${base}/de_DE.utf8/LC_TIME`]: 'of de_DE',
    [`${base}/de_DE/LC_TIME`]: 'of de_DE in Latin-1',
    [`${base}/de_DE@euro/LC_TIME`]: 'of de_DE with the euro sign',
  },
}
const libc: TestPackage = { name: 'libc-bin', files: { [`${base}/C.utf8/LC_CTYPE`]: 'of C' } }

const moves = (locales: readonly string[]) =>
  apply([all, libc], { locales }).changes.flatMap((change) =>
    change.kind === 'move' ? [`${change.from.slice(15)} → ${change.to.slice(15)}`] : [],
  )
const removed = (locales: readonly string[]) =>
  apply([all, libc], { locales }).changes.flatMap((change) =>
    change.kind === 'remove' && change.path.split('/').length === 4 ? [change.path.slice(15)] : [],
  )

describe('locales of the recipe', () => {
  it('have their files where other locales had them, and the others go', () => {
    expect(moves(['de_DE.UTF-8'])).toEqual([
      'aa_DJ.utf8/LC_COLLATE → de_DE.utf8/LC_COLLATE',
      'de_AT.utf8/LC_MESSAGES/SYS_LC_MESSAGES → de_DE.utf8/LC_MESSAGES/SYS_LC_MESSAGES',
    ])
    expect(removed(['de_DE.UTF-8'])).toEqual(['aa_DJ.utf8', 'aa_ET', 'de_AT.utf8', 'de_DE', 'de_DE@euro'])
  })

  it('share what is equal', () => {
    const { at } = apply([all, libc], { locales: ['de_DE.utf8', 'de_AT.UTF-8'] })
    expect(at(`${base}/de_DE.utf8/LC_COLLATE`)).toBe(`→ /${base}/de_AT.utf8/LC_COLLATE`)
    expect(moves(['de_DE.utf8', 'de_AT.UTF-8'])).toEqual(['aa_DJ.utf8/LC_COLLATE → de_AT.utf8/LC_COLLATE'])
  })

  it.each([
    ['de_DE', 'de_DE'],
    ['de_DE@euro', 'de_DE@euro'],
    ['aa_ET.UTF-8', 'aa_ET'],
    ['de_DE.utf-8', 'de_DE.utf8'],
  ])('%s is the folder %s', (name, folder) => {
    expect(removed([name])).not.toContain(folder)
    expect(removed([name])).toHaveLength(5)
  })

  it('that there are not are told, with those of the language', () => {
    expect(() => apply([all], { locales: ['de_XX.UTF-8'] })).toThrow(
      expect.objectContaining({ code: 'bad-recipe', hint: expect.stringContaining('de_DE.utf8') }),
    )
  })

  it('leave everything alone when there are none, or the C library has them', () => {
    for (const locales of [[], ['C.UTF-8']]) expect([moves(locales), removed(locales)]).toEqual([[], []])
  })
})

describe('whatever links there are', () => {
  const names = ['aa_DJ', 'de_AT', 'de_DE', 'fr_FR'] as const
  const file = fc.option(fc.constantFrom(...names), { nil: 'own' })
  const locale = fc.record({ LC_TIME: file, LC_CTYPE: file })
  const universe = fc.record({ aa_DJ: locale, de_AT: locale, de_DE: locale, fr_FR: locale })
  const wanted = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 })

  const own = { LC_TIME: 'own', LC_CTYPE: 'own' } as const
  const throughAnother = {
    aa_DJ: own,
    de_AT: { LC_TIME: 'aa_DJ', LC_CTYPE: 'own' },
    de_DE: own,
    fr_FR: { LC_TIME: 'de_AT', LC_CTYPE: 'own' },
  } as const

  const emptied = {
    aa_DJ: own,
    de_AT: { LC_TIME: 'own', LC_CTYPE: 'aa_DJ' },
    de_DE: { LC_TIME: 'aa_DJ', LC_CTYPE: 'own' },
    fr_FR: own,
  } as const

  it('a locale that is kept has the content that it had, and nothing else is there', () => {
    fc.assert(
      fc.property(universe, wanted, (made, kept) => {
        const files: Record<string, Files[string]> = {}
        for (const [name, each] of Object.entries(made))
          for (const [part, to] of Object.entries(each))
            files[`${base}/${name}.utf8/${part}`] =
              to === 'own' ? `${name} ${part}` : symlink(`../${to}.utf8/${part}`)
        const packages = [{ name: 'locales-all', files }]
        const root = new Rootfs()
        for (const node of new TestRoot(packages.map(makePackage)).nodes()) root.put(node)
        const sourceOf = (path: string) => {
          const origin = root.resolve(path)?.origin
          return origin?.kind === 'package' ? origin.path : origin
        }
        const parts = kept.flatMap((name) =>
          ['LC_TIME', 'LC_CTYPE'].map((part) => `${base}/${name}.utf8/${part}`),
        )
        const before = parts.map(sourceOf)
        const { changes } = apply(packages, { locales: kept.map((name) => `${name}.UTF-8`) })
        for (const change of changes) root.apply(change, { kind: 'effect', effect: 'test' })
        expect(parts.map(sourceOf)).toEqual(before)
        expect(root.list(base)).toEqual(kept.map((name) => `${name}.utf8`).sort())
      }),
      {
        examples: [
          [throughAnother, ['aa_DJ', 'fr_FR']],
          [emptied, ['de_AT', 'de_DE']],
        ],
      },
    )
  })
})
