import type { Examples } from '../example.ts'
import { withLedger } from './not-compared.examples.ts'

const feeds = [{ id: 'debian', knows: 'repaired' }] as const

export const examples: Examples = {
  broken: [
    withLedger('repairs alone are known', { compared: true, feeds, reason: 'of it only repairs are known' }),
  ],
  kept: [withLedger('everything is known', { compared: true, feeds: [{ id: 'osv', knows: 'all' }] })],
}
