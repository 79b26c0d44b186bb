import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'root by number', settings: { User: '0:0' } }],
  kept: [{ title: 'a user without a group', settings: { User: '65532' } }],
}
