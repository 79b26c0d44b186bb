import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a relative one', settings: { WorkingDir: 'home/app' } }],
  kept: [{ title: 'the root', settings: { WorkingDir: '/' } }],
}
