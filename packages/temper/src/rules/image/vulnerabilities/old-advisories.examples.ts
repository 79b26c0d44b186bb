import type { Example, Examples } from '../example.ts'

const asOf = (title: string, day: string): Example => ({
  title,
  known: ({ scan }) => ({ scan: { ...scan, asOf: day } }),
})

export const examples: Examples = {
  broken: [asOf('of last month', '2026-05-01')],
  kept: [asOf('of a week ago', '2026-05-26')],
}
