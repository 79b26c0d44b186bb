import type { LedgerEntry } from '../../../model/advisory/ledger.ts'
import type { Example, Examples } from '../example.ts'
import { sampleLibrary } from './sample-finding.ts'

/** An image of one package, of which the ledger says this. */
export const withLedger = (title: string, entry: Omit<LedgerEntry, 'component'>): Example => ({
  title,
  known: ({ scan }) => ({ scan: { ...scan, ledger: [{ component: sampleLibrary, ...entry }] } }),
})

export const examples: Examples = {
  broken: [
    withLedger('no feed of the ecosystem', { compared: false, feeds: [], reason: 'no feed knows npm' }),
    withLedger('single records, and no list', {
      ...{
        compared: true,
        feeds: [{ id: 'osv', knows: 'records' }],
        reason: 'of it there are single records',
      },
    }),
  ],
  kept: [withLedger('compared', { compared: true, feeds: [{ id: 'osv', knows: 'all' }] })],
}
