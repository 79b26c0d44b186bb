import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../model/advisory/ledger.ts'
import { component } from './fixtures/sample.ts'
import { ledgerNotes } from './ledger-notes.ts'

function entry(name: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return { component: component('npm', name, { version: '1' }), compared: false, feeds: [], ...more }
}

function messages(ledger: readonly LedgerEntry[]): readonly string[] {
  return ledgerNotes(ledger).map(({ message }) => message)
}

const reason = 'no feed covers npm'

describe('ledgerNotes', () => {
  it('says nothing when all was compared', () => {
    expect(ledgerNotes([entry('a', { compared: true }), entry('b', { compared: true })])).toEqual([])
    expect(ledgerNotes([])).toEqual([])
  })

  it('names up to five packages, in order, and counts the others', () => {
    const all = ['e', 'd', 'c', 'b', 'a', 'f', 'g'].map((name) => entry(name, { reason }))
    expect(messages(all.slice(0, 5))).toEqual([
      `5 packages were not compared (a 1, b 1, c 1, d 1, e 1): ${reason}.`,
    ])
    expect(messages(all)).toEqual([
      `7 packages were not compared (a 1, b 1, c 1, d 1, e 1 and 2 more): ${reason}.`,
    ])
  })

  it('counts a package in two places twice, and names it once', () => {
    expect(messages([entry('a', { reason }), entry('a', { reason })])).toEqual([
      `2 packages were not compared (a 1): ${reason}.`,
    ])
  })

  it('keeps apart what was compared in part, and reasons', () => {
    const half = 'records alone are known'
    expect(messages([entry('a', { reason }), entry('b', { compared: true, reason: half })])).toEqual([
      `1 package was not compared (a 1): ${reason}.`,
      `1 package was compared in part (b 1): ${half}.`,
    ])
  })

  it('names a package without a version by its name alone', () => {
    const bare = { ...entry('a', { reason }), component: component('npm', 'a', { version: '' }) }
    expect(messages([bare])).toEqual([`1 package was not compared (a): ${reason}.`])
  })

  it('tells fifty reasons, and no more', () => {
    const all = Array.from({ length: 60 }, (_, i) => entry('a', { reason: `reason ${i}` }))
    expect(messages(all)).toHaveLength(50)
  })
})
