import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'the group of root by number', settings: { User: '65532:0' } }],
  kept: [{ title: 'no group, so that of the account', settings: { User: '65532' } }],
}
