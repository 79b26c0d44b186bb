import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a name', settings: { User: 'app' } }],
  kept: [{ title: 'a number, with a name for the group', settings: { User: '65532:app' } }],
}
